//! Azure's codes and what they mean for a person: one table, a test for each row.
//!
//! Codes come from learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors, the list of
//! error codes under learn.microsoft.com/troubleshoot/azure/azure-kubernetes,
//! learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension and its page on computes; texts of
//! classic attach failures from MicrosoftDocs/azure-docs issue 55597 (the service gives them no code of their own).

mod params;
#[cfg(test)]
mod tests;

use super::{Filled, failing};
use berth_arm::AzureFault;
use berth_contract::failure::{AzureFault as Told, Failure, FailureCode, Remedy};

/// Any code: the words decide.
const ANY: &str = "*";
/// A numbered code of the extension's health check.
const HEALTH: &str = "E#####";

/// What a code (and, where it has several meanings, a part of the message in lower case) means; and the wizard's step in
/// which one mends it.
struct Row {
    code: &'static str,
    says: &'static str,
    means: FailureCode,
    remedy: Remedy,
    step: &'static str,
}

const fn row(
    code: &'static str,
    says: &'static str,
    means: FailureCode,
    remedy: Remedy,
    step: &'static str,
) -> Row {
    Row {
        code,
        says,
        means,
        remedy,
        step,
    }
}

use FailureCode as F;
use Remedy as R;

/// The first row that fits counts.
const TABLE: &[Row] = &[
    // Quota. `OperationNotAllowed` has two meanings.
    row(
        "ErrCode_InsufficientVCPUQuota",
        "",
        F::QuotaExceeded,
        R::ChangePlan,
        "size",
    ),
    row(
        "InsufficientVCPUQuota",
        "",
        F::QuotaExceeded,
        R::ChangePlan,
        "size",
    ),
    row("QuotaExceeded", "", F::QuotaExceeded, R::ChangePlan, "size"),
    row(
        "OperationNotAllowed",
        "quota",
        F::QuotaExceeded,
        R::ChangePlan,
        "size",
    ),
    row(
        "ManagedClusterCountExceedsQuotaLimit",
        "",
        F::QuotaExceeded,
        R::AskAdministrator,
        "place",
    ),
    row(
        "PublicIPCountLimitReached",
        "",
        F::QuotaExceeded,
        R::AskAdministrator,
        "network",
    ),
    // Policy and rights.
    row(
        "RequestDisallowedByPolicy",
        "",
        F::PolicyDenied,
        R::AskAdministrator,
        "",
    ),
    row("AuthorizationFailed", "", F::Forbidden, R::AskAdministrator, ""),
    row(
        "LinkedAuthorizationFailed",
        "",
        F::Forbidden,
        R::AskAdministrator,
        "",
    ),
    row("ScopeLocked", "", F::Forbidden, R::AskAdministrator, ""),
    row("ClusterUnauthorized", "", F::Forbidden, R::AskAdministrator, ""),
    row("ComputeNotAccessible", "", F::Forbidden, R::AskAdministrator, ""),
    row("ExtensionNotInstalled", "", F::Forbidden, R::AskAdministrator, ""),
    row(
        ANY,
        "extension is not installed",
        F::Forbidden,
        R::AskAdministrator,
        "",
    ),
    row("Forbidden", "", F::Forbidden, R::AskAdministrator, ""),
    // Signing in.
    row(
        "InvalidAuthenticationToken",
        "",
        F::SignInNeeded,
        R::SignInAgain,
        "",
    ),
    row(
        "ExpiredAuthenticationToken",
        "",
        F::SignInNeeded,
        R::SignInAgain,
        "",
    ),
    row("AuthenticationFailed", "", F::SignInNeeded, R::SignInAgain, ""),
    // Registration.
    row(
        "MissingSubscriptionRegistration",
        "",
        F::ProviderNotRegistered,
        R::TryAgain,
        "",
    ),
    row(
        "SubscriptionNotRegistered",
        "",
        F::ProviderNotRegistered,
        R::TryAgain,
        "",
    ),
    // Sizes and versions.
    row(
        "VMSizeNotSupported",
        "",
        F::SizeUnavailable,
        R::ChangePlan,
        "size",
    ),
    row("SkuNotAvailable", "", F::SizeUnavailable, R::ChangePlan, "size"),
    row(
        "AvailabilityZoneNotSupported",
        "",
        F::SizeUnavailable,
        R::ChangePlan,
        "size",
    ),
    row("AllocationFailed", "", F::SizeUnavailable, R::ChangePlan, "size"),
    row(
        "ZonalAllocationFailed",
        "",
        F::SizeUnavailable,
        R::ChangePlan,
        "size",
    ),
    row(
        "OverconstrainedAllocationRequest",
        "",
        F::SizeUnavailable,
        R::ChangePlan,
        "size",
    ),
    row(
        ANY,
        "is not allowed in your subscription in location",
        F::SizeUnavailable,
        R::ChangePlan,
        "size",
    ),
    row(
        "K8sVersionNotSupported",
        "",
        F::VersionUnavailable,
        R::ChangePlan,
        "version",
    ),
    row(
        "AgentPoolK8sVersionNotSupported",
        "",
        F::VersionUnavailable,
        R::ChangePlan,
        "version",
    ),
    // Too small.
    row("E40002", "", F::TooSmall, R::ChangePlan, "size"),
    row(ANY, "at least 12 cores", F::TooSmall, R::ChangePlan, "size"),
    row(
        ANY,
        "machine(s) are required for cluster with purpose",
        F::TooSmall,
        R::ChangePlan,
        "size",
    ),
    row(
        ANY,
        "must be greater than or equal to 12",
        F::TooSmall,
        R::ChangePlan,
        "size",
    ),
    // Certificates.
    row("E40007", "", F::CertificateRefused, R::ChangePlan, "tls"),
    row(
        "BadArgument",
        "certificate",
        F::CertificateRefused,
        R::ChangePlan,
        "tls",
    ),
    row("BadArgument", "ssl", F::CertificateRefused, R::ChangePlan, "tls"),
    row(
        "InvalidSslConfiguration",
        "",
        F::CertificateRefused,
        R::ChangePlan,
        "tls",
    ),
    row(
        "BadRequest",
        "sslconfiguration",
        F::CertificateRefused,
        R::ChangePlan,
        "tls",
    ),
    row(
        "UserError",
        "sslconfiguration",
        F::CertificateRefused,
        R::ChangePlan,
        "tls",
    ),
    // The extension's own health check.
    row("E45004", "", F::Leftovers, R::AskAdministrator, ""),
    row("E45005", "", F::Leftovers, R::AskAdministrator, ""),
    row(HEALTH, "", F::ExtensionUnhealthy, R::TryAgain, ""),
    row(
        "RefreshExtensionIdentityNotSet",
        "",
        F::ExtensionUnhealthy,
        R::TryAgain,
        "",
    ),
    // Names.
    row("DnsRecordInUse", "", F::NameTaken, R::ChangePlan, "tls"),
    row(ANY, "overwriteexistingdomain", F::NameTaken, R::ChangePlan, "tls"),
    row("ResourceAlreadyExists", "", F::NameTaken, R::ChangePlan, "place"),
    row("ComputeAlreadyExists", "", F::NameTaken, R::ChangePlan, "place"),
    row("Conflict", "already exists", F::NameTaken, R::ChangePlan, "place"),
    // Busy.
    row("OperationNotAllowed", "", F::Busy, R::Wait, ""),
    row("OperationIsNotAllowed", "", F::Busy, R::Wait, ""),
    row("AnotherOperationInProgress", "", F::Busy, R::Wait, ""),
    row("ConcurrentOperationInProgress", "", F::Busy, R::Wait, ""),
    row("ResourceGroupBeingDeleted", "", F::Busy, R::Wait, ""),
    row("EtagMismatch", "", F::Busy, R::TryAgain, ""),
    row("PreconditionFailed", "", F::Busy, R::TryAgain, ""),
    row("Conflict", "", F::Busy, R::Wait, ""),
    // Slower.
    row("Throttled", "", F::Throttled, R::Wait, ""),
    row("TooManyRequests", "", F::Throttled, R::Wait, ""),
    row("TooManyRequestsReceived", "", F::Throttled, R::Wait, ""),
    row("SubscriptionRequestsThrottled", "", F::Throttled, R::Wait, ""),
    // Gone.
    row("ResourceNotFound", "", F::ResourceGone, R::ChangePlan, "place"),
    row(
        "ResourceGroupNotFound",
        "",
        F::ResourceGone,
        R::ChangePlan,
        "place",
    ),
    row(
        "ParentResourceNotFound",
        "",
        F::ResourceGone,
        R::ChangePlan,
        "place",
    ),
    row(
        "SubscriptionNotFound",
        "",
        F::ResourceGone,
        R::ChangePlan,
        "place",
    ),
    row(
        "InvalidResourceReference",
        "",
        F::ResourceGone,
        R::ChangePlan,
        "network",
    ),
    row("SubnetNotFound", "", F::ResourceGone, R::ChangePlan, "network"),
    row("ClusterNotFound", "", F::ResourceGone, R::ChangePlan, "place"),
    row("ComputeNotFound", "", F::ResourceGone, R::ChangePlan, "place"),
    // Refused as it was written.
    row(
        "InsufficientSubnetSize",
        "",
        F::BadInput,
        R::ChangePlan,
        "network",
    ),
    row("SubnetIsFull", "", F::BadInput, R::ChangePlan, "network"),
    row("InvalidParameter", "", F::BadInput, R::ChangePlan, ""),
    row("InvalidRequestContent", "", F::BadInput, R::ChangePlan, ""),
    row("BadArgument", "", F::BadInput, R::ChangePlan, ""),
    row("InvalidArgument", "", F::BadInput, R::ChangePlan, ""),
    // Azure itself.
    row("ClusterNotReachable", "", F::OperationFailed, R::TryAgain, ""),
    row("OperationCanceled", "", F::OperationCancelled, R::TryAgain, ""),
    row("OperationCancelled", "", F::OperationCancelled, R::TryAgain, ""),
    row("InternalServerError", "", F::ServiceFailed, R::TryAgain, ""),
    row("InternalOperationError", "", F::ServiceFailed, R::TryAgain, ""),
    row("InternalError", "", F::ServiceFailed, R::TryAgain, ""),
    row("ServiceUnavailable", "", F::ServiceFailed, R::TryAgain, ""),
    row("ServerBusy", "", F::ServiceFailed, R::TryAgain, ""),
    row("ServerTimeout", "", F::ServiceFailed, R::TryAgain, ""),
    row("GatewayTimeout", "", F::ServiceFailed, R::TryAgain, ""),
    row("BadGateway", "", F::ServiceFailed, R::TryAgain, ""),
    row("SystemError", "", F::ServiceFailed, R::TryAgain, ""),
];

