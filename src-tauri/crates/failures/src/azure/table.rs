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

macro_rules! rows {
    ($($code:tt $says:tt => $means:ident, $remedy:ident, $step:literal;)*) => {
        &[$(Row {
            code: $code,
            says: $says,
            means: FailureCode::$means,
            remedy: Remedy::$remedy,
            step: $step,
        },)*]
    };
}

/// The first matching row counts.
pub(super) const TABLE: &[Row] = rows! {
    // Quota. `OperationNotAllowed` has two meanings.
    "ErrCode_InsufficientVCPUQuota" "" => QuotaExceeded, ChangePlan, "size";
    "InsufficientVCPUQuota" "" => QuotaExceeded, ChangePlan, "size";
    "QuotaExceeded" "" => QuotaExceeded, ChangePlan, "size";
    "OperationNotAllowed" "quota" => QuotaExceeded, ChangePlan, "size";
    "ManagedClusterCountExceedsQuotaLimit" "" => QuotaExceeded, AskAdministrator, "place";
    "PublicIPCountLimitReached" "" => QuotaExceeded, AskAdministrator, "network";
    // Policy and rights.
    "RequestDisallowedByPolicy" "" => PolicyDenied, AskAdministrator, "";
    "RequestDisallowedByAzure" "" => RegionRestricted, ChangePlan, "place";
    "AuthorizationFailed" "" => Forbidden, AskAdministrator, "";
    "LinkedAuthorizationFailed" "" => Forbidden, AskAdministrator, "";
    "ScopeLocked" "" => Forbidden, AskAdministrator, "";
    // A token that expired in a cluster with Trusted Access
    // (learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-compute).
    "ClusterUnauthorized" "" => OperationFailed, TryAgain, "";
    "ComputeNotAccessible" "" => Forbidden, AskAdministrator, "";
    "ExtensionNotInstalled" "" => Forbidden, AskAdministrator, "";
    ANY "extension is not installed" => Forbidden, AskAdministrator, "";
    "Forbidden" "" => Forbidden, AskAdministrator, "";
    // Signing in.
    "InvalidAuthenticationToken" "" => SignInNeeded, SignInAgain, "";
    "ExpiredAuthenticationToken" "" => SignInNeeded, SignInAgain, "";
    "AuthenticationFailed" "" => SignInNeeded, SignInAgain, "";
    // Registration.
    "MissingSubscriptionRegistration" "" => ProviderNotRegistered, TryAgain, "";
    "SubscriptionNotRegistered" "" => ProviderNotRegistered, TryAgain, "";
    // Sizes and versions.
    "VMSizeNotSupported" "" => SizeUnavailable, ChangePlan, "size";
    "SkuNotAvailable" "" => SizeUnavailable, ChangePlan, "size";
    "AvailabilityZoneNotSupported" "" => SizeUnavailable, ChangePlan, "size";
    "AllocationFailed" "" => SizeUnavailable, ChangePlan, "size";
    "ZonalAllocationFailed" "" => SizeUnavailable, ChangePlan, "size";
    "OverconstrainedAllocationRequest" "" => SizeUnavailable, ChangePlan, "size";
    "AKSCapacityError" "" => SizeUnavailable, ChangePlan, "size";
    "AKSCapacityHeavyUsage" "" => SizeUnavailable, ChangePlan, "place";
    ANY "allocationfailed" => SizeUnavailable, ChangePlan, "size";
    ANY "overconstrainedallocationrequest" => SizeUnavailable, ChangePlan, "size";
    ANY "is not allowed in your subscription in location" => SizeUnavailable, ChangePlan, "size";
    // As reported in canonical/bundle-kubeflow issue 1320.
    "K8sVersionNotSupported" "only available for long-term support" => LongTermOnly, ChangePlan, "version";
    "K8sVersionNotSupported" "" => VersionUnavailable, ChangePlan, "version";
    "AgentPoolK8sVersionNotSupported" "" => VersionUnavailable, ChangePlan, "version";
    "AgentPoolUpgradeVersionNotAllowed" "" => VersionUnavailable, ChangePlan, "version";
    // Too small.
    "SystemPoolSkuTooLow" "" => TooSmall, ChangePlan, "size";
    "E40002" "" => TooSmall, ChangePlan, "size";
    ANY "at least 12 cores" => TooSmall, ChangePlan, "size";
    ANY "machine(s) are required for cluster with purpose" => TooSmall, ChangePlan, "size";
    ANY "must be greater than or equal to 12" => TooSmall, ChangePlan, "size";
    // Certificates.
    "E40007" "" => CertificateRefused, ChangePlan, "tls";
    "BadArgument" "certificate" => CertificateRefused, ChangePlan, "tls";
    "BadArgument" "ssl" => CertificateRefused, ChangePlan, "tls";
    "InvalidSslConfiguration" "" => CertificateRefused, ChangePlan, "tls";
    "BadRequest" "sslconfiguration" => CertificateRefused, ChangePlan, "tls";
    "UserError" "sslconfiguration" => CertificateRefused, ChangePlan, "tls";
    // The extension's own health check.
    "E45004" "" => Leftovers, AskAdministrator, "";
    "E45005" "" => Leftovers, AskAdministrator, "";
    HEALTH "" => ExtensionUnhealthy, TryAgain, "";
    "RefreshExtensionIdentityNotSet" "" => ExtensionUnhealthy, TryAgain, "";
    // Names.
    "DnsRecordInUse" "" => NameTaken, ChangePlan, "tls";
    ANY "overwriteexistingdomain" => NameTaken, ChangePlan, "tls";
    "ResourceAlreadyExists" "" => NameTaken, ChangePlan, "place";
    "ComputeAlreadyExists" "" => NameTaken, ChangePlan, "place";
    "Conflict" "already exists" => NameTaken, ChangePlan, "place";
    // Another operation is running, so waiting helps.
    "OperationNotAllowed" RUNNING => Busy, Wait, "";
    "OperationIsNotAllowed" RUNNING => Busy, Wait, "";
    "Conflict" RUNNING => Busy, Wait, "";
    "AnotherOperationInProgress" "" => Busy, Wait, "";
    "AnotherOperationIsInProgress" "" => Busy, Wait, "";
    "ConflictingOperationInProgress" "" => Busy, Wait, "";
    "ConcurrentOperationInProgress" "" => Busy, Wait, "";
    "OperationInProgress" "" => Busy, Wait, "";
    "OperationPreempted" "" => Busy, Wait, "";
    "OperationPreemptedByAnotherOperation" "" => Busy, Wait, "";
    "ResourceGroupBeingDeleted" "" => Busy, Wait, "";
    "EtagMismatch" "" => Busy, TryAgain, "";
    "PreconditionFailed" "" => Busy, TryAgain, "";
    // Waiting does not help.
    "OperationNotAllowed" "" => WrongState, CorrectInput, "";
    "OperationIsNotAllowed" "" => WrongState, CorrectInput, "";
    "Conflict" "" => WrongState, CorrectInput, "";
    // Draining nodes.
    "UnsatisfiablePDB" "" => DrainBlocked, CorrectInput, "";
    "PodDrainFailure" "" => DrainBlocked, CorrectInput, "";
    ANY "cannot evict pod as it would violate the pod's disruption budget" => DrainBlocked, CorrectInput, "";
    // Throttled.
    "Throttled" "" => Throttled, Wait, "";
    "TooManyRequests" "" => Throttled, Wait, "";
    "TooManyRequestsReceived" "" => Throttled, Wait, "";
    "SubscriptionRequestsThrottled" "" => Throttled, Wait, "";
    // Gone.
    "ResourceNotFound" "" => ResourceGone, ChangePlan, "place";
    "ResourceGroupNotFound" "" => ResourceGone, ChangePlan, "place";
    "ParentResourceNotFound" "" => ResourceGone, ChangePlan, "place";
    "SubscriptionNotFound" "" => ResourceGone, ChangePlan, "place";
    "InvalidResourceReference" "" => ResourceGone, ChangePlan, "network";
    "SubnetNotFound" "" => ResourceGone, ChangePlan, "network";
    "ClusterNotFound" "" => ResourceGone, ChangePlan, "place";
    "ComputeNotFound" "" => ResourceGone, ChangePlan, "place";
    "PrincipalNotFound" "" => ResourceGone, ChangePlan, "";
    "ServicePrincipalNotFound" "" => ResourceGone, ChangePlan, "";
    ANY "aks role check failed" => Forbidden, AskAdministrator, "";
    ANY "getting static credential is not allowed" => Forbidden, ChangePlan, "place";
    ANY "compute name is invalid" => BadInput, ChangePlan, "place";
    ANY "invalid ownership metadata" => NameTaken, ChangePlan, "place";
    ANY "can't reuse a name" => NameTaken, ChangePlan, "place";
    // The request is invalid.
    "InsufficientSubnetSize" "" => BadInput, ChangePlan, "network";
    "ServiceCidrOverlapExistingSubnetsCidr" "" => BadInput, ChangePlan, "network";
    "ExistingRouteTableNotAssociatedWithSubnet" "" => BadInput, ChangePlan, "network";
    "RouteTableInvalidNextHop" "" => BadInput, ChangePlan, "network";
    "SubnetIsFull" "" => BadInput, ChangePlan, "network";
    "InvalidParameter" "" => BadInput, ChangePlan, "";
    "InvalidRequestContent" "" => BadInput, ChangePlan, "";
    "BadArgument" "" => BadInput, ChangePlan, "";
    "InvalidArgument" "" => BadInput, ChangePlan, "";
    // Versions of endpoints that do not start
    // (learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints).
    "ImageBuildFailure" "" => VersionImageNotBuilt, DeployAgain, "";
    "EnvironmentBuildFailed" "" => VersionImageNotBuilt, DeployAgain, "";
    "ImagePullLoopBackOff" "" => VersionImageNotPulled, DeployAgain, "";
    "ImagePullBackOff" "" => VersionImageNotPulled, DeployAgain, "";
    "ErrImagePull" "" => VersionImageNotPulled, DeployAgain, "";
    "ACRSecretError" "" => VersionImageNotPulled, DeployAgain, "";
    "ModelDownloadFailed" "" => VersionModelMissing, DeployAgain, "";
    "UserScriptInitFailed" "" => VersionScriptFailed, DeployAgain, "";
    "UserScriptImportError" "" => VersionScriptFailed, DeployAgain, "";
    "UserScriptFunctionNotFound" "" => VersionScriptFailed, DeployAgain, "";
    "CrashLoopBackOff" "" => VersionCrashes, DeployAgain, "";
    "KubernetesCrashLoopBackOff" "" => VersionCrashes, DeployAgain, "";
    "DeploymentCrashLoopBackOff" "" => VersionCrashes, DeployAgain, "";
    "PodOutOfMemory" "" => VersionOutOfMemory, DeployAgain, "";
    "OOMKilled" "" => VersionOutOfMemory, DeployAgain, "";
    "OutOfQuota" "deployments already" => QuotaExceeded, ChangePlan, "";
    "OutOfQuota" "" => VersionNoRoom, ChangePlan, "";
    "PodUnschedulable" "" => VersionNoRoom, ChangePlan, "";
    "Unschedulable" "" => VersionNoRoom, ChangePlan, "";
    "DeploymentTimedOut" "" => VersionTimedOut, ChangePlan, "";
    // Storage without room (learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes).
    "InsufficientStorage" "" => StorageFull, AskAdministrator, "";
    // Failures of Azure itself.
    "ClusterNotReachable" "" => OperationFailed, TryAgain, "";
    "OperationCanceled" "" => OperationCancelled, TryAgain, "";
    "OperationCancelled" "" => OperationCancelled, TryAgain, "";
    "InternalServerError" "" => ServiceFailed, TryAgain, "";
    "InternalOperationError" "" => ServiceFailed, TryAgain, "";
    "InternalError" "" => ServiceFailed, TryAgain, "";
    "ServiceUnavailable" "" => ServiceFailed, TryAgain, "";
    "ServerBusy" "" => ServiceFailed, TryAgain, "";
    "ServerTimeout" "" => ServiceFailed, TryAgain, "";
    "GatewayTimeout" "" => ServiceFailed, TryAgain, "";
    "BadGateway" "" => ServiceFailed, TryAgain, "";
    "SystemError" "" => ServiceFailed, TryAgain, "";
};
