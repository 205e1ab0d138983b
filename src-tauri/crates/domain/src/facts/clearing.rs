//! A run to clean up after: what its journal says it created, and the current state of those resources.

use super::Fact;
use crate::provenance::{Marks, Provenance};
use crate::resource_id::same_resource;
use serde::{Deserialize, Serialize};

/// A run, as read from its journal.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RunFacts {
    /// Id of the plan it carried out: the value of tag `berth-plan` on the resources it created.
    pub plan_id: String,
    /// What it created or may have created, oldest first.
    pub made: Vec<MadeFacts>,
}

/// A resource that a run created, or may have created.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MadeFacts {
    /// Resource id, as written by the run.
    pub resource_id: String,
    /// The api-version the run created it with.
    pub api_version: String,
    /// Whether the run confirmed that the resource exists and is its own.
    pub certain: bool,
    /// Its identity when the run created it.
    pub identity: Option<String>,
    /// Its current marks; `None` if it no longer exists. Read only for resources to be removed.
    pub now: Fact<Option<Marks>>,
    /// Current contents of a resource group. Read only for groups to be removed.
    pub contents: Fact<Vec<Marks>>,
}

impl RunFacts {
    /// Finds what the run created by resource id.
    pub fn made(&self, id: &str) -> Option<&MadeFacts> {
        self.made.iter().find(|made| same_resource(&made.resource_id, id))
    }

    /// The proof required before a resource of this run is removed.
    pub fn provenance(&self, made: &MadeFacts) -> Provenance {
        let provenance = Provenance::of(&self.plan_id, &made.resource_id, made.identity.clone());
        let certain = self.made.iter().filter(|other| other.certain);
        Provenance {
            contents: made
                .is_group()
                .then(|| certain.map(|other| other.resource_id.clone()).collect()),
            ..provenance
        }
    }
}

impl MadeFacts {
    pub fn is_group(&self) -> bool {
        crate::resource_id::ResourceGroupId::parse(&self.resource_id).is_some()
    }
}
