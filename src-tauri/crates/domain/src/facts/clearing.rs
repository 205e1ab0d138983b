//! A run to clear up: what its journal says it made, and what Azure says of that now.

use super::Fact;
use crate::provenance::{Marks, Provenance};
use crate::resource_id::same_resource;
use serde::{Deserialize, Serialize};

/// A run, as its journal has it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RunFacts {
    /// The plan it carried out: the value of tag `berth-plan` on what it made.
    pub plan_id: String,
    /// What it made or may have made, in that order.
    pub made: Vec<MadeFacts>,
}

/// Something a run made, or may have made.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MadeFacts {
    /// Resource id, as the run wrote it.
    pub resource_id: String,
    /// The api-version the run made it with.
    pub api_version: String,
    /// Whether the run saw that it was there and its own.
    pub certain: bool,
    /// Its identity at that time.
    pub identity: Option<String>,
    /// What it is now; `None` when it is not there. Asked only of what is to be cleared up.
    pub now: Fact<Option<Marks>>,
    /// For a resource group that is to be cleared up: what it contains now.
    pub contents: Fact<Vec<Marks>>,
}

impl RunFacts {
    /// What the run made under an id.
    pub fn made(&self, id: &str) -> Option<&MadeFacts> {
        self.made.iter().find(|made| same_resource(&made.resource_id, id))
    }

    /// What something it made must still be to be removed.
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
    /// Whether it is a resource group.
    pub fn is_group(&self) -> bool {
        crate::resource_id::ResourceGroupId::parse(&self.resource_id).is_some()
    }
}
