//! What is asked of Azure for a change, beyond what a set-up asks.

use super::{Fact, OwnerFacts, Rights, RunFacts};
use crate::certificate::CertificateFacts;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// Facts of a change.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChangeFacts {
    /// The cluster as Azure answers it; `None` when it is not there.
    pub cluster: Fact<Option<Value>>,
    /// The compute as Azure answers it (secrets are never in it); `None` when it is not there.
    pub compute: Fact<Option<Value>>,
    /// Versions the cluster can be upgraded to.
    pub upgrades: Fact<Vec<UpgradeTarget>>,
    /// The front end inside the cluster; `None` when there is none.
    pub front_end: Fact<Option<FrontEndFacts>>,
    /// The certificate in the front end's secret; `None` when there is none.
    pub kept: Fact<Option<CertificateFacts>>,
    /// The certificate that the scoring address shows to who connects; `None` when it shows none.
    pub presented: Fact<Option<Presented>>,
    /// Effective rights on the scope of a grant.
    pub scope_rights: Fact<Vec<Rights>>,
    /// The workspaces and clusters that have the identity a role is to be given to.
    pub owners: Fact<Vec<OwnerFacts>>,
    /// The run to clear up; `None` when this computer has none of that id.
    pub run: Fact<Option<RunFacts>>,
}

/// A certificate as a front end shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Presented {
    /// SHA-256 of the leaf, lower-case hexadecimal.
    pub sha256: String,
    /// Last moment it is valid, RFC 3339.
    pub not_after: String,
    /// Whole days left when it was looked at; negative once expired.
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
    /// Whether the service renews it: above about 70 days left it does nothing
    /// (learn.microsoft.com/azure/machine-learning/v1/how-to-secure-web-service; MicrosoftDocs/azure-docs issue 22716).
    pub fn is_due(&self) -> bool {
        self.days_left <= RENEWED_BELOW_DAYS
    }
}

/// Days left above which the service renews nothing.
pub const RENEWED_BELOW_DAYS: i32 = 70;

/// A service (classic) or an online endpoint (extension) that answers through a compute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Dependent {
    /// Name.
    pub name: String,
    /// Name of the compute.
    pub compute: String,
    /// Resource id of the compute.
    pub compute_id: String,
    /// Where it is called, once it is.
    pub url: Option<String>,
    /// State, as the service says it.
    pub state: String,
    /// The deployments of an endpoint, by name; none for a service.
    #[serde(default)]
    pub deployments: Vec<Deployment>,
}

impl Dependent {
    /// Its name for people, with those of its deployments.
    pub fn told(&self) -> String {
        let names: Vec<&str> = self.deployments.iter().map(|one| one.name.as_str()).collect();
        if names.is_empty() {
            self.name.clone()
        } else {
            format!("{} ({})", self.name, names.join(", "))
        }
    }
}

/// A deployment: a version behind the address of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Deployment {
    /// Name.
    pub name: String,
    /// State, as Azure says it.
    pub state: String,
}

/// A version a cluster can go to in one step (managedClusters `upgradeProfiles/default`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct UpgradeTarget {
    /// `1.36.2`.
    pub version: String,
    /// Preview.
    pub is_preview: bool,
}

/// The scoring front end inside a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FrontEndFacts {
    /// Its address, once the load balancer has one.
    pub address: Option<String>,
    /// Whether its load balancer is internal.
    pub internal: bool,
    /// Image of its container.
    pub image: Option<String>,
    /// Whether it is marked so that the extension may take its place.
    pub marked: bool,
}
