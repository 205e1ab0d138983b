//! Failures, as the window and the command line receive them.

use berth_domain::azure_fault::AzureFault;
use berth_domain::causes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Display;
use strum::VariantArray;
use ts_rs::TS;

/// A failure that a person can act on. `code` selects the text in the catalogue `failures`, `params` fills its placeholders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Failure {
    /// Kind of failure; selects the text.
    pub code: FailureCode,
    /// What to do about it.
    pub remedy: Remedy,
    /// Values for the placeholders of the text.
    pub params: BTreeMap<String, String>,
    /// The chain of causes, for "Copy details". Free of secrets.
    pub detail: String,
    /// Azure's error; `None` if the failure does not come from Azure.
    pub azure: Option<Box<AzureFault>>,
}

impl Failure {
    /// Creates a failure without parameters and details.
    pub fn new(code: FailureCode, remedy: Remedy) -> Self {
        Self {
            code,
            remedy,
            params: BTreeMap::new(),
            detail: String::new(),
            azure: None,
        }
    }

    /// Sets the value of a placeholder.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Display) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// Sets `detail` to the error and its causes.
    #[must_use]
    pub fn because(mut self, error: &(dyn Error + 'static)) -> Self {
        self.detail = causes::chain(error);
        self
    }
}

/// Kinds of failure. Add one only if a screen or script treats it differently.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum FailureCode {
    /// Invalid input; `params.what`, `params.why`.
    BadInput,
    /// A file could not be read or written; `params.path`.
    FileProblem,
    /// Certificate or key could not be used; `params.problem` is a code of `PairProblem`.
    CertificateProblem,
    /// No such account, run or draft; `params.what`.
    NotFound,
    /// Not signed in, or the session has expired.
    SignInNeeded,
    /// Entra ID refused the credential; `params.reason`.
    SignInRefused,
    /// The Azure CLI is not installed or not signed in.
    AzureCliUnavailable,
    /// A credential did not provide a token in time, for example because the Azure CLI hangs; `params.credential`,
    /// `params.seconds`.
    SignInTimedOut,
    /// Azure could not be reached; `params.host`.
    Unreachable,
    /// Azure presented a certificate that is not trusted; `params.host`.
    UntrustedServer,
    /// A server presented a certificate that is expired or not yet valid by this computer's clock; `params.host`,
    /// `params.now`.
    UntrustedDates,
    /// A server points to a host that must not receive this account's tokens; `params.host`, `params.to`.
    Redirected,
    /// A response exceeds the size limit; `params.what` was requested, `params.limit` is in bytes.
    AnswerTooLarge,
    /// The account lacks a permission; `params.action`, `params.scope` if known.
    Forbidden,
    /// Azure Policy denied the request; `params.policy` if known.
    PolicyDenied,
    /// The quota is exceeded.
    QuotaExceeded,
    /// A resource provider is not registered; `params.namespace`.
    ProviderNotRegistered,
    /// The VM size is not available in the location or to the subscription.
    SizeUnavailable,
    /// The Kubernetes version is not offered, or no longer.
    VersionUnavailable,
    /// The Kubernetes version is offered with long-term support only.
    LongTermOnly,
    /// A resource that Berth did not create has this name; `params.resource`.
    NameTaken,
    /// The resource to change or delete is not the one that was reviewed; `params.resource`, `params.reason`, `params.names`.
    NotTheSame,
    /// A plan or run belongs to another cloud, tenant or principal than the current one; `params.reason`, `params.then`,
    /// `params.now`.
    OtherAccount,
    /// Files are no longer those that the plan was made for; `params.resource`.
    FilesChanged,
    /// Another operation is running on the resource.
    Busy,
    /// The state of the resource does not allow the operation, such as failed or stopped.
    WrongState,
    /// The subscription may not use this location.
    RegionRestricted,
    /// A node could not be drained because of a pod disruption budget.
    DrainBlocked,
    /// A kubeconfig is malformed, or could run a program, read a file or redirect requests; `params.member`.
    KubeconfigRefused,
    /// Too few vCPU or nodes for the purpose.
    TooSmall,
    /// Azure throttled the requests for too long.
    Throttled,
    /// The certificate or key was refused by the service.
    CertificateRefused,
    /// An endpoint was not called, because its address must not get the key or is unknown; `params.reason`, `params.host`,
    /// `params.expected`.
    NotCalled,
    /// A certificate authority rejected an order; `params.host`, `params.said`.
    AuthorityRefused,
    /// A certificate authority did not find the DNS record that proves a name; `params.host`, `params.name`,
    /// `params.said`.
    NameNotProven,
    /// Berth cannot renew this certificate by itself; `params.compute`.
    NotMadeHere,
    /// Objects left over from a former front end block the operation.
    Leftovers,
    /// The extension's health check reports an error; `params.health`.
    ExtensionUnhealthy,
    /// The service failed (5xx or an internal error).
    ServiceFailed,
    /// The storage account has no room.
    StorageFull,
    /// The image of a version could not be built.
    VersionImageNotBuilt,
    /// The image of a version could not be pulled.
    VersionImageNotPulled,
    /// The model of a version could not be downloaded.
    VersionModelMissing,
    /// The entry script of a version failed.
    VersionScriptFailed,
    /// The container of a version keeps crashing.
    VersionCrashes,
    /// The container of a version exceeded its memory limit.
    VersionOutOfMemory,
    /// No node has room for a version.
    VersionNoRoom,
    /// A version did not become ready in the time that Azure ML allows.
    VersionTimedOut,
    /// An operation failed for an unknown reason.
    OperationFailed,
    /// An operation was cancelled in Azure.
    OperationCancelled,
    /// An operation exceeds the time limit; Azure may still finish it.
    StillRunning,
    /// Azure accepted a request, but the resource did not reflect it in time; `params.resource`, `params.minutes`.
    NotVisibleYet,
    /// A resource that should exist is gone; `params.resource`.
    ResourceGone,
    /// The review has blocking findings; `params.rules`.
    BlockedByPreflight,
    /// A check of the outcome failed; `params.check`.
    ProofFailed,
    /// The change did not take effect and was rolled back; `params.check`, `params.code`, and `params.name`, the host name or
    /// address that clients use.
    TakenBack,
    /// The change did not take effect and the rollback failed too; `params` as for `TakenBack`.
    NotTakenBack,
    /// A canary restored the traffic from before; `params.reason` and its values.
    CanaryBack,
    /// A canary restored the traffic from before, but the endpoint does not answer; `params.traffic`.
    CanaryUnproven,
    /// A canary restored the traffic from before because the person asked for it; `params.traffic`.
    CanaryStopped,
    /// The endpoint of a canary is gone; `params.resource`.
    CanaryEndpointGone,
    /// The service refused to renew a Microsoft-managed certificate.
    RenewalRefused,
    /// The keychain could not be used.
    VaultUnavailable,
    /// Another Berth process is using the same folder or run.
    AlreadyRunning,
    /// Stored data is damaged; `params.path`.
    CorruptState,
    /// An Azure error that Berth does not know; Azure's own text is in `azure`.
    Unclassified,
    /// A bug in Berth.
    Internal,
}

impl FailureCode {
    /// All codes.
    pub const ALL: &'static [Self] = Self::VARIANTS;
}

/// What to do about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, VariantArray)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Remedy {
    /// Retry; it may work.
    TryAgain,
    /// Sign in again.
    SignInAgain,
    /// Change the specification; `params.step` is the wizard step, if known.
    ChangePlan,
    /// Ask an administrator of the subscription or policy.
    AskAdministrator,
    /// Correct the input.
    CorrectInput,
    /// Wait, then check again.
    Wait,
    /// Resume the run later.
    ResumeLater,
    /// Report the bug.
    ReportBug,
    /// Deploy again, because resuming the run would use the files it has uploaded.
    DeployAgain,
    /// Look at the log of the version, and correct the version.
    CorrectVersion,
    /// Nothing is wrong.
    Nothing,
}

impl Remedy {
    /// All remedies.
    pub const ALL: &'static [Self] = Self::VARIANTS;
}
