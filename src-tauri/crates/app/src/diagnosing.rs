//! Diagnoses a cluster: reads Azure, the cluster and its front ends concurrently; `berth_domain::diagnosis` interprets
//! the result. Reads only.

mod answering;
mod expected;
mod inside;
mod outside;

pub(crate) use inside::look;

use crate::Berth;
use crate::facts::{fact_of, users};
use crate::given;
use berth_arm::Arm;
use berth_arm::resources::endpoints::{Listed, get_online};
use berth_arm::resources::{clusters, computes, extensions};
use berth_contract::diagnosis::{DiagnoseQuestion, DiagnosisReport, Via};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::diagnosis::{ComputeState, ExtensionState, Symptoms, Unread, Verdict, diagnose, unread};
use berth_domain::facts::ProvisioningState;
use berth_domain::facts::{ClusterFacts, Fact};
use berth_domain::resource_id::{ResourceId, same_resource};
use jiff::Timestamp;
use std::time::Instant;

/// Type of the Azure ML extension.
const MACHINE_LEARNING: &str = "microsoft.azureml.kubernetes";

/// The resource to diagnose.
struct Target {
    /// `None` for a compute without a cluster id.
    cluster_id: Option<String>,
    /// Set when a compute or an endpoint was given.
    compute: Option<ComputeState>,
    /// Set when an endpoint was given.
    endpoint: Option<Listed>,
}

impl Berth {
    /// Diagnoses a cluster, or the cluster that a compute or an endpoint uses.
    ///
    /// # Errors
    /// Sign-in failures; `BadInput` for other kinds of resource; `NotFound` if the resource does not exist. Anything
    /// else that cannot be read is listed in the report.
    pub async fn diagnose(&self, question: &DiagnoseQuestion) -> Result<DiagnosisReport, Failure> {
        let started = Instant::now();
        let resource_id = question.resource_id.trim().trim_end_matches('/');
        given::resource(resource_id)?;
        let (session, arm) = self.reading(&question.account).await?;
        let before = session.arm.requests_sent();
        let target = find(&arm, resource_id).await?;
        // Boxed, because it holds the futures of all concurrent requests.
        let (symptoms, via, mut missing) = Box::pin(read(&arm, &target)).await;
        if symptoms.cluster.known() == Some(&None) && target.compute.is_none() {
            return Err(not_there(resource_id));
        }
        let diagnosis = diagnose(&symptoms);
        missing.extend(unread(&symptoms));
        if target.cluster_id.is_none() {
            missing.push(Unread {
                what: "cluster".to_owned(),
                why: "properties.resourceId = null".to_owned(),
            });
        }
        let verdict = diagnosis.verdict.with_unread(&missing);
        let requests = session.arm.requests_sent().saturating_sub(before);
        Ok(DiagnosisReport {
            resource_id: resource_id.to_owned(),
            cluster_id: target.cluster_id,
            healthy: verdict == Verdict::Healthy,
            verdict,
            causes: diagnosis.causes,
            unread: missing,
            via,
            requests: u32::try_from(requests).unwrap_or(u32::MAX),
            took_ms: u32::try_from(started.elapsed().as_millis()).unwrap_or(u32::MAX),
        })
    }
}

fn not_there(resource_id: &str) -> Failure {
    Failure::new(FailureCode::NotFound, Remedy::CorrectInput).with("what", resource_id)
}

async fn find(arm: &Arm, resource_id: &str) -> Result<Target, Failure> {
    // An extension is diagnosed with its cluster, an endpoint with its compute.
    let cluster = resource_id
        .find("/providers/Microsoft.KubernetesConfiguration/")
        .map_or(resource_id, |at| &resource_id[..at]);
    if ResourceId::parse(cluster)
        .as_ref()
        .is_some_and(ResourceId::is_cluster)
    {
        return Ok(Target {
            cluster_id: Some(cluster.to_owned()),
            compute: None,
            endpoint: None,
        });
    }
    let endpoint = endpoint(arm, resource_id).await?;
    let compute_id = endpoint
        .as_ref()
        .and_then(|found| found.endpoint.compute_id.as_deref());
    let resource_id = compute_id.unwrap_or(resource_id);
    if !ResourceId::parse(resource_id).is_some_and(|id| id.is_compute()) {
        return Err(Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
            .with("what", "resource id")
            .with(
                "why",
                "not the id of an AKS cluster, its extension, a compute or an online endpoint",
            ));
    }
    let found = computes::get_compute(arm, resource_id).await;
    let found = found.map_err(|error| berth_failures::from_arm(&error))?;
    let compute = computes::state(&found.ok_or_else(|| not_there(resource_id))?);
    Ok(Target {
        cluster_id: compute.facts.cluster_id.clone(),
        endpoint,
        compute: Some(compute),
    })
}

