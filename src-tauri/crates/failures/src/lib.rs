//! Converts the errors of the crates below to failures: a code for the text, a remedy, and what Azure said.
//!
//! Azure's codes are looked up in one table, in `azure`. Azure's message is always kept; a code without a row becomes
//! `Unclassified` with that message.

mod acme;
mod azure;
mod sign_in;

pub use acme::{from_acme, off_topic};
pub use azure::{from_fault, from_operation, is_about_another_operation};
pub use sign_in::from_sign_in_words;

use berth_arm::ArmError;
use berth_certs::generate::GenerateError;
use berth_cluster::{ClusterError, KubeconfigProblem};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::certificate::PairProblem;
use berth_http::Distrust;
use berth_vault::VaultError;
use jiff::Zoned;

/// The name of a cluster's API in texts.
const KUBERNETES: &str = "Kubernetes API";

/// Converts an error of a request to Azure.
pub fn from_arm(error: &ArmError) -> Failure {
    told_of_arm(error).because(error)
}

fn told_of_arm(error: &ArmError) -> Failure {
    match error {
        ArmError::SetUp { .. } | ArmError::BadPath { .. } => {
            Failure::new(FailureCode::Internal, Remedy::ReportBug)
        }
        ArmError::NoToken { host, source } => sign_in::from_token(source.cause(), host),
        ArmError::Unreachable { host, .. } => {
            Failure::new(FailureCode::Unreachable, Remedy::TryAgain).with("host", host)
        }
        ArmError::CutOff { .. } => {
            Failure::new(FailureCode::Unreachable, Remedy::TryAgain).with("host", "Azure")
        }
        ArmError::Untrusted { host, distrust, .. } => untrusted(host, *distrust),
        ArmError::Elsewhere { host, to } => redirected(host, to),
        ArmError::TooLarge { path, limit, .. } => {
            Failure::new(FailureCode::AnswerTooLarge, Remedy::AskAdministrator)
                .with("what", path)
                .with("limit", limit)
        }
        ArmError::Refused { fault, .. } => from_fault(fault),
        ArmError::BadAnswer { path, .. }
        | ArmError::EndlessList { path, .. }
        | ArmError::NoAddress { path, .. } => {
            Failure::new(FailureCode::ServiceFailed, Remedy::TryAgain).with("message", path)
        }
    }
}

/// The server's certificate is not trusted. If its dates are the reason, the clock of this computer may be wrong.
pub fn untrusted(host: &str, distrust: Distrust) -> Failure {
    match distrust {
        Distrust::Certificate => Failure::new(FailureCode::UntrustedServer, Remedy::AskAdministrator),
        Distrust::Dates => Failure::new(FailureCode::UntrustedDates, Remedy::TryAgain)
            .with("now", Zoned::now().strftime("%Y-%m-%d %H:%M %:z")),
    }
    .with("host", host)
}

/// The server redirects to another host, which must not receive the credential.
pub fn redirected(host: &str, to: &str) -> Failure {
    let to = if to.is_empty() { "?" } else { to };
    Failure::new(FailureCode::Redirected, Remedy::AskAdministrator)
        .with("host", host)
        .with("to", to)
}

/// Converts an error of accessing a cluster.
pub fn from_cluster(error: &ClusterError) -> Failure {
    let failure = match error {
        ClusterError::Kubeconfig { source } => from_kubeconfig(source),
        ClusterError::Refused { .. } | ClusterError::Name { .. } | ClusterError::Command { .. }
            if !error.is_transient() =>
        {
            Failure::new(FailureCode::Forbidden, Remedy::AskAdministrator)
                .with("action", error)
                .with("scope", "")
        }
        ClusterError::Untrusted { .. } => {
            Failure::new(FailureCode::UntrustedServer, Remedy::AskAdministrator).with("host", KUBERNETES)
        }
        ClusterError::NoSecretName => {
            Failure::new(FailureCode::NotFound, Remedy::ChangePlan).with("what", "cert.pem")
        }
        ClusterError::BadAnswer { .. }
        | ClusterError::TooLarge { .. }
        | ClusterError::TooManyValues { .. }
        | ClusterError::Endless { .. } => {
            Failure::new(FailureCode::ServiceFailed, Remedy::TryAgain).with("message", error)
        }
        ClusterError::Refused { .. }
        | ClusterError::Name { .. }
        | ClusterError::Command { .. }
        | ClusterError::Broken { .. }
        | ClusterError::TimedOut { .. } => {
            Failure::new(FailureCode::Unreachable, Remedy::TryAgain).with("host", KUBERNETES)
        }
    };
    failure.because(error)
}

/// Converts the reason for refusing a kubeconfig.
pub fn from_kubeconfig(problem: &KubeconfigProblem) -> Failure {
    Failure::new(FailureCode::KubeconfigRefused, Remedy::AskAdministrator)
        .with("member", problem.member())
        .because(problem)
}

/// Converts an error of the vault.
pub fn from_vault(error: &VaultError) -> Failure {
    Failure::new(FailureCode::VaultUnavailable, Remedy::TryAgain)
        .with("reason", "keychain_failed")
        .because(error)
}

/// Converts the problem of a certificate or key.
pub fn from_pair(problem: &PairProblem) -> Failure {
    let mut failure = Failure::new(FailureCode::CertificateProblem, Remedy::CorrectInput)
        .with("problem", problem.code())
        .with("step", "tls")
        .because(problem);
    failure.params.extend(problem.params());
    failure
}

/// Converts an error of making a certificate.
pub fn from_generate(error: &GenerateError) -> Failure {
    let failure = match error {
        GenerateError::NoName
        | GenerateError::Name { .. }
        | GenerateError::Days { .. }
        | GenerateError::AuthorityExpired { .. }
        | GenerateError::NotAnAuthority { .. } => Failure::new(FailureCode::BadInput, Remedy::ChangePlan)
            .with("what", "tls")
            .with("why", error)
            .with("step", "tls"),
        GenerateError::Random
        | GenerateError::Key(_)
        | GenerateError::AuthorityKey(_)
        | GenerateError::Sign(_)
        | GenerateError::ReadBack => Failure::new(FailureCode::Internal, Remedy::ReportBug),
    };
    failure.because(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_problem_keeps_its_code_and_values() {
        let failure = from_pair(&PairProblem::NoKey {
            files: vec!["a.pem".to_owned()],
        });
        assert_eq!(failure.params["problem"], "no_key");
        assert_eq!(failure.params["files"], "a.pem");
        assert!(failure.detail.contains("a.pem"));
    }
}
