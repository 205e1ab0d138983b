//! A run as the window and the command line see it, and the stream that keeps the view fresh.

use crate::failure::Failure;
use berth_domain::dns::DnsRecord;
use berth_domain::plan::Plan;
use serde::{Deserialize, Serialize};
use strum::VariantArray;
use ts_rs::TS;

/// State of a whole run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RunState {
    /// Steps are being carried out by this program.
    Running,
    /// It was running when the program ended; it goes on once its account is signed in.
    Interrupted,
    /// Every step is done and the proof holds (or only asks for a DNS record).
    Succeeded,
    /// A step failed. It can be resumed.
    Failed,
    /// The person stopped it. What Azure still finishes is in the steps. It can be resumed.
    Cancelled,
    /// The change did not show; what was there before was put back and is in force. It cannot be resumed.
    TakenBack,
}

/// State of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum StepState {
    /// Its turn has not come.
    Waiting,
    /// It is being inspected or its request is being sent.
    Starting,
    /// Azure works on it.
    InProgress,
    /// Done by this run.
    Done,
    /// It was there already and fits.
    AlreadyThere,
    /// It could not be done, and the run went on without it.
    PassedOver,
    /// It failed.
    Failed,
    /// It was stopped.
    Cancelled,
}

/// One line in the list of runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RunSummary {
    /// Id.
    pub id: String,
    /// Cluster (or compute) it is about, for people.
    pub title: String,
    /// Account it runs on.
    pub account: String,
    /// State.
    pub state: RunState,
    /// Steps done.
    pub steps_done: u32,
    /// Steps in all.
    pub steps_total: u32,
    /// RFC 3339.
    pub started_at: String,
    /// RFC 3339, once it ended.
    pub ended_at: Option<String>,
    /// Why nothing but the id is known; null for a run that could be read.
    pub unread: Option<Failure>,
}

/// A run with everything a screen shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RunSnapshot {
    /// The line of the list.
    pub summary: RunSummary,
    /// Rises with each change; a view that has a higher number than a message ignores the message.
    pub seq: u32,
    /// What is carried out.
    pub plan: Plan,
    /// Progress of each step of the plan, in the same order.
    pub steps: Vec<StepProgress>,
    /// Progress of each step of the plan's way back, in the same order.
    pub back: Vec<StepProgress>,
    /// Whether the run puts back what was there before, or has.
    pub goes_back: bool,
    /// What was seen from outside, once looked.
    pub proof: Option<Proof>,
    /// Resources the run has made or may have made so far, for "what exists now".
    pub made: Vec<MadeResource>,
}

/// Where a step stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct StepProgress {
    /// Id of the step in the plan.
    pub id: String,
    /// State.
    pub state: StepState,
    /// RFC 3339.
    pub started_at: Option<String>,
    /// RFC 3339.
    pub ended_at: Option<String>,
    /// Percent, only where Azure gives one.
    pub percent: Option<u8>,
    /// Last message of Azure, where it gives one.
    pub message: Option<String>,
    /// Correlation id of the request, to give to support.
    pub correlation_id: Option<String>,
    /// `x-ms-client-request-id` that Berth sent.
    pub client_request_id: Option<String>,
    /// How often it was tried.
    pub attempts: u32,
    /// Longer than usual; not failed.
    pub slower_than_usual: bool,
    /// Why it waits, where it does.
    pub waiting_because: Option<WaitingBecause>,
    /// Why it failed, or was passed over.
    pub failure: Option<Failure>,
}

/// Why a step waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum WaitingBecause {
    /// Azure throttles, or is not reached just now. Berth asks again.
    Trouble {
        /// What was said.
        why: String,
    },
    /// Azure refuses the request because another operation is running. Berth sends it again later.
    OtherOperation {
        /// What Azure said.
        said: String,
    },
    /// Azure accepted the request, and the resource does not show it yet. Berth looks again and sends nothing.
    NotVisibleYet,
    /// The service renews a certificate in its own time, and still shows the former one. Berth looks again.
    FormerCertificate,
}

/// A resource that exists, or may, because of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct MadeResource {
    /// Resource id.
    pub resource_id: String,
    /// True when Azure confirmed it, false when a request was sent and its end is not known.
    pub certain: bool,
    /// Whether it costs money while it exists.
    pub costs: bool,
}

/// What was seen from outside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Proof {
    /// The rungs, from name to answer.
    pub rungs: Vec<Rung>,
    /// URL callers use.
    pub url: Option<String>,
    /// The command that calls it.
    #[serde(default)]
    pub curl: Option<String>,
    /// The DNS record to make, where the name does not answer with the address yet.
    pub dns_record: Option<DnsRecord>,
    /// RFC 3339.
    pub looked_at: String,
}

/// One rung of the proof.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Rung {
    /// Which one.
    pub kind: RungKind,
    /// How it went.
    pub state: RungState,
    /// Key of the words in the catalogue `proof`.
    pub code: String,
    /// What was seen, for the words.
    pub params: std::collections::BTreeMap<String, String>,
}

/// The rungs, bottom to top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, VariantArray)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RungKind {
    /// The name answers with the address.
    Name,
    /// The address is public or private, as chosen.
    Address,
    /// TCP connects.
    Tcp,
    /// TLS 1.2 shows the certificate that was applied.
    Tls,
    /// The front end answers.
    Answer,
    /// Nodes are ready, in the number and version wanted.
    Nodes,
    /// The control plane has the version wanted.
    Version,
    /// The cluster runs, or is stopped.
    Power,
    /// A resource is there.
    There,
    /// A resource is gone.
    Gone,
    /// Nothing of a former front end is left.
    Clean,
    /// The former and the new front end say the same.
    Same,
}

impl RungKind {
    /// All rungs, bottom to top.
    pub const ALL: &'static [Self] = Self::VARIANTS;
}

/// How a rung went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RungState {
    /// As it should be.
    Holds,
    /// The person has something to do (the DNS record).
    ToDo,
    /// It cannot be seen from here (an internal address from outside its network).
    NotFromHere,
    /// Does not apply (TLS off).
    NotAsked,
    /// Not yet, as is usual for what is slow.
    Waits,
    /// Wrong.
    Fails,
}
