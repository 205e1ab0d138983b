use super::*;
use crate::record::Ending;

fn error_of(text: &str) -> JournalError {
    let folder = tempfile::tempdir().unwrap();
    fs::write(state_file(folder.path()), text).unwrap();
    read(folder.path()).unwrap_err()
}

#[test]
fn a_newer_format_is_refused_whatever_its_body() {
    for body in ["{}", "[1]", "\"else\""] {
        let error = error_of(&format!(
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
fn an_invalid_state_is_reported_as_corrupt() {
    for text in ["", "{", "{}", "{\"schema\":1,\"generation\":1,\"body\":{}}"] {
        let error = error_of(text);
        assert!(matches!(error, JournalError::Corrupt { .. }), "{text}: {error}");
    }
}

#[test]
fn failures_name_the_run_or_its_file() {
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

#[test]
fn events_are_written_as_older_versions_wrote_them() {
    let id = uuid::Uuid::nil();
    let all = [
        (EventKind::RunContinues, "run_goes_on".to_owned()),
        (
            EventKind::RunEnded(Ending::TakenBack),
            "run_ended: taken_back".to_owned(),
        ),
        (
            EventKind::RunCancelledWhileIdle,
            "run_cancelled_while_nobody_carried_it_out".to_owned(),
        ),
        (EventKind::RollbackStarted, "goes_back".to_owned()),
        (EventKind::StepBegins, "step_begins".to_owned()),
        (EventKind::StepAlreadyThere, "step_already_there".to_owned()),
        (EventKind::StepDone, "step_done".to_owned()),
        (
            EventKind::StepFailed(FailureCode::ProofFailed),
            "step_failed: proof_failed".to_owned(),
        ),
        (
            EventKind::StepSkipped("no: key".to_owned()),
            "passed_over: no: key".to_owned(),
        ),
        (EventKind::StepCancelled, "step_cancelled".to_owned()),
        (EventKind::RequestSent(id), format!("request_leaves: {id}")),
        (
            EventKind::RequestAnswered(202),
            "request_answered: 202".to_owned(),
        ),
        (EventKind::RequestFailed(0), "request_failed: 0".to_owned()),
        (EventKind::Accepted, "accepted".to_owned()),
        (EventKind::BookmarkExpired, "bookmark_expired".to_owned()),
        (
            EventKind::OperationFailed("E40002".to_owned()),
            "operation_failed: E40002".to_owned(),
        ),
        (EventKind::AbortAccepted, "abort_accepted".to_owned()),
        (EventKind::AbortRefused(409), "abort_refused: 409".to_owned()),
        (EventKind::AbortUnanswered, "abort_unanswered".to_owned()),
        (EventKind::Waiting("a: b".to_owned()), "waiting: a: b".to_owned()),
        (EventKind::WaitOver, "goes_on".to_owned()),
        (
            EventKind::Canary("baking, blue 100 %".to_owned()),
            "canary: baking, blue 100 %".to_owned(),
        ),
        (EventKind::Other("flew: 2".to_owned()), "flew: 2".to_owned()),
    ];
    for (kind, text) in all {
        assert_eq!(serde_json::to_value(&kind).unwrap(), text.as_str());
        assert_eq!(EventKind::from(text), kind);
    }
}

#[test]
fn events_of_older_versions_are_read() {
    let old = "run_ended: takenback".to_owned();
    assert_eq!(EventKind::from(old), EventKind::RunEnded(Ending::TakenBack));
    for odd in ["step_failed: no_such_code", "request_leaves: 1", "accepted: now"] {
        assert_eq!(EventKind::from(odd.to_owned()), EventKind::Other(odd.to_owned()));
    }
}
