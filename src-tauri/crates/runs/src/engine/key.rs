//! Proves a regenerated key: it is another one than before, and the endpoint accepts it. Berth keeps no key, so it cannot check
//! that the endpoint refuses the former one.

use super::step_run::{StepError, StepRun};
use super::version::{Call, read_endpoint};
use crate::prove;
use crate::scoring::{Caller, PATIENT, Target};
use berth_arm::ArmError;
use berth_arm::resources::endpoints::list_keys;
use berth_certs::probe::Bytes;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::RequestSample;
use berth_contract::run::{Proof, ProofCheck};
use berth_domain::endpoint::{EndpointKey, key_mark};
use berth_domain::plan::StepKind;
use berth_domain::resource_id::last_segment;
use berth_home::samples;
use futures::future::BoxFuture;
use secrecy::{ExposeSecret as _, SecretString};

/// A regenerated key, and what to send with it.
pub(super) struct KeyCall<'a> {
    endpoint_id: &'a str,
    key: EndpointKey,
    /// The mark of the former key.
    before: String,
    /// A request that the person saved for the endpoint.
    sample: Option<RequestSample>,
}

impl StepRun<'_> {
    /// Calls the endpoint until it accepts the new key.
    pub(super) fn prove_key<'a>(
        &'a mut self,
        endpoint_id: &'a str,
        key: EndpointKey,
    ) -> BoxFuture<'a, Result<bool, StepError>> {
        Box::pin(async move {
            let before = self.mark_before(endpoint_id, key);
            let before = before.ok_or_else(|| Failure::new(FailureCode::Internal, Remedy::ReportBug))?;
            let call = Call::WithKey(KeyCall {
                endpoint_id,
                key,
                before,
                sample: self.saved_sample(endpoint_id),
            });
            self.call_until_proven(&call).await
        })
    }

    /// The mark of the key before it was regenerated.
    fn mark_before(&self, endpoint_id: &str, regenerated: EndpointKey) -> Option<String> {
        let record = self.record();
        let mut steps = record.plan.steps.iter().zip(&record.steps);
        let (_, done) = steps.find(|(planned, _)| {
            matches!(&planned.kind, StepKind::RegenerateKey { resource_id, key }
                if resource_id == endpoint_id && *key == regenerated)
        })?;
        done.intent.as_ref()?.before.clone()
    }

    /// The first saved request by name. One that cannot be read is not needed.
    fn saved_sample(&self, endpoint_id: &str) -> Option<RequestSample> {
        match samples::read(self.tools().certificates.home(), endpoint_id) {
            Ok(saved) => saved.into_iter().next(),
            Err(failure) => {
                tracing::warn!(detail = failure.detail, "saved requests cannot be read");
                None
            }
        }
    }

    pub(super) async fn call_with_key(&self, call: &KeyCall<'_>) -> Result<Proof, ArmError> {
        let arm = &self.tools().arm;
        let value = list_keys(arm, call.endpoint_id).await?.into_key(call.key);
        let mark = key_mark(&self.record().plan.id, value.expose_secret());
        let name = last_segment(call.endpoint_id);
        let compared = prove::key::compared(name, mark != call.before);
        let Some(endpoint) = read_endpoint(arm, call.endpoint_id).await? else {
            return Ok(self.proof_of(None, vec![prove::scored::gone(call.endpoint_id)]));
        };
        let caller = self.caller(endpoint).await;
        let target = match caller.target(None) {
            Ok(target) => target,
            Err(problem) => {
                let checks = vec![compared, prove::key::no_target(name, &problem)];
                return Ok(self.proof_of(None, checks));
            }
        };
        let asked = match &call.sample {
            Some(_) => target.clone(),
            None => target.description(),
        };
        let accepted = Box::pin(accepted(&caller, &asked, value, call)).await;
        Ok(self.proof_of(Some(&target), vec![compared, accepted]))
    }
}

async fn accepted(caller: &Caller, asked: &Target, value: SecretString, call: &KeyCall<'_>) -> ProofCheck {
    let sample = call.sample.as_ref();
    let body = sample.map_or_else(Bytes::new, |sample| Bytes::from(sample.request.clone()));
    let called = caller.call_with_key(value, asked, body, PATIENT).await;
    let sample = sample.map(|sample| sample.name.as_str());
    prove::key::accepted(last_segment(call.endpoint_id), sample, called)
}
