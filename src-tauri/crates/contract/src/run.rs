//! Runs, as the window and the command line see them.

use crate::failure::Failure;
use berth_domain::canary::Stage;
use berth_domain::dns::DnsRecord;
use berth_domain::endpoint_pods::PodCount;
use berth_domain::plan::Plan;
use berth_domain::traffic::Traffic;
use serde::{Deserialize, Serialize};
use strum::VariantArray;
use ts_rs::TS;

/// State of a whole run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RunState {
    /// This process is executing its steps.
    Running,
    /// The program ended during the run; it resumes once its account is signed in.
    Interrupted,
    /// Every step is done and the proof succeeded, or only a DNS record is missing.
    Succeeded,
    /// A step failed. The run can be resumed.
    Failed,
    /// The person cancelled it. The steps show what Azure is still finishing. The run can be resumed.
    Cancelled,
    /// A canary waits for the person. The run can be resumed.
    Paused,
    /// The change did not take effect and was rolled back. The run cannot be resumed.
    TakenBack,
}

/// State of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum StepState {
    /// Not started yet.
    Waiting,
    /// Berth is reading the resource or sending the request.
    Starting,
    /// Azure is working on it.
    InProgress,
    /// Done by this run.
    Done,
    /// The resource already exists as wanted, so nothing was sent.
    AlreadyThere,
    /// The step failed, and the run continued without it.
    PassedOver,
    /// The step failed.
    Failed,
    /// The step was cancelled.
    Cancelled,
}

/// An entry in the list of runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RunSummary {
    /// Id of the run.
    pub id: String,
    /// Name of the cluster or compute, for display.
    pub title: String,
    /// Id of the account it runs with.
    pub account: String,
    /// State of the run.
    pub state: RunState,
    /// Number of completed steps.
    pub steps_done: u32,
    /// Total number of steps.
    pub steps_total: u32,
    /// Start, RFC 3339.
    pub started_at: String,
    /// End, RFC 3339; `None` while it runs.
    pub ended_at: Option<String>,
    /// Why the run's journal could not be read; only the id is known then. `None` if it could.
    pub unread: Option<Failure>,
}

/// A run with everything a screen shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RunSnapshot {
    /// Its entry in the list of runs.
    pub summary: RunSummary,
    /// Increases with each change, so that a view can ignore a snapshot older than its own.
    pub seq: u32,
    /// The plan being executed.
    pub plan: Plan,
    /// Progress of each step of the plan, in the same order.
    pub steps: Vec<StepProgress>,
    /// Progress of each rollback step of the plan, in the same order.
    pub back: Vec<StepProgress>,
    /// Whether the run is rolling back or has rolled back.
    pub goes_back: bool,
    /// Result of the checks from outside; `None` before they were made.
    pub proof: Option<Proof>,
    /// Resources that the run has created or may have created so far.
    pub made: Vec<MadeResource>,
}

/// Progress of a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct StepProgress {
    /// Id of the step in the plan.
    pub id: String,
    /// State of the step.
    pub state: StepState,
    /// Start, RFC 3339; `None` before.
    pub started_at: Option<String>,
    /// End, RFC 3339; `None` before.
    pub ended_at: Option<String>,
    /// Percentage, if Azure reports one.
    pub percent: Option<u8>,
    /// Azure's latest message, if any.
    pub message: Option<String>,
    /// Azure's correlation id of the request, for support.
    pub correlation_id: Option<String>,
    /// `x-ms-client-request-id` of the request.
    pub client_request_id: Option<String>,
    /// Number of attempts.
    pub attempts: u32,
    /// True if the step takes longer than usual but has not failed.
    pub slower_than_usual: bool,
    /// Why the step is waiting; `None` if it is not.
    pub waiting_because: Option<WaitingBecause>,
    /// Why the step failed or was skipped.
    pub failure: Option<Failure>,
    /// How far a canary is; `None` for other steps and before it began.
    pub canary: Option<CanaryProgress>,
}

