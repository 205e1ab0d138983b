use super::*;

fn read_of(text: &str) -> JournalError {
    let folder = tempfile::tempdir().unwrap();
    fs::write(state_file(folder.path()), text).unwrap();
    read(folder.path()).unwrap_err()
}

#[test]
fn a_newer_format_is_refused_whatever_is_in_it() {
    for body in ["{}", "[1]", "\"else\""] {
        let error = read_of(&format!(
            "{{\"schema\":{},\"generation\":1,\"body\":{body}}}",
            SCHEMA + 1
        ));
        assert!(
            matches!(error, JournalError::Newer { schema, .. } if schema == SCHEMA + 1),
            "{body}: {error}"
        );
    }
}

#[test]
fn what_cannot_be_understood_is_said_so() {
    for text in ["", "{", "{}", "{\"schema\":1,\"generation\":1,\"body\":{}}"] {
        let error = read_of(text);
        assert!(matches!(error, JournalError::Corrupt { .. }), "{text}: {error}");
    }
}

#[test]
fn files_are_named() {
    let path = PathBuf::from("/home/me/runs/r1");
    let lost = from_journal(&JournalError::Absent { path: path.clone() });
    assert_eq!(
        (lost.code, lost.params["what"].as_str()),
        (FailureCode::NotFound, "r1")
    );
    let busy = from_journal(&JournalError::Locked { path });
    assert_eq!(
        (busy.code, busy.remedy),
        (FailureCode::AlreadyRunning, Remedy::Wait)
    );
}
