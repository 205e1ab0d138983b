//! Plans for endpoints: traffic, keys, authentication, and removing versions or the whole endpoint.

use super::ChangePlanner;
use super::leaving::gone;
use crate::bodies::online_endpoint::auth_mode;
use crate::bodies::traffic::service_patch;
use crate::bodies::web_service::{service_auth, service_path};
use crate::canary::TAG;
use crate::change::Edit;
use crate::deployment_spec::Auth;
use crate::endpoint::EndpointKey;
use crate::facts::is_service;
use crate::plan::steps::{change_step, confirm, losing, note, step};
use crate::plan::{Changed, Note, PlanError, PlanStep, PlannedRequest, Removed, StepKind, timing};
use crate::resource_id::is_service_id;
use crate::traffic::{ClassicTrafficGoal, Traffic};
use serde_json::{Value, json};

impl<'a> ChangePlanner<'a> {
    pub(super) fn endpoint(&self) -> Result<&'a Value, PlanError> {
        let known = self.context.facts.change.endpoint.known();
        known
            .and_then(Option::as_ref)
            .ok_or(PlanError::Missing("endpoint"))
    }

    /// The traffic as it was read. Without it, neither a change nor its undo can be planned.
    pub(super) fn live_traffic(&self) -> Result<Traffic, PlanError> {
        Traffic::live_of(self.endpoint()?).map_err(|_| PlanError::Missing("endpoint.traffic"))
    }

    /// The names of the versions as the endpoint spells them. A person may write them in another case.
    fn spelled_as_read(&self, traffic: &Traffic) -> Result<Traffic, PlanError> {
        let versions = self.context.facts.change.endpoint_versions.known();
        let spelled = |name: &str| {
            let mut versions = versions.into_iter().flatten();
            let found = versions.find(|version| version.name.eq_ignore_ascii_case(name));
            found.map_or(name, |version| version.name.as_str()).to_owned()
        };
        let shares = traffic.shares().map(|(name, percent)| (spelled(name), percent));
        Traffic::of(shares).map_err(|_| PlanError::Missing("endpoint.traffic"))
    }

    pub(super) fn traffic(
        &self,
        endpoint_id: &str,
        goal: ClassicTrafficGoal,
    ) -> Result<Vec<PlanStep>, PlanError> {
        let before = self.live_traffic()?;
        let goal = ClassicTrafficGoal {
            traffic: self.spelled_as_read(&goal.traffic)?,
            ..goal
        };
        let undo = note("undo.traffic", [("traffic", before.to_string())]);
        let losing = losing(&before, &goal.traffic);
        let seen = self.endpoint()?;
        let mut made = if is_service(seen) {
            let edits = vec![Edit::ClassicTraffic { before, after: goal }];
            self.patch_service(endpoint_id, Changed::Traffic, seen, edits, undo)
        } else {
            let after = goal.traffic;
            let mut edits = vec![Edit::Traffic { before, after }];
            // A person who sets the traffic ends a canary that nobody continues.
            if seen["tags"].get(TAG).is_some() {
                edits.push(Edit::remove(&format!("/tags/{TAG}")));
            }
            self.context
                .put_edited(endpoint_id, Changed::Traffic, seen, edits, timing::TRAFFIC, undo)
        };
        made.interrupts.extend(losing);
        Ok(vec![made])
    }

    pub(super) fn delete_version(
        &self,
        endpoint_id: &str,
        version: &str,
    ) -> Result<Vec<PlanStep>, PlanError> {
        self.live_traffic()?;
        let seen = self.endpoint()?;
        if is_service(seen) {
            let edits = vec![Edit::RemoveVersion {
                version: version.to_owned(),
            }];
            let undo = note("undo.never", []);
            let mut made = self.patch_service(endpoint_id, Changed::Versions, seen, edits, undo);
            made.interrupts.push(note("interrupt.no_services", []));
            return Ok(vec![made]);
        }
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

    pub(super) fn regenerate_key(
        &self,
        endpoint_id: &str,
        key: EndpointKey,
    ) -> Result<Vec<PlanStep>, PlanError> {
        self.endpoint()?;
        let path = self.context.path(endpoint_id);
        let query = path.split_once('?').map_or("", |(_, query)| query);
        let path = if is_service_id(endpoint_id) {
            format!("{}/regenerateKeys", service_path(endpoint_id))
        } else {
            format!("{endpoint_id}/regenerateKeys?{query}")
        };
        // Only the kind of the key: a value would be in the plan.
        let request = PlannedRequest {
            method: "POST".to_owned(),
            path,
            body: Some(json!({ "keyType": key.as_azure() })),
        };
        let kind = StepKind::RegenerateKey {
            resource_id: endpoint_id.to_owned(),
            key,
        };
        let undo = note("undo.never", []);
        let mut made = step("regenerate_key", kind, Some(request), timing::KEY, undo);
        made.interrupts.push(note("interrupt.key", []));
        Ok(vec![made, proof_of_key(endpoint_id, key)])
    }

    pub(super) fn auth(&self, endpoint_id: &str, auth: Auth) -> Result<Vec<PlanStep>, PlanError> {
        let seen = self.endpoint()?;
        let undo = note("undo.auth", []);
        let mut made = if is_service(seen) {
            self.patch_service(endpoint_id, Changed::Auth, seen, service_auth(auth), undo)
        } else {
            let mode = auth_mode(auth).ok_or(PlanError::Contradiction("auth", "route"))?;
            let edits = vec![Edit::replace("/properties/authMode", mode)];
            self.context
                .put_edited(endpoint_id, Changed::Auth, seen, edits, timing::TRAFFIC, undo)
        };
        made.interrupts.push(note("interrupt.auth", []));
        Ok(vec![made])
    }

    fn removal_of(&self, id: &str, name: &str, what: Removed) -> PlanStep {
        let undo = note("undo.never", []);
        let mut made = self
            .context
            .removal(name, id, what, None, timing::ENDPOINT_REMOVAL, undo);
        if let Some(request) = made.request.as_mut().filter(|_| is_service_id(id)) {
            request.path = service_path(id);
        }
        made
    }

    /// Builds a step that sends a service's edits as one JSON Patch.
    fn patch_service(&self, id: &str, what: Changed, seen: &Value, edits: Vec<Edit>, undo: Note) -> PlanStep {
        let request = PlannedRequest {
            method: "PATCH".to_owned(),
            path: service_path(id),
            body: Some(service_patch(seen, &edits)),
        };
        change_step(id, what, request, edits, timing::TRAFFIC, undo)
    }
}

fn proof_of_key(endpoint_id: &str, key: EndpointKey) -> PlanStep {
    let kind = StepKind::ProveKey {
        endpoint_id: endpoint_id.to_owned(),
        key,
    };
    step("prove_key", kind, None, timing::PROOF, note("undo.nothing", []))
}
