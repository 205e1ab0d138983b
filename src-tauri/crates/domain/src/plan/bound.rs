//! The state a plan was approved for: the exact certificate, cluster and compute that were read, and who is affected. If
//! one of them has been replaced by the time the plan runs, it is no longer the plan that was approved.

use super::{PlanStep, StepKind};
use crate::change::Change;
use crate::change::interruption::{interrupted, others};
use crate::facts::{ComputeFacts, Dependent, Facts};
use crate::provenance::{identity, same_identity};
use crate::resource_id::{last_segment, parent, same_resource};
use crate::spec::Tls;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// What a plan was made for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct Bound {
    /// The certificate to apply; `None` if the plan was not given one.
    pub certificate: Option<GivenCertificate>,
    /// The existing cluster and compute, and the other computes that the plan detaches.
    pub targets: Vec<Target>,
    /// Services and endpoints that stop answering, and computes that lose their cluster.
    pub affected: Vec<Affected>,
}

/// A certificate, identified by its fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct GivenCertificate {
    /// SHA-256 of the leaf, lower-case hexadecimal.
    pub sha256: String,
    /// End of validity, RFC 3339.
    pub not_after: String,
}

/// An existing resource and the identity it keeps until it is deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Target {
    pub resource_id: String,
    /// See [`identity`]; `None` if Azure returns none.
    pub identity: Option<String>,
}

/// A service or endpoint that stops answering, or a compute that loses its cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Affected {
    /// Resource id of the service, endpoint or compute.
    pub resource_id: String,
    pub name: String,
    /// `true` for a compute, `false` for a service or endpoint.
    pub is_compute: bool,
}

impl Bound {
    /// Records the state that a plan made from `facts` depends on.
    pub(super) fn of(change: Option<&Change>, tls: Option<&Tls>, facts: &Facts, steps: &[PlanStep]) -> Self {
        let given = tls.and_then(Tls::pair).and(facts.certificate.known());
        let certificate = given.and_then(|read| read.as_ref().ok());
        Self {
            certificate: certificate.map(|facts| GivenCertificate {
                sha256: facts.sha256.clone(),
                not_after: facts.not_after.clone(),
            }),
            targets: targets(facts, steps),
            affected: change.map(|change| affected(change, facts)).unwrap_or_default(),
        }
    }

    /// Finds a target by resource id.
    pub fn target(&self, id: &str) -> Option<&Target> {
        self.targets
            .iter()
            .find(|target| same_resource(&target.resource_id, id))
    }
}

impl Target {
    fn of(resource: &Value) -> Option<Self> {
        let id = resource["id"].as_str().filter(|id| !id.is_empty())?;
        Some(Self {
            resource_id: id.to_owned(),
            identity: identity(resource),
        })
    }

    /// Whether `now`, which has the same id, is a different resource: the original was deleted and recreated.
    pub fn is_replaced_by(&self, now: &Value) -> bool {
        self.differs(identity(now).as_deref())
    }

    pub(super) fn differs(&self, now: Option<&str>) -> bool {
        let same = |then: &str| now.is_some_and(|now| same_identity(then, now));
        self.identity.as_deref().is_some_and(|then| !same(then))
    }

    /// Last segment of the resource id.
    pub fn name(&self) -> &str {
        last_segment(&self.resource_id)
    }
}

fn targets(facts: &Facts, steps: &[PlanStep]) -> Vec<Target> {
    let subjects = [
        &facts.change.cluster,
        &facts.change.compute,
        &facts.change.endpoint,
        &facts.deploy.version,
    ];
    let mut targets: Vec<Target> = subjects
        .into_iter()
        .filter_map(|fact| Target::of(fact.known()?.as_ref()?))
        .collect();
    let removed = |compute: &&ComputeFacts| {
        steps.iter().any(|step| {
            matches!(&step.kind, StepKind::RemoveResource { resource_id, .. }
                if same_resource(resource_id, &compute.id))
        })
    };
    for compute in facts.attachments().iter().filter(removed) {
        if !targets
            .iter()
            .any(|known| same_resource(&known.resource_id, &compute.id))
        {
            targets.push(Target {
                resource_id: compute.id.clone(),
                identity: compute.identity.clone(),
            });
        }
    }
    targets.sort_by(|one, other| one.resource_id.cmp(&other.resource_id));
    targets
}

/// Everything a change affects, in a stable order.
pub(super) fn affected(change: &Change, facts: &Facts) -> Vec<Affected> {
    let services = interrupted(change, facts).into_iter().map(|one| Affected {
        resource_id: id_of(one, facts),
        name: one.name.clone(),
        is_compute: false,
    });
    let computes = others(change, facts).into_iter().map(|compute| Affected {
        resource_id: compute.id.clone(),
        name: compute.name.clone(),
        is_compute: true,
    });
    services.chain(computes).collect()
}

/// Resource id of a dependent: a service on the classic route, otherwise an online endpoint.
fn id_of(one: &Dependent, facts: &Facts) -> String {
    let through = |id: &str| same_resource(id, &one.compute_id);
    let compute = facts.attachments().iter().find(|compute| through(&compute.id));
    let kind = if compute.is_some_and(ComputeFacts::is_classic) {
        "services"
    } else {
        "onlineEndpoints"
    };
    let workspace = parent(&one.compute_id).unwrap_or(&one.compute_id);
    format!("{workspace}/{kind}/{}", one.name)
}