/// From a refusal of Azure.
pub fn from_fault(fault: &AzureFault) -> Failure {
    let (means, remedy, step) = match lookup(fault) {
        Some(row) => (row.means, row.remedy, row.step),
        None => by_status(fault.status),
    };
    tell(fault, failing(means, remedy), step)
}

/// From an operation of Azure that was accepted and ended badly. Without a known cause it is just that.
pub fn from_operation(fault: &AzureFault, cancelled: bool) -> Failure {
    if cancelled {
        return tell(fault, failing(F::OperationCancelled, R::TryAgain), "");
    }
    match lookup(fault) {
        Some(row) => tell(fault, failing(row.means, row.remedy), row.step),
        None => tell(fault, failing(F::OperationFailed, R::TryAgain), ""),
    }
}

fn lookup(fault: &AzureFault) -> Option<&'static Row> {
    let message = fault.message.to_lowercase();
    let health = params::health_code(fault);
    let codes = [
        health.as_deref(),
        Some(fault.code.as_str()),
        fault.outer_code.as_deref(),
    ];
    codes.into_iter().flatten().find_map(|code| {
        TABLE
            .iter()
            .find(|row| fits(row.code, code) && message.contains(row.says))
    })
}

fn fits(row: &str, code: &str) -> bool {
    match row {
        ANY => true,
        HEALTH => params::is_health_code(code),
        _ => row.eq_ignore_ascii_case(code),
    }
}

fn by_status(status: Option<u16>) -> (FailureCode, Remedy, &'static str) {
    match status {
        Some(401) => (F::SignInNeeded, R::SignInAgain, ""),
        Some(403) => (F::Forbidden, R::AskAdministrator, ""),
        Some(404 | 410) => (F::ResourceGone, R::ChangePlan, ""),
        Some(409 | 412) => (F::Busy, R::Wait, ""),
        Some(429) => (F::Throttled, R::Wait, ""),
        Some(500..) => (F::ServiceFailed, R::TryAgain, ""),
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
    failure.azure = Some(Told {
        status: fault.status,
        code: fault.code.clone(),
        message: fault.message.clone(),
        target: fault.target.clone(),
        outer_code: fault.outer_code.clone(),
        correlation_id: fault.correlation_id.clone(),
    });
    failure
}
