//! Maps Azure's codes to failures: one table, with a test for each row.
//!
//! Codes come from learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors, the list
//! of error codes under learn.microsoft.com/troubleshoot/azure/azure-kubernetes,
//! learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension and its page on computes;
//! messages of failed classic attachments from MicrosoftDocs/azure-docs issue 55597 (the service gives them no code of
//! their own).

mod params;
mod table;
#[cfg(test)]
mod tests;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::azure_fault::AzureFault;
use table::{ANY, HEALTH, RUNNING, Row, TABLE};

use FailureCode as F;
use Remedy as R;

/// Converts a refusal of Azure.
pub fn from_fault(fault: &AzureFault) -> Failure {
    let (means, remedy, step) = match lookup(fault) {
        Some(row) => (row.means, row.remedy, row.step),
        None => by_status(fault),
    };
    tell(fault, Failure::new(means, remedy), step)
}

/// Converts the failure of an operation that Azure had accepted.
pub fn from_operation(fault: &AzureFault, cancelled: bool) -> Failure {
    if cancelled {
        return tell(fault, Failure::new(F::OperationCancelled, R::TryAgain), "");
    }
    match lookup(fault) {
        Some(row) => tell(fault, Failure::new(row.means, row.remedy), row.step),
        None => tell(fault, Failure::new(F::OperationFailed, R::TryAgain), ""),
    }
}

fn lookup(fault: &AzureFault) -> Option<&'static Row> {
    let message = fault.message.to_lowercase();
    let all = all_messages(fault);
    let health = params::health_code(fault);
    let codes = [
        health.as_deref().map(|code| (code, &message)),
        Some((fault.code.as_str(), &message)),
        fault.outer_code.as_deref().map(|code| (code, &all)),
    ];
    codes.into_iter().flatten().find_map(|(code, message)| {
        TABLE
            .iter()
            .find(|row| fits(row.code, code) && says(row.says, message))
    })
}

/// Innermost and outermost message, in lower case.
fn all_messages(fault: &AzureFault) -> String {
    let outer = fault.outer_message.as_deref().unwrap_or_default();
    format!("{} {outer}", fault.message).to_lowercase()
}

/// Whether a refusal says that another operation is running: the only kind that is worth sending again.
pub fn is_about_another_operation(refused: &Failure) -> bool {
    (refused.code, refused.remedy) == (F::Busy, R::Wait)
}

fn says(words: &str, message: &str) -> bool {
    match words {
        RUNNING => says_running(message),
        _ => message.contains(words),
    }
}

/// Whether a refusal, in lower case, says that another operation is running, so that the request may succeed later. A
/// message that also mentions a state, such as "upgrading or failed in upgrade", may be permanent.
fn says_running(message: &str) -> bool {
    const RUNNING: &[&str] = &[
        "another operation",
        "another active operation",
        "in progress",
        "in-progress",
        "ongoing operation",
        "pending operation",
        "running operation",
        "operation is running",
        "operation is pending",
        "wait for it",
        "wait for the operation",
    ];
    const LASTING: &[&str] = &[
        "no operation",
        "not in progress",
        "failed in",
        "or failed",
        "failed state",
        "state failed",
        "failed provisioning",
        "is stopped",
        "stopped state",
    ];
    let has = |words: &[&str]| words.iter().any(|words| message.contains(words));
    has(RUNNING) && !has(LASTING)
}

fn fits(row: &str, code: &str) -> bool {
    match row {
        ANY => true,
        HEALTH => params::is_health_code(code),
        _ => row.eq_ignore_ascii_case(code),
    }
}

fn by_status(fault: &AzureFault) -> (FailureCode, Remedy, &'static str) {
    let running = says_running(&all_messages(fault)) || fault.code.ends_with("InProgress");
    match fault.status {
        Some(401) => (F::SignInNeeded, R::SignInAgain, ""),
        Some(403) => (F::Forbidden, R::AskAdministrator, ""),
        Some(404 | 410) => (F::ResourceGone, R::ChangePlan, ""),
        Some(409) if running => (F::Busy, R::Wait, ""),
        Some(409) => (F::WrongState, R::CorrectInput, ""),
        Some(412) => (F::Busy, R::TryAgain, ""),
        Some(429) => (F::Throttled, R::Wait, ""),
        Some(500..) => (F::ServiceFailed, R::TryAgain, ""),
        Some(400..500) => (F::Unclassified, R::ChangePlan, ""),
        _ => (F::Unclassified, R::TryAgain, ""),
    }
}

fn tell(fault: &AzureFault, mut failure: Failure, step: &str) -> Failure {
    if !step.is_empty() {
        failure = failure.with("step", step);
    }
    let code = failure.code;
    failure = failure.with("code", &fault.code).with("message", &fault.message);
    failure.params.extend(params::of(code, fault));
    failure.detail = fault.to_string();
    failure.azure = Some(Box::new(fault.clone()));
    failure
}
