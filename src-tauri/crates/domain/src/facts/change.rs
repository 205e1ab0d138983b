//! Facts that a change needs and a set-up does not.

use super::{BudgetFacts, ComputeFacts, Fact, OwnerFacts, Rights, RunFacts, VnetFacts};
use crate::canary::SampleProblem;
use crate::certificate::CertificateFacts;
use crate::endpoint::{Endpoint, EndpointVersion};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// Facts read for a change.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChangeFacts {
    /// The cluster as returned by Azure; `None` if it does not exist.
    pub cluster: Fact<Option<Value>>,
    /// The compute as returned by Azure (never with secrets); `None` if it does not exist.
    pub compute: Fact<Option<Value>>,
    /// The online endpoint as returned by Azure; `None` if it does not exist.
    pub endpoint: Fact<Option<Value>>,
    /// The versions of the online endpoint.
    pub endpoint_versions: Fact<Vec<EndpointVersion>>,
    /// The services of the workspace on the classic route as returned by Azure; only for a move.
    pub services: Fact<Vec<Value>>,
    /// Whether the sample of a canary can be sent.
    pub sample: Fact<Result<(), SampleProblem>>,
    /// The virtual networks of the cluster's pools, if the change adds nodes.
    pub networks: Fact<Vec<VnetFacts>>,
    /// Versions the cluster can be upgraded to.
    pub upgrades: Fact<Vec<UpgradeTarget>>,
    /// The pod disruption budgets of the cluster, if the change drains nodes.
    pub budgets: Fact<Vec<BudgetFacts>>,
    /// The front end inside the cluster; `None` if there is none.
    pub front_end: Fact<Option<FrontEndFacts>>,
    /// The certificate in the front end's secret; `None` if there is none.
    pub kept: Fact<Option<CertificateFacts>>,
    /// The certificate that the scoring address presents to clients; `None` if it presents none.
    pub presented: Fact<Option<Presented>>,
    /// The account's effective rights on the scope of a grant.
    pub scope_rights: Fact<Vec<Rights>>,
    /// Workspaces and clusters that own the identity to be granted a role.
    pub owners: Fact<Vec<OwnerFacts>>,
    /// The run to clean up after; `None` if this computer has no run with that id.
    pub run: Fact<Option<RunFacts>>,
}

/// A certificate as presented by a front end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Presented {
    /// SHA-256 of the leaf, lower-case hexadecimal.
    pub sha256: String,
    /// End of validity, RFC 3339.
    pub not_after: String,
    /// Whole days left when it was read; negative once expired.
    pub days_left: i32,
}

impl From<CertificateFacts> for Presented {
    fn from(facts: CertificateFacts) -> Self {
        Self {
            sha256: facts.sha256,
            not_after: facts.not_after,
            days_left: facts.days_left,
        }
    }
}

impl Presented {
    /// Whether the service would renew it: with more than about 70 days left it does nothing
    /// (learn.microsoft.com/azure/machine-learning/v1/how-to-secure-web-service; MicrosoftDocs/azure-docs issue 56352,
    /// reported in 2020).
    pub fn is_due(&self) -> bool {
        self.days_left <= RENEWED_BELOW_DAYS
    }
}

/// The service does not renew a certificate that has more days left than this.
pub const RENEWED_BELOW_DAYS: i32 = 70;

/// A service (classic) or an online endpoint (extension) served by a compute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Dependent {
    pub name: String,
    pub compute: String,
    pub compute_id: String,
    /// Scoring URL, once it has one.
    pub url: Option<String>,
    /// State as returned by the service.
    pub state: String,
    /// Versions of an endpoint, sorted by name; empty for a plain service.
    #[serde(default)]
    pub deployments: Vec<Deployment>,
}

impl Dependent {
    /// An endpoint that is served by a compute.
    pub fn on(compute: &ComputeFacts, endpoint: &Endpoint) -> Self {
        Self {
            name: endpoint.name.clone(),
            compute: compute.name.clone(),
            compute_id: compute.id.clone(),
            url: endpoint.url.clone(),
            state: endpoint.state.clone(),
            deployments: endpoint
                .own_versions()
                .iter()
                .map(|version| Deployment {
                    name: version.name.clone(),
                    state: version.state.clone(),
                })
                .collect(),
        }
    }

    /// Name for display, with its deployments in parentheses.
    pub fn label(&self) -> String {
        let names: Vec<&str> = self.deployments.iter().map(|one| one.name.as_str()).collect();
        if names.is_empty() {
            self.name.clone()
        } else {
            format!("{} ({})", self.name, names.join(", "))
        }
    }
}

/// One version behind an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Deployment {
    pub name: String,
    /// State as returned by Azure.
    pub state: String,
}

/// A version a cluster can be upgraded to in one step (managedClusters `upgradeProfiles/default`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct UpgradeTarget {
    /// `1.36.2`.
    pub version: String,
    pub is_preview: bool,
}

/// The scoring front end inside a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FrontEndFacts {
    /// Address of its load balancer, once assigned.
    pub address: Option<String>,
    pub internal: bool,
    pub image: Option<String>,
    /// Whether it carries the annotation that lets the extension replace it.
    pub marked: bool,
}
