use super::*;
use berth_contract::failure::FailureCode;

const LIMIT: u64 = 16;

fn code(result: Result<Zeroizing<Vec<u8>>, InputFileError>) -> String {
    match result {
        Ok(content) => String::from_utf8_lossy(&content).into_owned(),
        Err(fault) => {
            let failure = Failure::from(fault);
            assert_eq!(failure.code, FailureCode::FileProblem);
            failure
                .params
                .get("why")
                .cloned()
                .unwrap_or_else(|| "unreadable".to_owned())
        }
    }
}

#[test]
fn regular_files_are_read_up_to_their_limit() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    for (name, size) in [
        ("empty", 0),
        ("some", 5),
        ("all", 16),
        ("more", 17),
        ("far more", 100_000),
    ] {
        std::fs::write(place(name), "x".repeat(size)).unwrap();
        let expected = if size <= 16 {
            "x".repeat(size)
        } else {
            "too_big".to_owned()
        };
        for named_by in [NamedBy::Person, NamedBy::Document] {
            assert_eq!(code(read_now(&place(name), named_by, LIMIT)), expected, "{name}");
        }
    }
    assert_eq!(code(read_now(&place("gone"), NamedBy::Person, LIMIT)), "missing");
    assert_eq!(
        code(read_now(folder.path(), NamedBy::Person, LIMIT)),
        "not_a_file"
    );
    assert_eq!(code(read_now(Path::new(""), NamedBy::Person, LIMIT)), "missing");
}

#[cfg(unix)]
#[test]
fn anything_but_a_regular_file_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    let made = std::process::Command::new("mkfifo")
        .arg(place("pipe"))
        .status()
        .unwrap();
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(place("socket")).unwrap();
    std::fs::write(place("file"), "text").unwrap();
    for (name, to) in [
        ("to-file", place("file")),
        ("to-pipe", place("pipe")),
        ("to-zero", "/dev/zero".into()),
        ("to-proc", "/proc/self/status".into()),
    ] {
        std::os::unix::fs::symlink(to, place(name)).unwrap();
    }
    for named_by in [NamedBy::Person, NamedBy::Document] {
        for name in ["pipe", "socket", "to-pipe", "to-zero"] {
            assert_eq!(
                code(read_now(&place(name), named_by, LIMIT)),
                "not_a_file",
                "{name}"
            );
        }
        assert_eq!(code(read_now(&place("to-file"), named_by, LIMIT)), "text");
    }
    for path in ["/dev/zero", "/dev/null", "/dev/tty", "/dev/stdin"] {
        let answer = code(read_now(Path::new(path), NamedBy::Person, LIMIT));
        assert!(
            ["not_a_file", "unreadable"].contains(&answer.as_str()),
            "{path}: {answer}"
        );
        assert_eq!(
            code(read_now(Path::new(path), NamedBy::Document, LIMIT)),
            "elsewhere"
        );
    }
    // A link to another place than its text suggests.
    if cfg!(target_os = "linux") {
        assert_eq!(
            code(read_now(&place("to-proc"), NamedBy::Document, LIMIT)),
            "elsewhere"
        );
    }
    // A file that claims to be empty and is not is read up to the limit only.
    if cfg!(target_os = "linux") {
        assert_eq!(
            code(read_now(Path::new("/proc/self/status"), NamedBy::Person, LIMIT)),
            "too_big"
        );
    }
}

#[tokio::test]
async fn a_pipe_does_not_block() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    if cfg!(unix) {
        assert!(
            std::process::Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        let reading = read(&pipe, NamedBy::Person, LIMIT);
        let answer = tokio::time::timeout(std::time::Duration::from_secs(10), reading).await;
        assert_eq!(code(answer.unwrap()), "not_a_file");
    }
}

#[test]
fn control_characters_in_a_path_are_escaped() {
    let path = Path::new("a\u{1b}[31m\n\u{202e}b");
    assert_eq!(display_path(path), "a\\u{1b}[31m\\u{a}\\u{202e}b");
    let failure = Failure::from(read_now(path, NamedBy::Person, LIMIT).unwrap_err());
    assert!(!failure.detail.contains(char::is_control), "{failure:?}");
    assert!(!failure.params["path"].contains(char::is_control), "{failure:?}");
}
