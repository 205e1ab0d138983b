//! An upload that was interrupted goes on where it ended.

use crate::azure::{Azure, MIB, count, hashed, mark, noise, send, write, writes};
use berth_upload::{Kind, Outcome, upload};
use serde_json::json;
use tokio::sync::watch;

#[tokio::test(flavor = "multi_thread")]
async fn blocks_that_arrived_are_not_sent_again() {
    let azure = Azure::start().await;
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("a.bin", &noise(62 * MIB))]);
    let content = hashed(folder.path(), Kind::Code).await;
    let container = azure.container().await;
    let mut requests = azure.sandbox.requests();
    let (tell, mut told) = watch::channel(0);
    {
        let mark = mark();
        let watch = move |progress: berth_upload::Progress| {
            tell.send_replace(progress.bytes_done);
        };
        let sending = upload(&content, &container, &mark, &watch);
        let enough = told.wait_for(|bytes| *bytes >= 16 * MIB as u64);
        tokio::select! {
            done = sending => panic!("it was not interrupted: {done:?}"),
            enough = enough => drop(enough.unwrap()),
        }
    }
    let before = count(&writes(&mut requests), "block");
    assert!((4..16).contains(&before), "{before}");
    assert_eq!(send(&content, &container).await.unwrap(), Outcome::Uploaded);
    let sent = writes(&mut requests);
    // Those that were on their way may have arrived or not.
    assert!(count(&sent, "block") <= 16 - 4, "{sent:?}");
    assert_eq!(count(&sent, "blocklist"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_arrived_are_accepted_if_they_are_the_same() {
    let azure = Azure::start().await;
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        &[("a", b"1"), ("b.bin", &noise(5 * MIB)), ("c", b"3")],
    );
    let content = hashed(folder.path(), Kind::Code).await;
    let container = azure.container().await;
    azure.fault(crate::azure::refusal("PUT", "comp=metadata", 404, "BlobNotFound"));
    send(&content, &container).await.unwrap_err();
    azure.sandbox.clear_faults();
    let mut requests = azure.sandbox.requests();
    assert_eq!(send(&content, &container).await.unwrap(), Outcome::Uploaded);
    let sent = writes(&mut requests);
    assert_eq!(
        (count(&sent, "block"), count(&sent, "metadata")),
        (0, 1),
        "{sent:?}"
    );
    assert_eq!(send(&content, &container).await.unwrap(), Outcome::AlreadyThere);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_and_a_busy_account_are_survived() {
    let azure = Azure::start().await;
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("a", b"1"), ("b.bin", &noise(9 * MIB))]);
    let content = hashed(folder.path(), Kind::Code).await;
    let container = azure.container().await;
    for (method, path) in [("PUT", "/a?"), ("PUT", "comp=block&"), ("PUT", "comp=blocklist")] {
        azure.fault(json!({ "match": { "method": method, "path": path }, "do": { "lose_answer": true } }));
    }
    azure.fault(json!({ "match": { "method": "PUT", "path": "comp=metadata" }, "do": { "status": 503 } }));
    assert_eq!(send(&content, &container).await.unwrap(), Outcome::Uploaded);
}