/// How far a canary is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CanaryProgress {
    /// What it does, with its counts.
    pub stage: Stage,
    /// Number of steps that the endpoint has reached.
    pub reached: u32,
    /// Total number of steps.
    pub steps: u32,
    /// The traffic that it goes back to.
    pub before: Traffic,
    /// The traffic that the endpoint should have now.
    pub now: Traffic,
    /// The traffic of the next step; `None` after the last one.
    pub next: Option<Traffic>,
    /// Why Azure did not take the last request.
    pub refusal: Option<Failure>,
    /// The pods of the new version, as they were last read; `None` before.
    pub pods: Option<PodsSeen>,
}

/// The pods of a version while a canary watches it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum PodsSeen {
    /// There are some.
    Counted(PodCount),
    /// None was found.
    None,
    /// They could not be read. The canary goes on without them.
    Unread {
        /// The reason.
        why: String,
    },
}

/// What a person decides about a canary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CanaryChoice {
    /// Leave the traffic as it is.
    Pause,
    /// Go on with the present step.
    Continue,
    /// Restore the traffic from before. If one of its versions is gone, those that are left share it.
    Back,
}

/// Why a step is waiting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum WaitingBecause {
    /// Azure throttles requests or is unreachable. Berth retries.
    #[serde(rename = "trouble")]
    Failure {
        /// The error.
        why: String,
    },
    /// Azure refused the request because another operation is running. Berth sends it again later.
    OtherOperation {
        /// Azure's message.
        said: String,
    },
    /// Azure accepted the request, but the resource does not reflect it yet. Berth reads it again and sends nothing.
    NotVisibleYet,
    /// The service has not replaced the previous certificate yet. Berth checks again.
    FormerCertificate,
}

/// A resource that a run has created, or may have created.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct MadeResource {
    /// Resource id.
    pub resource_id: String,
    /// True if Azure confirmed it, false if the outcome of the request is unknown.
    pub certain: bool,
    /// Whether Azure bills for it while it exists.
    pub costs: bool,
}

/// Result of checking a deployment from outside the cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Proof {
    /// The checks in order, from the host name to a response.
    #[serde(alias = "rungs")]
    pub checks: Vec<ProofCheck>,
    /// URL that clients use; `None` if there is none.
    pub url: Option<String>,
    /// A curl command that calls it.
    #[serde(default)]
    pub curl: Option<String>,
    /// The DNS record to create; `None` if the name already resolves to the address.
    pub dns_record: Option<DnsRecord>,
    /// When the checks were made, RFC 3339.
    pub looked_at: String,
}

/// One check of a proof.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ProofCheck {
    /// What is checked.
    pub kind: ProofCheckKind,
    /// Result of the check.
    pub state: ProofCheckState,
    /// Key of the text in the catalogue `proof`.
    pub code: String,
    /// Values for the placeholders of the text.
    pub params: std::collections::BTreeMap<String, String>,
}

/// The kinds of check, in the order they are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, VariantArray)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ProofCheckKind {
    /// The host name resolves to the address.
    Name,
    /// The address is public or private, as chosen.
    Address,
    /// TCP connects.
    Tcp,
    /// A TLS 1.2 handshake presents the certificate that was applied.
    Tls,
    /// The front end responds.
    Answer,
    /// Nodes are ready, in the wanted number and version.
    Nodes,
    /// The control plane has the wanted version.
    Version,
    /// The cluster has the wanted tier and support plan.
    Support,
    /// The cluster is running or stopped, as wanted.
    Power,
    /// A resource exists.
    There,
    /// A resource no longer exists.
    Gone,
    /// No objects of a former front end are left.
    Clean,
    /// A version answers a sample.
    Score,
    /// A key is another one than before.
    Key,
    /// An endpoint accepts its new key.
    Access,
    /// The former and the new front end give the same response.
    Same,
}

impl ProofCheckKind {
    /// All kinds of check, in the order they are made.
    pub const ALL: &'static [Self] = Self::VARIANTS;
}

/// Result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ProofCheckState {
    /// The check passed.
    Holds,
    /// The person has to act: create the DNS record.
    ToDo,
    /// It cannot be checked from this computer, such as an internal address from outside its network.
    NotFromHere,
    /// Does not apply, such as TLS if it is off.
    NotAsked,
    /// Not there yet; this is usual for slow changes.
    Waits,
    /// The check failed.
    Fails,
}
