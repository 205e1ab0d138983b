//! Plans for online endpoints: traffic, and removing versions or the whole endpoint.

use super::ChangePlanner;
use super::leaving::gone;
use crate::canary::TAG;
use crate::change::Edit;
use crate::plan::steps::{confirm, note};
use crate::plan::{Changed, Note, PlanError, PlanStep, Removed, timing};
use crate::traffic::Traffic;
use serde_json::Value;

impl<'a> ChangePlanner<'a> {
    pub(super) fn endpoint(&self) -> Result<&'a Value, PlanError> {
        let known = self.context.facts.change.endpoint.known();
        known
            .and_then(Option::as_ref)
            .ok_or(PlanError::Missing("endpoint"))
    }

    /// The traffic as it was read. Without it, neither a change nor its undo can be planned.
    pub(super) fn live_traffic(&self) -> Result<Traffic, PlanError> {
        Traffic::of_endpoint(self.endpoint()?).map_err(|_| PlanError::Missing("endpoint.traffic"))
    }

    pub(super) fn traffic(&self, endpoint_id: &str, after: &Traffic) -> Result<Vec<PlanStep>, PlanError> {
        let before = self.live_traffic()?;
        let undo = note("undo.traffic", [("traffic", before.to_string())]);
        let losing = losing(&before, after);
        let seen = self.endpoint()?;
        let mut edits = vec![Edit::Traffic {
            before,
            after: after.clone(),
        }];
        // A person who sets the traffic ends a canary that nobody continues.
        if seen["tags"].get(TAG).is_some() {
            edits.push(Edit::remove(&format!("/tags/{TAG}")));
        }
        let mut made = self.put(endpoint_id, Changed::Traffic, seen, edits, timing::TRAFFIC, undo);
        made.interrupts.extend(losing);
        Ok(vec![made])
    }

    pub(super) fn delete_version(
        &self,
        endpoint_id: &str,
        version: &str,
    ) -> Result<Vec<PlanStep>, PlanError> {
        self.live_traffic()?;
        let id = format!("{endpoint_id}/deployments/{version}");
        let mut made = self.removal_of(&id, "delete_version", Removed::Version);
        made.interrupts.push(note("interrupt.no_services", []));
        Ok(vec![made, confirm(vec![gone(&id)])])
    }

    pub(super) fn delete_endpoint(&self, endpoint_id: &str) -> Result<Vec<PlanStep>, PlanError> {
        let before = self.live_traffic()?;
        let mut made = self.removal_of(endpoint_id, "delete_endpoint", Removed::Endpoint);
        let code = match before.is_none() {
            true => "interrupt.endpoint_without_traffic",
            false => "interrupt.endpoint",
        };
        let values = [
            ("name", self.change.title().to_owned()),
            ("traffic", before.to_string()),
        ];
        made.interrupts.push(note(code, values));
        Ok(vec![made, confirm(vec![gone(endpoint_id)])])
    }

    fn removal_of(&self, id: &str, name: &str, what: Removed) -> PlanStep {
        let undo = note("undo.never", []);
        self.context
            .removal(name, id, what, None, timing::ENDPOINT_REMOVAL, undo)
    }
}

/// Versions that lose all their traffic, and an endpoint that is left without any.
pub(super) fn losing(before: &Traffic, after: &Traffic) -> Vec<Note> {
    if after.is_none() && !before.is_none() {
        return vec![note("interrupt.all_traffic", [("traffic", before.to_string())])];
    }
    let lost: Vec<&str> = before
        .live()
        .filter(|(version, _)| after.share(version) == 0)
        .map(|(version, _)| version)
        .collect();
    if lost.is_empty() {
        return vec![note("interrupt.no_services", [])];
    }
    vec![note("interrupt.versions", [("names", lost.join(", "))])]
}
