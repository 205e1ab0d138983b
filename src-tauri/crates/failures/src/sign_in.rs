//! Converts errors of signing in. Credentials report them only as text, so the text is parsed; the fallback is "sign
//! in again", which is always worth trying.

use super::{told_of_arm, untrusted};
use azure_core::error::ErrorKind;
use berth_arm::{ArmError, CredentialTimedOut};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::causes::chain;
use berth_http::distrust;
use std::error::Error;

/// Codes of Entra ID for a credential that stays refused until somebody changes it
/// (learn.microsoft.com/entra/identity-platform/reference-error-codes): unknown application or tenant, wrong or
/// expired secret, application disabled, consent missing.
const REFUSALS: [&str; 9] = [
    "AADSTS700016",
    "AADSTS7000215",
    "AADSTS7000222",
    "AADSTS7000112",
    "AADSTS700027",
    "AADSTS90002",
    "AADSTS900023",
    "AADSTS65001",
    "AADSTS53003",
];

/// Converts any error of signing in.
pub fn from_sign_in_words(error: &(dyn Error + 'static)) -> Failure {
    from_token(error, "Entra ID").because(error)
}

/// Converts the error of a credential that gave no token for a host.
pub(super) fn from_token(error: &(dyn Error + 'static), host: &str) -> Failure {
    if let Some(distrust) = distrust(error) {
        return untrusted(host, distrust);
    }
    // Transport errors are reported as for Azure itself.
    if let Some(refused) = cause::<ArmError>(error) {
        return told_of_arm(refused);
    }
    if is_offline(error) {
        return Failure::new(FailureCode::Unreachable, Remedy::TryAgain).with("host", host);
    }
    if let Some(late) = cause::<CredentialTimedOut>(error) {
        return Failure::new(FailureCode::SignInTimedOut, Remedy::TryAgain)
            .with("credential", late.credential)
            .with("seconds", late.seconds);
    }
    let words = chain(error);
    // The library puts the credential first; a missing program is an I/O error.
    if ["AzureCliCredential", "az login", "Azure CLI"]
        .iter()
        .any(|sign| words.contains(sign))
    {
        return Failure::new(FailureCode::AzureCliUnavailable, Remedy::SignInAgain);
    }
    match REFUSALS.iter().find(|code| words.contains(**code)) {
        Some(code) => {
            Failure::new(FailureCode::SignInRefused, Remedy::SignInAgain).with("reason", reason(&words, code))
        }
        None => Failure::new(FailureCode::SignInNeeded, Remedy::SignInAgain),
    }
}

/// Finds the first cause of a type.
fn cause<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    std::iter::successors(Some(error), |link| (*link).source()).find_map(|link| link.downcast_ref())
}

/// Whether Entra ID could not be reached or was too busy, which says nothing about the credential.
fn is_offline(error: &(dyn Error + 'static)) -> bool {
    let mut links = std::iter::successors(Some(error), |link| (*link).source());
    links.any(|link| {
        let kind = link
            .downcast_ref::<azure_core::Error>()
            .map(azure_core::Error::kind);
        match kind {
            Some(ErrorKind::Connection | ErrorKind::Io) => true,
            Some(ErrorKind::HttpResponse { status, .. }) => {
                status.is_server_error() || u16::from(*status) == 429
            }
            _ => false,
        }
    })
}

/// Entra ID's sentence with the code, without the trace ids that follow.
fn reason(words: &str, code: &str) -> String {
    let from = words.find(code).and_then(|at| words.get(at..)).unwrap_or(code);
    let end = from
        .find("Trace ID")
        .or_else(|| from.find(['\r', '\n', '"']))
        .unwrap_or(from.len());
    from.get(..end).unwrap_or(code).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credential(words: &str) -> azure_core::Error {
        azure_core::Error::with_message(ErrorKind::Credential, words.to_owned())
    }

    #[test]
    fn error_texts_of_credentials_are_distinguished() {
        for (words, code) in [
            ("Azure CLI not found on path", FailureCode::AzureCliUnavailable),
            (
                "Please run 'az login' to set up an account",
                FailureCode::AzureCliUnavailable,
            ),
            (
                "AADSTS7000215: Invalid client secret provided. Trace ID: 1",
                FailureCode::SignInRefused,
            ),
            (
                "AADSTS700082: The refresh token has expired due to inactivity.",
                FailureCode::SignInNeeded,
            ),
            ("something new", FailureCode::SignInNeeded),
        ] {
            assert_eq!(from_sign_in_words(&credential(words)).code, code, "{words}");
        }
    }

    #[test]
    fn the_reason_is_one_sentence() {
        let failure = from_sign_in_words(&credential(
            "AADSTS7000222: The provided client secret keys are expired. Trace ID: 5 Correlation ID: 6",
        ));
        assert_eq!(
            failure.params["reason"],
            "AADSTS7000222: The provided client secret keys are expired."
        );
        assert_eq!(failure.remedy, Remedy::SignInAgain);
    }

    #[test]
    fn a_network_error_is_not_a_sign_in_error() {
        let broken = azure_core::Error::with_message(ErrorKind::Connection, "no route");
        let outer =
            azure_core::Error::with_error(ErrorKind::Credential, broken, "ClientSecretCredential failed");
        let failure = from_sign_in_words(&outer);
        assert_eq!(
            (failure.code, failure.remedy),
            (FailureCode::Unreachable, Remedy::TryAgain)
        );
    }

    #[test]
    fn a_hanging_credential_and_a_redirect_have_codes_of_their_own() {
        let late = CredentialTimedOut {
            credential: "Azure CLI",
            seconds: 60,
        };
        let failure = from_sign_in_words(&azure_core::Error::new(ErrorKind::Credential, late.clone()));
        assert_eq!(failure.code, FailureCode::SignInTimedOut);
        assert_eq!(
            (&*failure.params["credential"], &*failure.params["seconds"]),
            ("Azure CLI", "60")
        );
        // Over the network, a timeout says nothing about the credential.
        let failure = from_sign_in_words(&azure_core::Error::new(ErrorKind::Connection, late));
        assert_eq!(failure.code, FailureCode::Unreachable);

        let elsewhere = ArmError::Elsewhere {
            host: "login.example".to_owned(),
            to: "portal.example".to_owned(),
        };
        let inner = azure_core::Error::new(ErrorKind::Other, elsewhere);
        let outer =
            azure_core::Error::with_error(ErrorKind::Credential, inner, "ClientSecretCredential failed");
        let failure = from_sign_in_words(&outer);
        assert_eq!(failure.code, FailureCode::Redirected);
        assert_eq!(failure.params["to"], "portal.example");
    }
}
