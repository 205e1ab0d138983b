//! Proves by calling an endpoint until it answers as it should, or its front end has had time enough: a version with the
//! person's sample, or a new key.

use super::key::KeyCall;
use super::local::NEXT_PROOF;
use super::step_run::{StepError, StepRun};
use crate::prove;
use crate::scoring::{Caller, PATIENT, Target};
use berth_arm::resources::computes::Budget;
use berth_arm::resources::endpoints::{get_online, get_service, list_deployments};
use berth_arm::{ArmError, Pages};
use berth_certs::probe::Bytes;
use berth_contract::failure::Failure;
use berth_contract::run::{Proof, ProofCheck, ProofCheckState, WaitingBecause};
use berth_domain::endpoint::Endpoint;
use berth_domain::resource_id::{is_service_id, last_segment, parent};
use berth_domain::scoring::REQUEST_BYTES;
use berth_home::input_file::{self, NamedBy};
use futures::future::BoxFuture;
use std::path::Path;

/// What to call.
pub(super) enum Call<'a> {
    /// A version, with a sample.
    Version {
        endpoint_id: &'a str,
        version: &'a str,
        body: Bytes,
    },
    /// An endpoint, with a new key.
    WithKey(KeyCall<'a>),
}

impl StepRun<'_> {
    /// Calls the version until it answers with success.
    pub(super) fn prove_version<'a>(
        &'a mut self,
        endpoint_id: &'a str,
        version: &'a str,
        sample: &'a str,
    ) -> BoxFuture<'a, Result<bool, StepError>> {
        Box::pin(async move {
            let call = Call::Version {
                endpoint_id,
                version,
                body: read_sample(sample).await?,
            };
            self.call_until_proven(&call).await
        })
    }

    pub(super) async fn call_until_proven(&mut self, call: &Call<'_>) -> Result<bool, StepError> {
        let mut grace = self.budget(self.tools().patience.proof);
        loop {
            self.check_cancelled()?;
            match self.unless_cancelled(self.call(call)).await? {
                Ok(proof) => {
                    let (holds, trouble) = (prove::holds(&proof), trouble(&proof));
                    self.merge_proof(proof);
                    if holds {
                        self.clear_waiting()?;
                        return Ok(false);
                    }
                    self.check_grace(&mut grace)?;
                    match trouble {
                        Some(why) => self.show_waiting(WaitingBecause::Failure { why })?,
                        None => self.engine.show(),
                    }
                    self.pause(NEXT_PROOF).await?;
                }
                Err(error) => self.retry_or_fail(&error).await?,
            }
        }
    }

    fn call<'a>(&'a self, call: &'a Call<'a>) -> BoxFuture<'a, Result<Proof, ArmError>> {
        match call {
            Call::Version {
                endpoint_id,
                version,
                body,
            } => Box::pin(self.call_version(endpoint_id, version, body)),
            Call::WithKey(call) => Box::pin(self.call_with_key(call)),
        }
    }

    async fn call_version(&self, endpoint_id: &str, version: &str, body: &Bytes) -> Result<Proof, ArmError> {
        let arm = &self.tools().arm;
        let Some(endpoint) = read_endpoint(arm, endpoint_id).await? else {
            return Ok(self.proof_of(None, vec![prove::scored::gone(endpoint_id)]));
        };
        let caller = self.caller(endpoint).await;
        let target = match caller.target(Some(version)) {
            Ok(target) => target,
            Err(problem) => {
                let check = prove::scored::no_target(version, &problem);
                return Ok(self.proof_of(None, vec![check]));
            }
        };
        let called = Box::pin(caller.call(&target, body.clone(), PATIENT)).await;
        Ok(self.proof_of(Some(&target), vec![prove::scored::judge(version, called)]))
    }

    pub(super) async fn caller(&self, endpoint: Endpoint) -> Caller {
        let (notes, _) = self.tools().certificates.list_notes();
        let leaves = notes.into_iter().map(|note| note.certificate.sha256).collect();
        let (arm, clock) = (self.tools().arm.clone(), self.tools().clock.as_ref());
        Box::pin(Caller::new(arm, clock, endpoint, leaves, None)).await
    }

    pub(super) fn proof_of(&self, target: Option<&Target>, checks: Vec<ProofCheck>) -> Proof {
        Proof {
            checks,
            url: target.map(|target| target.url.clone()),
            curl: None,
            dns_record: None,
            looked_at: self.tools().clock.now().to_string(),
        }
    }
}

/// Why the call will be made again.
fn trouble(proof: &Proof) -> Option<String> {
    let mut checks = proof.checks.iter();
    let failed = checks.find(|check| check.state != ProofCheckState::Holds)?;
    let status = failed.params.get("status").map(|status| format!("HTTP {status}"));
    status.or_else(|| failed.params.get("why").cloned())
}

/// The endpoint with its versions; `None` if it does not exist.
pub(super) async fn read_endpoint(arm: &berth_arm::Arm, id: &str) -> Result<Option<Endpoint>, ArmError> {
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

/// Reads the sample. Its content goes to the version only.
async fn read_sample(path: &str) -> Result<Bytes, Failure> {
    let limit = u64::try_from(REQUEST_BYTES).unwrap_or(u64::MAX);
    let read = input_file::read(Path::new(path), NamedBy::Document, limit).await?;
    Ok(Bytes::copy_from_slice(&read))
}

#[cfg(test)]
mod tests {
    use super::*;
    use berth_contract::failure::FailureCode;

    /// The file may have been replaced since the review.
    #[tokio::test]
    async fn a_sample_that_has_become_too_large_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sample.json");
        let file = std::fs::File::create(&path).unwrap();
        file.set_len(u64::try_from(REQUEST_BYTES).unwrap() + 1).unwrap();
        let failure = read_sample(&path.display().to_string()).await.unwrap_err();
        assert_eq!(failure.code, FailureCode::FileProblem);
        assert_eq!(failure.params["why"], "too_big");
    }
}
