//! What is listed, and what is refused before anything is sent.

use crate::azure::write;
use berth_upload::{Kind, ListError, Listing};
use std::path::Path;

async fn list(path: &Path) -> Result<Listing, ListError> {
    Listing::of(path, Kind::Code).await
}

fn paths(listing: &Listing) -> Vec<&str> {
    listing.files().map(|file| file.path.as_str()).collect()
}

#[tokio::test]
async fn files_are_listed_as_azure_ai_ml_does() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        &[
            (".amlignore", b"*.pyc\nbuild/\n"),
            (".gitignore", b"*\n"),
            ("score.py", b"x"),
            ("a.pyc", b""),
            ("lib/.hidden", b""),
            ("lib/.amlignore", b"*\n"),
            ("build/out.o", b"1"),
            ("build/deep/out.o", b"1"),
            ("ünï/コード.py", b"12"),
        ],
    );
    let listing = list(folder.path()).await.unwrap();
    assert_eq!(
        paths(&listing),
        [
            ".amlignore",
            ".gitignore",
            "lib/.amlignore",
            "lib/.hidden",
            "score.py",
            "ünï/コード.py"
        ]
    );
    let mut ignored = listing.ignored().to_vec();
    ignored.sort();
    assert_eq!(ignored, ["a.pyc", "build"]);
    assert_eq!(listing.problems(Some("score.py")), []);
    let texts = |script: &str| listing.problems(Some(script))[0].to_string();
    assert_eq!(texts("build/out.o"), "build/out.o is ignored by .amlignore");
    assert_eq!(texts("./a.pyc"), "a.pyc is ignored by .amlignore");
    assert_eq!(texts("build/none"), "build/none is not in the folder");
}

#[tokio::test]
async fn an_empty_folder_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    let listing = list(folder.path()).await.unwrap();
    assert_eq!(listing.problems(None).len(), 1);
    assert_eq!((listing.files().count(), listing.bytes()), (0, 0));
}

#[tokio::test]
async fn what_cannot_be_listed_says_what_and_where() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("a.py", b"x")]);
    let missing = list(&folder.path().join("none")).await.unwrap_err();
    assert!(missing.to_string().ends_with("none does not exist"), "{missing}");
    let file = list(&folder.path().join("a.py")).await.unwrap_err();
    assert!(
        file.to_string().ends_with("a.py is a file; choose its folder"),
        "{file}"
    );
    let model = Listing::of(&folder.path().join("a.py"), Kind::Model)
        .await
        .unwrap();
    assert_eq!(paths(&model), ["a.py"]);
    write(folder.path(), &[(".amlignore", b"\xff\n")]);
    let unreadable = list(folder.path()).await.unwrap_err();
    assert_eq!(unreadable.to_string(), ".amlignore cannot be read: invalid data");
}

#[tokio::test]
async fn a_large_file_is_refused_in_code_and_taken_as_a_model() {
    let folder = tempfile::tempdir().unwrap();
    let file = std::fs::File::create(folder.path().join("weights.bin")).unwrap();
    file.set_len(2 << 30).unwrap();
    let error = list(folder.path()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "weights.bin has 2147483648 bytes; a file can have at most 1073741824"
    );
    let model = Listing::of(folder.path(), Kind::Model).await.unwrap();
    assert_eq!(model.bytes(), 2 << 30);
    file.set_len(250 << 30).unwrap();
    let error = Listing::of(folder.path(), Kind::Model).await.unwrap_err();
    assert!(matches!(error, ListError::TooLarge { .. }), "{error}");
}

#[cfg(unix)]
mod links {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    fn pipe(at: &Path) {
        let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
        rustix::fs::mknodat(rustix::fs::CWD, at, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    }

    #[tokio::test]
    async fn links_are_followed_but_not_in_circles() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        write(folder.path(), &[("src/a.py", b"x")]);
        write(other.path(), &[("shared/b.py", b"yy")]);
        symlink(folder.path(), folder.path().join("src/up")).unwrap();
        symlink("src", folder.path().join("again")).unwrap();
        symlink(other.path().join("shared"), folder.path().join("lib")).unwrap();
        symlink(other.path().join("shared/b.py"), folder.path().join("c.py")).unwrap();
        let listing = list(folder.path()).await.unwrap();
        assert_eq!(paths(&listing), ["again/a.py", "c.py", "lib/b.py", "src/a.py"]);
        let sorted = |list: &[String]| {
            let mut list = list.to_vec();
            list.sort();
            list
        };
        assert_eq!(sorted(listing.circles()), ["again/up", "src/up"]);
        assert_eq!(sorted(listing.outside()), ["c.py", "lib"]);
    }

    #[tokio::test]
    async fn links_that_lead_nowhere_are_named_unless_ignored() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[("a.py", b"x")]);
        symlink("none", folder.path().join("old.txt")).unwrap();
        symlink("loop.txt", folder.path().join("loop.txt")).unwrap();
        let error = list(folder.path()).await.unwrap_err();
        assert!(matches!(error, ListError::BrokenLink { .. }), "{error}");
        write(folder.path(), &[(".amlignore", b"*.txt")]);
        assert_eq!(paths(&list(folder.path()).await.unwrap()), [".amlignore", "a.py"]);
    }

    #[tokio::test]
    async fn pipes_sockets_and_devices_are_refused_without_being_opened() {
        let folder = tempfile::tempdir().unwrap();
        let refused = async |name: &str| {
            let error = list(folder.path()).await.unwrap_err().to_string();
            std::fs::remove_file(folder.path().join(name)).unwrap();
            error
        };
        pipe(&folder.path().join("fifo"));
        assert_eq!(
            refused("fifo").await,
            "fifo is a pipe, not a file; remove or ignore it"
        );
        let _socket = UnixListener::bind(folder.path().join("s")).unwrap();
        assert_eq!(
            refused("s").await,
            "s is a socket, not a file; remove or ignore it"
        );
        symlink("/dev/zero", folder.path().join("zero")).unwrap();
        assert_eq!(
            refused("zero").await,
            "zero is a device, not a file; remove or ignore it"
        );
        pipe(&folder.path().join("fifo"));
        write(folder.path(), &[(".gitignore", b"fifo\n")]);
        assert_eq!(paths(&list(folder.path()).await.unwrap()), [".gitignore"]);
    }

    #[tokio::test]
    async fn a_file_that_becomes_a_pipe_does_not_block() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[("a.py", b"x")]);
        let listing = list(folder.path()).await.unwrap();
        std::fs::remove_file(folder.path().join("a.py")).unwrap();
        pipe(&folder.path().join("a.py"));
        let error = listing.hashed(&|_| {}).await.unwrap_err();
        assert!(
            matches!(&error, ListError::Changed { path } if path == "a.py"),
            "{error}"
        );
    }

    #[tokio::test]
    async fn names_that_are_not_unicode_are_refused() {
        use std::os::unix::ffi::OsStrExt as _;
        let folder = tempfile::tempdir().unwrap();
        let name = std::ffi::OsStr::from_bytes(b"a\xff.py");
        std::fs::write(folder.path().join(name), b"").unwrap();
        let error = list(folder.path()).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the name a\u{fffd}.py is not Unicode; rename or ignore it"
        );
    }
}
