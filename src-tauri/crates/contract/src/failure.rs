//! What the window and the command line get when something did not work.

use berth_domain::azure_fault::AzureFault;
use berth_domain::causes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Display;
use strum::VariantArray;
use ts_rs::TS;

/// A failure in terms a person can act on. `code` chooses the words in the catalogue `failures`, `params` fills them in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Failure {
    /// Which words.
    pub code: FailureCode,
    /// What to do about it.
    pub remedy: Remedy,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
    /// The chain of causes, for "Copy details". Free of secrets.
    pub detail: String,
    /// What Azure said, where it said something.
    pub azure: Option<Box<AzureFault>>,
}

impl Failure {
    /// A failure without values yet.
    pub fn new(code: FailureCode, remedy: Remedy) -> Self {
        Self {
            code,
            remedy,
            params: BTreeMap::new(),
            detail: String::new(),
            azure: None,
        }
    }

    /// Adds a value for the words.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Display) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// Adds the chain of causes.
    #[must_use]
    pub fn because(mut self, error: &(dyn Error + 'static)) -> Self {
        self.detail = causes::chain(error);
        self
    }
}

/// Kinds of failure. Add one only when a screen or a script treats it differently.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum FailureCode {
    /// Input is not usable; `params.what` and `params.why` say.
    BadInput,
    /// A file could not be read or written; `params.path`.
    FileProblem,
    /// Certificate or key could not be used; `params.problem` is a code of `PairProblem`.
    CertificateProblem,
    /// No such account, run or draft; `params.what`.
    NotFound,
    /// Not signed in, or the sign-in has ended.
    SignInNeeded,
    /// Entra ID refused the credential; `params.reason`.
    SignInRefused,
    /// The Azure CLI is not there or not signed in.
    AzureCliUnavailable,
    /// A credential gave no token in time, as when the Azure CLI hangs; `params.credential`, `params.seconds`.
    SignInTimedOut,
    /// Azure could not be reached; `params.host`.
    Unreachable,
    /// Azure presented a certificate that is not trusted; `params.host`.
    UntrustedServer,
    /// A server presented a certificate that is not valid now, by the clock of this computer; `params.host`,
    /// `params.now`.
    UntrustedDates,
    /// A server points to a host that gets nothing of this account; `params.host`, `params.to`.
    Redirected,
    /// A server answered with more than any real answer holds; `params.what` was asked, `params.limit` in bytes.
    AnswerTooLarge,
    /// The person or program lacks a right; `params.action`, `params.scope` where known.
    Forbidden,
    /// Azure Policy refused; `params.policy` where known.
    PolicyDenied,
    /// Quota is used up.
    QuotaExceeded,
    /// A resource provider is not registered; `params.namespace`.
    ProviderNotRegistered,
    /// The VM size cannot be used here.
    SizeUnavailable,
    /// The Kubernetes version is not offered (any more).
    VersionUnavailable,
    /// The name is in use by something that is not ours; `params.resource`.
    NameTaken,
    /// What was to be changed or deleted is not the resource that was meant; `params.resource`, `params.reason`, `params.names`.
    NotTheSame,
    /// What was agreed to in one Azure, or as one person, is carried on in another; `params.reason`, `params.then`,
    /// `params.now`.
    OtherAccount,
    /// Another operation is running on the resource.
    Busy,
    /// The resource is in a state in which Azure does not do this, such as failed or stopped.
    WrongState,
    /// The subscription may not use this location.
    RegionRestricted,
    /// Pods could not be moved off a node: a budget of theirs does not let them go.
    DrainBlocked,
    /// A kubeconfig has something that could run a program, read a file or lead elsewhere, or cannot be read;
    /// `params.member`.
    KubeconfigRefused,
    /// Too few vCPU or nodes for the purpose.
    TooSmall,
    /// Azure asks to slow down, and did so for too long.
    Throttled,
    /// The certificate or key was refused by the service.
    CertificateRefused,
    /// A certificate authority refused an order; `params.host`, `params.said`.
    AuthorityRefused,
    /// A certificate authority found another record than the one that proves a name, or none; `params.host`,
    /// `params.name`, `params.said`.
    NameNotProven,
    /// A certificate that Berth cannot make anew by itself; `params.compute`.
    NotMadeHere,
    /// Remains of a former front end are in the way.
    Leftovers,
    /// The extension reports an error of its own health check; `params.health`.
    ExtensionUnhealthy,
    /// The service reported a failure of its own (5xx or an internal error).
    ServiceFailed,
    /// An operation ended in failure without a known cause.
    OperationFailed,
    /// An operation was cancelled in Azure.
    OperationCancelled,
    /// It takes longer than the limit; Azure may still finish it.
    StillRunning,
    /// Azure accepted a request, and the resource did not show it in time; `params.resource`, `params.minutes`.
    NotVisibleYet,
    /// A resource vanished that should be there; `params.resource`.
    ResourceGone,
    /// Preflight found something that blocks; `params.rules`.
    BlockedByPreflight,
    /// The proof did not hold; `params.rung`.
    ProofFailed,
    /// The change did not show, and what was there before was put back; `params.rung`, `params.code`, and `params.name`:
    /// what callers reach it by.
    TakenBack,
    /// The change did not show, and what was there before could not be put back either; `params` as above.
    NotTakenBack,
    /// The service refuses to renew a certificate of Microsoft.
    RenewalRefused,
    /// The keychain could not be used.
    VaultUnavailable,
    /// Another Berth is working on the same folder or run.
    AlreadyRunning,
    /// Stored data could not be understood; `params.path`.
    CorruptState,
    /// Azure said something Berth has no words for; its own text is in `azure`.
    Unclassified,
    /// A fault in Berth itself.
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
    /// The same again may work.
    TryAgain,
    /// Sign in again.
    SignInAgain,
    /// Change what was asked for; the wizard step is `params.step` where known.
    ChangePlan,
    /// Ask who administers the subscription or policy.
    AskAdministrator,
    /// Give other input.
    CorrectInput,
    /// Wait, then look again.
    Wait,
    /// Resume the run later.
    ResumeLater,
    /// Report it.
    ReportBug,
}

impl Remedy {
    /// All remedies.
    pub const ALL: &'static [Self] = Self::VARIANTS;
}
