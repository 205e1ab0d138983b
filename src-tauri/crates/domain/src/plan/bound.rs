//! What a plan holds for: the very certificate, cluster and compute that were looked at, and who is affected. Where one of
//! them is another by the time it is carried out, it is not the plan that was agreed to.

use crate::change::Change;
use crate::change::interruption::{interrupted, others};
use crate::facts::{Dependent, Facts};
use crate::provenance::{identity, same_identity};
use crate::resource_id::same_resource;
use crate::spec::Tls;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// What a plan was made for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct Bound {
    /// The certificate that is applied, where one is given.
    pub certificate: Option<GivenCertificate>,
    /// The cluster and the compute that are there already.
    pub targets: Vec<Target>,
    /// What stops answering, or loses its cluster.
    pub affected: Vec<Affected>,
}

/// A certificate by its fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct GivenCertificate {
    /// SHA-256 of the leaf, lower-case hexadecimal.
    pub sha256: String,
    /// Last moment it is valid, RFC 3339.
    pub not_after: String,
}

/// A resource that is there, by what it keeps as long as it lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Target {
    /// Resource id.
    pub resource_id: String,
    /// Its identity, see [`identity`]; `None` where Azure tells none.
    pub identity: Option<String>,
}

/// Something that stops answering, or a compute that loses its cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Affected {
    /// Resource id of the service, endpoint or compute.
    pub resource_id: String,
    /// Its name.
    pub name: String,
    /// Whether it is a compute, not what answers through one.
    pub is_compute: bool,
}

impl Bound {
    /// What a plan made from facts holds for.
    pub(super) fn of(change: Option<&Change>, tls: Option<&Tls>, facts: &Facts) -> Self {
        let given = tls.and_then(Tls::pair).and(facts.certificate.known());
        let certificate = given.and_then(|read| read.as_ref().ok());
        Self {
            certificate: certificate.map(|facts| GivenCertificate {
                sha256: facts.sha256.clone(),
                not_after: facts.not_after.clone(),
            }),
            targets: targets(facts),
            affected: change.map(|change| affected(change, facts)).unwrap_or_default(),
        }
    }

    /// The resource of an id that the plan is about.
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

    /// Whether a resource of the same id is another one: it was deleted, and made again.
    pub fn is_replaced_by(&self, now: &Value) -> bool {
        self.differs(identity(now).as_deref())
    }

    pub(super) fn differs(&self, now: Option<&str>) -> bool {
        let same = |then: &str| now.is_some_and(|now| same_identity(then, now));
        self.identity.as_deref().is_some_and(|then| !same(then))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.resource_id.rsplit('/').next().unwrap_or_default()
    }
}

fn targets(facts: &Facts) -> Vec<Target> {
    let read = [&facts.change.cluster, &facts.change.compute];
    read.into_iter()
        .filter_map(|fact| Target::of(fact.known()?.as_ref()?))
        .collect()
}

/// What a change affects by the facts, in an order of its own.
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

/// Resource id of what answers through a compute: a service of the classic route, else an online endpoint.
fn id_of(one: &Dependent, facts: &Facts) -> String {
    let through = |id: &str| same_resource(id, &one.compute_id);
    let compute = facts.attachments().iter().find(|compute| through(&compute.id));
    let kind = if compute.is_some_and(crate::facts::ComputeFacts::is_classic) {
        "services"
    } else {
        "onlineEndpoints"
    };
    let lower = one.compute_id.to_ascii_lowercase();
    let workspace = lower
        .rfind("/computes/")
        .and_then(|at| one.compute_id.get(..at))
        .unwrap_or(&one.compute_id);
    format!("{workspace}/{kind}/{}", one.name)
}