/// Reads an online endpoint; `None` if the id is not that of an endpoint.
async fn endpoint(arm: &Arm, resource_id: &str) -> Result<Option<Listed>, Failure> {
    if !ResourceId::parse(resource_id).is_some_and(|id| id.is_online_endpoint()) {
        return Ok(None);
    }
    let found = get_online(arm, resource_id).await;
    let found = found.map_err(|error| berth_failures::from_arm(&error))?;
    found.map(Some).ok_or_else(|| not_there(resource_id))
}

/// Reads everything. Also returns how the cluster was reached, and unread items that have no place in [`Symptoms`].
async fn read(arm: &Arm, target: &Target) -> (Symptoms, Option<Via>, Vec<Unread>) {
    let cluster_id = target.cluster_id.as_deref();
    let (cluster, (computes, mut missing), extension) = tokio::join!(
        fact_of(cluster_id, |id| clusters::get_cluster(arm, id)),
        attachments(arm, target),
        fact_of(cluster_id, |id| extension(arm, id)),
    );
    let known = &computes.clone();
    let mut symptoms = Symptoms {
        cluster_id: cluster_id.unwrap_or_default().to_owned(),
        cluster,
        computes: Fact::Known(computes),
        computes_unread: !missing.is_empty(),
        extension,
        ..Symptoms::default()
    };
    let behind = answering::look(arm, known, target.endpoint.as_ref());
    let inside = Box::pin(look_inside(arm, &mut symptoms));
    let ((answering, unanswered), inside) = tokio::join!(behind, inside);
    symptoms.answering = answering;
    missing.extend(unanswered);
    let via = inside.unwrap_or_else(|closed| {
        missing.push(closed);
        None
    });
    (symptoms, via, missing)
}

/// Reads a running cluster from inside, and probes its front ends. The error says why the cluster could not be entered.
async fn look_inside(arm: &Arm, symptoms: &mut Symptoms) -> Result<Option<Via>, Unread> {
    let Some(cluster) = running(symptoms).cloned() else {
        return Ok(None);
    };
    let expected = expected::front_ends(symptoms);
    let scope = expected::scope(symptoms, &expected);
    match look(arm, &cluster, &scope).await {
        Ok((look, way)) => {
            symptoms.inside = look.inside;
            let services = symptoms
                .inside
                .services
                .known()
                .map(Vec::as_slice)
                .unwrap_or_default();
            symptoms.front_ends = outside::look(expected, services, &scope, &look.certificates).await;
            Ok(Some(way))
        }
        Err(why) => {
            symptoms.inside_closed = Some(why.clone());
            symptoms.front_ends = expected.into_iter().map(|(front_end, _)| front_end).collect();
            let what = "inside".to_owned();
            Err(Unread { what, why })
        }
    }
}

/// The cluster, if its API server runs.
fn running(symptoms: &Symptoms) -> Option<&ClusterFacts> {
    let cluster = symptoms.cluster.known().and_then(Option::as_ref)?;
    is_up(cluster).then_some(cluster)
}

/// Whether a cluster's API server runs.
pub(crate) fn is_up(cluster: &ClusterFacts) -> bool {
    cluster.power_state.eq_ignore_ascii_case("Running")
        && cluster.provisioning_state != ProvisioningState::Creating
}

async fn extension(arm: &Arm, cluster_id: &str) -> Result<Option<ExtensionState>, berth_arm::ArmError> {
    let all = extensions::list_extension_states(arm, cluster_id, Timestamp::now()).await?;
    let ours = |found: &ExtensionState| found.facts.extension_type.eq_ignore_ascii_case(MACHINE_LEARNING);
    Ok(all.into_iter().find(ours))
}

/// Computes on the cluster in every workspace that the account can see, and what could not be read.
async fn attachments(arm: &Arm, target: &Target) -> (Vec<ComputeState>, Vec<Unread>) {
    let mut found: Vec<ComputeState> = target.compute.iter().cloned().collect();
    let Some(cluster_id) = target.cluster_id.as_deref() else {
        return (found, Vec::new());
    };
    let own = found
        .first()
        .and_then(|compute| Some(ResourceId::parse(&compute.facts.id)?.subscription.to_owned()));
    let also: Vec<&str> = own.iter().map(String::as_str).collect();
    let attached = users::attached(arm, cluster_id, &also).await;
    for compute in attached.computes.iter().map(computes::state) {
        let known = found
            .iter()
            .any(|other| same_resource(&other.facts.id, &compute.facts.id));
        if !known {
            found.push(compute);
        }
    }
    let missing = attached.unread.into_iter().map(|place| Unread {
        what: "computes".to_owned(),
        why: format!("{}: {}", place.name, place.why),
    });
    (found, missing.collect())
}
