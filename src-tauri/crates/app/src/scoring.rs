//! Calls an endpoint for a person, and tells what came of it.

use berth_certstore::CertificateStore;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{AnswerHeader, CallAnswer, CallEnd, CallOutcome, CalledWith};
use berth_domain::canary::Reply;
use berth_domain::causes::chain;
use berth_domain::scoring::REQUEST_BYTES;
use berth_runs::Runs;
use berth_runs::scoring::{Called, CredentialKind, ScoringError, Target};

/// Fingerprints of the certificates that Berth keeps or that its runs applied.
pub(crate) async fn leaves(certificates: &CertificateStore, runs: &Runs) -> Vec<String> {
    let (notes, _) = certificates.list_notes();
    let kept = notes.into_iter().map(|note| note.certificate.sha256);
    let (applied, _) = runs.certificates().await.unwrap_or_default();
    let applied = applied.into_iter().filter(|one| one.applied_to.is_some());
    kept.chain(applied.filter_map(|one| one.sha256)).collect()
}

/// Checks a request before it is sent.
///
/// # Errors
/// `BadInput` if it is larger than the front ends accept.
pub(crate) fn check_size(bytes: usize) -> Result<(), Failure> {
    if bytes <= REQUEST_BYTES {
        return Ok(());
    }
    Err(bad("request", "too_big")
        .with("bytes", bytes)
        .with("limit", REQUEST_BYTES))
}

/// What came of a call that was sent, or not.
///
/// # Errors
/// Azure's failure if it gave no key or token.
pub(crate) fn outcome(target: &Target, called: Result<Called, ScoringError>) -> Result<CallOutcome, Failure> {
    let (end, answer, detail) = match called {
        Ok(called) => (CallEnd::Answered, Some(answer(called)), None),
        Err(error) => (end_of(&error)?, None, Some(chain(&error))),
    };
    Ok(CallOutcome {
        end,
        url: target.url.clone(),
        is_plain: !target.address.tls,
        answer,
        detail,
    })
}

fn end_of(error: &ScoringError) -> Result<CallEnd, Failure> {
    if let ScoringError::Azure(error) = error {
        return Err(berth_failures::from_arm(error));
    }
    match error.reply() {
        Some(Reply::Status(_)) => Ok(CallEnd::Answered),
        Some(Reply::Cut) => Ok(CallEnd::Cut),
        Some(Reply::TimedOut) => Ok(CallEnd::TimedOut),
        Some(Reply::NotConnected) => Ok(CallEnd::NotConnected),
        Some(Reply::Untrusted) => Ok(CallEnd::Untrusted),
        None => Err(Failure::new(FailureCode::Internal, Remedy::ReportBug).because(error)),
    }
}

fn answer(called: Called) -> CallAnswer {
    let bytes = u32::try_from(called.body.len()).unwrap_or(u32::MAX);
    let header = |(name, value)| AnswerHeader { name, value };
    CallAnswer {
        status: called.status,
        took_ms: u32::try_from(called.took.as_millis()).unwrap_or(u32::MAX),
        headers: called.headers.into_iter().map(header).collect(),
        body: text(called.body, called.is_complete),
        bytes,
        is_complete: called.is_complete,
        version: called.version,
        with: match called.with {
            CredentialKind::Key => CalledWith::Key,
            CredentialKind::Token => CalledWith::Token,
            CredentialKind::None => CalledWith::Nothing,
        },
    }
}

/// A body as text. The end of an incomplete one may be in the middle of a character.
fn text(body: Vec<u8>, is_complete: bool) -> Option<String> {
    match String::from_utf8(body) {
        Ok(text) => Some(text),
        Err(error) => {
            let (is_cut, end) = (
                error.utf8_error().error_len().is_none(),
                error.utf8_error().valid_up_to(),
            );
            let mut body = error.into_bytes();
            body.truncate(end);
            String::from_utf8(body).ok().filter(|_| is_cut && !is_complete)
        }
    }
}

fn bad(what: &str, why: &str) -> Failure {
    Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", what)
        .with("why", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_text_only_if_it_is_utf8() {
        assert_eq!(text(b"{}".to_vec(), true).as_deref(), Some("{}"));
        assert_eq!(text("aé".as_bytes()[..2].to_vec(), false).as_deref(), Some("a"));
        assert_eq!(text("aé".as_bytes()[..2].to_vec(), true), None);
        assert_eq!(text(vec![0xff, 0x00, 0x41], false), None);
    }
}
