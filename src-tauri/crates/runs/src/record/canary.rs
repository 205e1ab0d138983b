//! What a run records about a canary: counts and traffic, never a sample, an answer or a key.

use berth_arm::Bookmark;
use berth_contract::failure::Failure;
use berth_contract::run::{CanaryProgress, PodsSeen};
use berth_domain::canary::{Action, Canary};
use berth_domain::traffic::Traffic;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Writes to keep. Only the last one matters for going on.
const MOST_WRITES: usize = 100;

/// The state of a canary.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CanaryRecord {
    /// Where it is.
    pub canary: Canary,
    /// The writes of traffic that were sent or may have been, oldest first.
    pub writes: Vec<CanaryWrite>,
    /// Why Azure did not take the last one.
    pub refusal: Option<Box<Failure>>,
    /// The pods of the new version, as they were last read.
    #[serde(default)]
    pub pods: Option<PodsSeen>,
}

/// A write of traffic that was sent, or may have been.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CanaryWrite {
    /// When it was sent.
    pub at: Timestamp,
    /// `x-ms-client-request-id`.
    pub client_request_id: Uuid,
    /// The traffic before.
    pub before: Traffic,
    /// The traffic that was sent.
    pub target: Traffic,
    /// `lastModifiedAt` of the endpoint before.
    pub modified_before: Option<String>,
    /// Address of the endpoint's latest operation before, anybody's.
    pub operation_before: Option<String>,
    /// How to poll the operation, until it ended.
    pub bookmark: Option<Bookmark>,
    /// The traffic after, once it was read.
    pub after: Option<Traffic>,
}

impl CanaryRecord {
    /// The record of a canary that has sent nothing.
    pub fn new(canary: Canary) -> Self {
        Self {
            canary,
            writes: Vec::new(),
            refusal: None,
            pods: None,
        }
    }

    /// Adds a write that is about to be sent.
    pub(crate) fn add(&mut self, write: CanaryWrite) {
        if self.writes.len() >= MOST_WRITES {
            self.writes.remove(0);
        }
        self.writes.push(write);
    }

    /// Whether it waits for the person.
    pub(super) fn waits(&self) -> bool {
        matches!(self.canary.action(0), Action::Ask)
    }

    pub(super) fn progress(&self) -> CanaryProgress {
        let (reached, steps) = self.canary.progress();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        CanaryProgress {
            stage: self.canary.stage().clone(),
            reached: number(reached),
            steps: number(steps),
            before: self.canary.before().clone(),
            now: self.canary.expected().clone(),
            next: self.canary.next_map().cloned(),
            refusal: self.refusal.as_deref().cloned(),
            pods: self.pods.clone(),
        }
    }
}
