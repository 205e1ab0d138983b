//! Converts the errors of a certificate authority.

use super::{redirected, untrusted};
use berth_acme::AcmeError;
use berth_contract::failure::{Failure, FailureCode, Remedy};

pub fn from_acme(error: &AcmeError) -> Failure {
    let failure = match error {
        AcmeError::Address { url } => Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
            .with("what", "directory")
            .with("why", "not_https")
            .with("value", url),
        AcmeError::Roots { .. } => Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
            .with("what", "extraRoots")
            .with("why", error),
        AcmeError::Unreachable { host, .. } => match error.distrust() {
            Some(distrust) => untrusted(host, distrust),
            None => Failure::new(FailureCode::Unreachable, Remedy::TryAgain).with("host", host),
        },
        AcmeError::Redirected { host, to } => redirected(host, to),
        AcmeError::Refused { host, said, .. } => {
            Failure::new(FailureCode::AuthorityRefused, Remedy::CorrectInput)
                .with("host", host)
                .with("said", said)
        }
        AcmeError::NotOrdered { host, name } => off_topic(host, "not_ordered", name),
        AcmeError::LeftOut { host, name } => off_topic(host, "left_out", name),
        AcmeError::BadToken { host, name } => off_topic(host, "bad_token", name),
        AcmeError::NotHttps { host, url } => off_topic(host, "not_https", url),
        AcmeError::NoDnsProof { host, .. } => {
            Failure::new(FailureCode::AuthorityRefused, Remedy::CorrectInput)
                .with("host", host)
                .with("said", error)
        }
        AcmeError::Protocol { host, cause } => Failure::new(FailureCode::AuthorityRefused, Remedy::TryAgain)
            .with("host", host)
            .with("said", cause),
        AcmeError::NotProven { host, name, said } => {
            Failure::new(FailureCode::NameNotProven, Remedy::CorrectInput)
                .with("host", host)
                .with("name", name)
                .with("said", said)
        }
        AcmeError::StillRunning { seconds, .. } => {
            Failure::new(FailureCode::StillRunning, Remedy::Wait).with("minutes", seconds.div_ceil(60))
        }
        AcmeError::StoredAccount(_) => {
            Failure::new(FailureCode::CorruptState, Remedy::ReportBug).with("path", "acme-account")
        }
    };
    failure.because(error)
}

/// The authority's answer does not match the request.
pub fn off_topic(host: &str, why: &str, value: &str) -> Failure {
    Failure::new(FailureCode::AuthorityRefused, Remedy::CorrectInput)
        .with("host", host)
        .with("why", why)
        .with("value", value)
}
