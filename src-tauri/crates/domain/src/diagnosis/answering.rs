//! Problems with endpoints, their deployments, and services on the classic route.

use super::reported::names;
use super::states::Condition;
use super::symptoms::{AnsweringState, ReportedError, Symptoms};
use super::table::{Found, found};

fn in_state(
    symptoms: &Symptoms,
    condition: Condition,
    wanted: impl Fn(&AnsweringState) -> bool,
) -> impl Iterator<Item = Found> {
    let matching = symptoms
        .answering
        .iter()
        .filter(move |one| one.condition() == condition && wanted(one));
    matching.map(|one| {
        found(evidence(one))
            .with("name", &one.name)
            .with("compute", &one.compute)
            .with("state", &one.state)
    })
}

fn evidence(one: &AnsweringState) -> Vec<String> {
    let member = if one.is_service {
        "state"
    } else {
        "provisioningState"
    };
    let state = format!("{member} = {}", one.state);
    let errors = one.errors.iter().map(ReportedError::line);
    let lines = std::iter::once(state).chain(errors);
    lines.map(|line| format!("{}: {line}", one.name)).collect()
}

/// Why the last operation failed, by the codes that Azure reports
/// (learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints,
/// learn.microsoft.com/azure/machine-learning/v1/how-to-troubleshoot-deployment).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    TimedOut,
    Build,
    NoRoom,
    OutOfMemory,
    Image,
    Model,
    Script,
    Crashes,
    NotReady,
    Token,
    Namespace,
    EndpointMissing,
    EndpointExists,
    Router,
    NotCallable,
    Unreachable,
    Cancelled,
    Invalid,
    Extension,
    Other,
}

/// The codes of each reason, most specific first.
const CODES: &[(Reason, &[&str])] = &[
    (Reason::TimedOut, &["DeploymentTimedOut"]),
    (Reason::Build, &["ImageBuildFailure", "EnvironmentBuildFailed"]),
    (
        Reason::NoRoom,
        &["OutOfQuota", "PodUnschedulable", "Unschedulable"],
    ),
    (Reason::OutOfMemory, &["PodOutOfMemory", "OOMKilled"]),
    (
        Reason::Image,
        &[
            "ImagePullLoopBackOff",
            "ImagePullBackOff",
            "ErrImagePull",
            "ACRSecretError",
            "ACRAuthenticationChallengeFailed",
            "ACRTokenExchangeFailed",
        ],
    ),
    (Reason::Model, &["ModelDownloadFailed"]),
    (
        Reason::Script,
        &[
            "UserScriptInitFailed",
            "UserScriptImportError",
            "UserScriptFunctionNotFound",
        ],
    ),
    (
        Reason::Crashes,
        &[
            "KubernetesCrashLoopBackOff",
            "DeploymentCrashLoopBackOff",
            "CrashLoopBackOff",
        ],
    ),
    (Reason::NotReady, &["ResourceNotReady"]),
    (
        Reason::Token,
        &[
            "TokenRefreshFailed",
            "GetAADTokenFailed",
            "RefreshExtensionIdentityNotSet",
        ],
    ),
    (Reason::Namespace, &["NamespaceNotFound"]),
    (Reason::EndpointMissing, &["EndpointNotFound"]),
    (Reason::EndpointExists, &["EndpointAlreadyExists"]),
    (Reason::Router, &["ScoringFeUnhealthy"]),
    (Reason::NotCallable, &["ValidateScoringFailed"]),
    (
        Reason::Unreachable,
        &[
            "KubernetesUnaccessible",
            "ClusterNotReachable",
            "GenericClusterError",
        ],
    ),
    (Reason::Cancelled, &["OperationCanceled", "OperationCancelled"]),
    (
        Reason::Invalid,
        &[
            "InvalidDeploymentSpec",
            "InvalidEnvironment",
            "MissingDriverProgram",
            "BadArgument",
        ],
    ),
    (
        Reason::Extension,
        &[
            "InferencingClientCreateDeploymentFailed",
            "InferencingClientCallFailed",
        ],
    ),
];

fn reason(one: &AnsweringState) -> Reason {
    let reported = |code: &&str| {
        // A classic service also has one of them as its state.
        one.state.eq_ignore_ascii_case(code) || one.errors.iter().any(|error| names(&error.line(), code))
    };
    let found = CODES.iter().find(|(_, codes)| codes.iter().any(&reported));
    found.map_or(Reason::Other, |(reason, _)| *reason)
}

/// Whether a container was restarted because it did not answer its probe.
fn fails_probe(one: &AnsweringState) -> bool {
    let mut messages = one.errors.iter().map(|error| error.message.to_lowercase());
    messages.any(|message| message.contains("liveness probe") || message.contains("readiness probe"))
}

fn failed_for(symptoms: &Symptoms, wanted: impl Fn(&AnsweringState) -> bool) -> Vec<Found> {
    in_state(symptoms, Condition::Failed, wanted).collect()
}

macro_rules! reasons {
    ($($(#[doc = $doc:literal])* $name:ident = $reason:ident;)*) => {
        $(
            $(#[doc = $doc])*
            pub(super) fn $name(symptoms: &Symptoms) -> Vec<Found> {
                failed_for(symptoms, |one| reason(one) == Reason::$reason)
            }
        )*
    };
}

reasons! {
    /// It did not start in the time that the service allows.
    timed_out = TimedOut;
    /// Its image could not be built.
    build = Build;
    /// No node had room for its pods.
    no_room = NoRoom;
    /// Its container exceeded the memory limit.
    out_of_memory = OutOfMemory;
    /// Its image could not be pulled.
    image = Image;
    /// Its model could not be downloaded.
    model = Model;
    /// Its entry script failed.
    script = Script;
    /// Its container did not become ready.
    not_ready = NotReady;
    /// The extension did not get a token from Azure.
    token = Token;
    /// The compute's namespace is missing in the cluster.
    namespace = Namespace;
    /// Its endpoint is missing in the cluster.
    endpoint_missing = EndpointMissing;
    /// The cluster still has an endpoint with this name.
    endpoint_exists = EndpointExists;
    /// The front end is not healthy.
    router = Router;
    /// Azure ML could not call it through the front end.
    not_callable = NotCallable;
    /// Azure ML did not reach the cluster.
    unreachable = Unreachable;
    /// Another operation took its place.
    cancelled = Cancelled;
    /// Azure ML rejected one of its settings.
    invalid = Invalid;
    /// The extension did not carry out the request.
    extension = Extension;
    /// The last operation failed for a reason that Berth does not know.
    failed = Other;
}

/// Its container kept crashing.
pub(super) fn crashes(symptoms: &Symptoms) -> Vec<Found> {
    failed_for(symptoms, |one| {
        reason(one) == Reason::Crashes && !fails_probe(one)
    })
}

/// Its container did not answer its probe.
pub(super) fn probe(symptoms: &Symptoms) -> Vec<Found> {
    failed_for(symptoms, |one| reason(one) == Reason::Crashes && fails_probe(one))
}

/// An operation is still in progress.
pub(super) fn unfinished(symptoms: &Symptoms) -> Vec<Found> {
    in_state(symptoms, Condition::UnderWay, |_| true).collect()
}
