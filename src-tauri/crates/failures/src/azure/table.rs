//! The table of Azure's codes.

use berth_contract::failure::{FailureCode, Remedy};

/// Matches any code; the message decides.
pub(super) const ANY: &str = "*";
/// A numbered code of the extension's health check.
pub(super) const HEALTH: &str = "E#####";

/// Phrases that say that another operation is running.
pub(super) const RUNNING: &str = "…in progress…";

/// The meaning of a code and, where a code has several meanings, of a part of the message in lower case; with the
/// wizard step that fixes it.
pub(super) struct Row {
    pub(super) code: &'static str,
    pub(super) says: &'static str,
    pub(super) means: FailureCode,
    pub(super) remedy: Remedy,
    pub(super) step: &'static str,
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

/// The first matching row counts.
pub(super) const TABLE: &[Row] = &[
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
    row(
        "RequestDisallowedByAzure",
        "",
        F::RegionRestricted,
        R::ChangePlan,
        "place",
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
    row("AKSCapacityError", "", F::SizeUnavailable, R::ChangePlan, "size"),
    row(
        "AKSCapacityHeavyUsage",
        "",
        F::SizeUnavailable,
        R::ChangePlan,
        "place",
    ),
    row(ANY, "allocationfailed", F::SizeUnavailable, R::ChangePlan, "size"),
    row(
        ANY,
        "overconstrainedallocationrequest",
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
    // Another operation is running, so waiting helps.
    row("OperationNotAllowed", RUNNING, F::Busy, R::Wait, ""),
    row("OperationIsNotAllowed", RUNNING, F::Busy, R::Wait, ""),
    row("Conflict", RUNNING, F::Busy, R::Wait, ""),
    row("AnotherOperationInProgress", "", F::Busy, R::Wait, ""),
    row("AnotherOperationIsInProgress", "", F::Busy, R::Wait, ""),
    row("ConflictingOperationInProgress", "", F::Busy, R::Wait, ""),
    row("ConcurrentOperationInProgress", "", F::Busy, R::Wait, ""),
    row("OperationInProgress", "", F::Busy, R::Wait, ""),
    row("OperationPreempted", "", F::Busy, R::Wait, ""),
    row("OperationPreemptedByAnotherOperation", "", F::Busy, R::Wait, ""),
    row("ResourceGroupBeingDeleted", "", F::Busy, R::Wait, ""),
    row("EtagMismatch", "", F::Busy, R::TryAgain, ""),
    row("PreconditionFailed", "", F::Busy, R::TryAgain, ""),
    // Waiting does not help.
    row("OperationNotAllowed", "", F::WrongState, R::CorrectInput, ""),
    row("OperationIsNotAllowed", "", F::WrongState, R::CorrectInput, ""),
    row("Conflict", "", F::WrongState, R::CorrectInput, ""),
    // Draining nodes.
    row("UnsatisfiablePDB", "", F::DrainBlocked, R::CorrectInput, ""),
    row("PodDrainFailure", "", F::DrainBlocked, R::CorrectInput, ""),
    row(
        ANY,
        "cannot evict pod as it would violate the pod's disruption budget",
        F::DrainBlocked,
        R::CorrectInput,
        "",
    ),
    // Throttled.
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
    // The request is invalid.
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
    // Failures of Azure itself.
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
