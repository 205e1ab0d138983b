//! Files that change while they are uploaded.

use crate::azure::{Azure, MIB, count, hashed, noise, send, write, writes};
use berth_upload::{Kind, ListError, Listing, UploadError};
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

/// Changes a file and keeps its time.
fn keep_time(at: &Path, change: impl FnOnce(&mut File)) {
    let modified = std::fs::metadata(at).unwrap().modified().unwrap();
    let mut file = OpenOptions::new().write(true).open(at).unwrap();
    change(&mut file);
    file.set_modified(modified).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_changed_since_it_was_hashed_is_named_and_not_stored() {
    let azure = Azure::start().await;
    let content = noise(9 * MIB);
    type Change = (&'static str, fn(&mut File));
    let changes: [Change; 4] = [
        ("grew", |file| file.set_len(10 << 20).unwrap()),
        ("shrank", |file| file.set_len(8 << 20).unwrap()),
        ("has other bytes", |file| file.write_all(b"other").unwrap()),
        ("is empty", |file| file.set_len(0).unwrap()),
    ];
    for (how, change) in changes {
        for size in [9 * MIB, 100] {
            let folder = tempfile::tempdir().unwrap();
            write(folder.path(), &[("model.bin", &content[..size])]);
            let hashed = hashed(folder.path(), Kind::Code).await;
            let container = azure.container().await;
            keep_time(&folder.path().join("model.bin"), change);
            let mut requests = azure.sandbox.requests();
            let error = send(&hashed, &container).await.unwrap_err();
            let named =
                matches!(&error, UploadError::File(ListError::Changed { path }) if path == "model.bin");
            assert!(named, "{how}: {error:?}");
            let sent = writes(&mut requests);
            assert_eq!(
                count(&sent, "blocklist") + count(&sent, "blob") + count(&sent, "metadata"),
                0,
                "{how}"
            );
        }
    }
}

#[tokio::test]
async fn a_file_that_changed_since_it_was_listed_is_named() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("a", b"1"), ("b", b"2")]);
    let listing = Listing::of(folder.path(), Kind::Code).await.unwrap();
    write(folder.path(), &[("b", b"longer")]);
    let error = listing.hashed(&|_| {}).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "b has changed; wait until nothing writes to it, and try again"
    );
    let listing = Listing::of(folder.path(), Kind::Code).await.unwrap();
    std::fs::remove_file(folder.path().join("a")).unwrap();
    let error = listing.hashed(&|_| {}).await.unwrap_err();
    assert!(matches!(error, ListError::Changed { .. }), "{error}");
}
