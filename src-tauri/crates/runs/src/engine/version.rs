//! Proves a version: calls it with the person's sample until it answers, or its front end has had time enough.

use super::local::NEXT_PROOF;
use super::step_run::{StepError, StepRun};
use crate::prove;
use crate::scoring::{Caller, PATIENT, Target, TargetProblem};
use berth_arm::resources::computes::Budget;
use berth_arm::resources::endpoints::{get_online, get_service, list_deployments};
use berth_arm::{ArmError, Pages};
use berth_certs::probe::Bytes;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::run::{Proof, ProofCheck};
use berth_domain::endpoint::Endpoint;
use berth_domain::resource_id::{is_service_id, last_segment, parent};
use futures::future::BoxFuture;
use std::path::Path;

impl StepRun<'_> {
    /// Calls the version until it answers with success.
    pub(super) fn prove_version<'a>(
        &'a mut self,
        endpoint_id: &'a str,
        version: &'a str,
        sample: &'a str,
    ) -> BoxFuture<'a, Result<bool, StepError>> {
        Box::pin(self.call_until_it_answers(endpoint_id, version, sample))
    }

    async fn call_until_it_answers(
        &mut self,
        endpoint_id: &str,
        version: &str,
        sample: &str,
    ) -> Result<bool, StepError> {
        let body = read_sample(sample).await?;
        let mut grace = self.budget(self.tools().patience.proof);
        loop {
            self.check_cancelled()?;
            match self
                .unless_cancelled(self.call_version(endpoint_id, version, &body))
                .await?
            {
                Ok(proof) => {
                    let holds = prove::holds(&proof);
                    self.merge_proof(proof);
                    if holds {
                        self.clear_waiting()?;
                        return Ok(false);
                    }
                    self.check_grace(&mut grace)?;
                    self.engine.show();
                    self.pause(NEXT_PROOF).await?;
                }
                Err(error) => self.retry_or_fail(&error).await?,
            }
        }
    }

    fn call_version<'a>(
        &'a self,
        endpoint_id: &'a str,
        version: &'a str,
        body: &'a Bytes,
    ) -> BoxFuture<'a, Result<Proof, ArmError>> {
        Box::pin(self.call_once(endpoint_id, version, body))
    }

    async fn call_once(&self, endpoint_id: &str, version: &str, body: &Bytes) -> Result<Proof, ArmError> {
        let arm = &self.tools().arm;
        let Some(endpoint) = read_endpoint(arm, endpoint_id).await? else {
            return Ok(self.proof_of(None, prove::scored::gone(endpoint_id)));
        };
        let (notes, _) = self.tools().certificates.list_notes();
        let leaves = notes.into_iter().map(|note| note.certificate.sha256).collect();
        let caller = Caller::new(arm.clone(), endpoint, leaves, None).await;
        let target = match caller.target(Some(version)) {
            Ok(target) => target,
            Err(problem) => return Ok(self.proof_of(None, no_target(version, &problem))),
        };
        let called = Box::pin(caller.call(&target, body.clone(), PATIENT)).await;
        Ok(self.proof_of(Some(&target), prove::scored::judge(version, called)))
    }

    fn proof_of(&self, target: Option<&Target>, check: ProofCheck) -> Proof {
        Proof {
            checks: vec![check],
            url: target.map(|target| target.url.clone()),
            curl: None,
            dns_record: None,
            looked_at: self.tools().clock.now().to_string(),
        }
    }
}

/// The endpoint with its versions; `None` if it does not exist.
async fn read_endpoint(arm: &berth_arm::Arm, id: &str) -> Result<Option<Endpoint>, ArmError> {
    if is_service_id(id) {
        let workspace = parent(id).unwrap_or_default();
        let service = get_service(arm, workspace, None, last_segment(id)).await?;
        return Ok(service.map(|service| service.endpoint));
    }
    let Some(listed) = get_online(arm, id).await? else {
        return Ok(None);
    };
    let mut pages = Pages::default();
    list_deployments(arm, &listed, &Budget::default(), &mut pages).await?;
    Ok(Some(listed.with_versions(pages.items, None)))
}

fn no_target(version: &str, problem: &TargetProblem) -> ProofCheck {
    prove::scored::no_target(version, problem)
}

/// Reads the sample. Its content goes to the version only.
async fn read_sample(path: &str) -> Result<Bytes, Failure> {
    let read = tokio::fs::read(Path::new(path)).await;
    read.map(Bytes::from).map_err(|error| {
        Failure::new(FailureCode::FileProblem, Remedy::CorrectInput)
            .with("path", path)
            .with("why", &error)
            .because(&error)
    })
}
