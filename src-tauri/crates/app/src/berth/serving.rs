//! What a workspace offers for serving.

use super::Berth;
use crate::facts::{fact, fact_of};
use crate::given;
use berth_arm::resources::assets::Named;
use berth_arm::resources::assets::environments::{is_curated_name, list_environments};
use berth_arm::resources::assets::models::list_models;
use berth_arm::resources::serving::instance_types;
use berth_arm::resources::{computes, workspaces};
use berth_arm::{Arm, ArmError};
use berth_contract::failure::Failure;
use berth_contract::model::{AssetName, ResourceOn, ServingCatalogue, ServingCompute};
use berth_domain::facts::Fact;

impl Berth {
    /// Lists the computes, models and environments of a workspace.
    ///
    /// # Errors
    /// `BadInput` if the id is not a workspace's, sign-in failures. The reply names what could not be read.
    pub async fn list_serving(&self, args: &ResourceOn) -> Result<ServingCatalogue, Failure> {
        let id = args.resource_id.as_str();
        given::workspace(id)?;
        let (_, arm) = self.reading(&args.account).await?;
        let (workspace, computes, models, environments) = tokio::join!(
            fact_of(Some(id), |id| workspaces::get_workspace(&arm, id)),
            read_computes(&arm, id),
            list_models(&arm, id),
            list_environments(&arm, id),
        );
        let mut problems = Vec::new();
        Ok(ServingCatalogue {
            location: known("workspace", workspace, &mut problems)
                .flatten()
                .map(|workspace| workspace.location),
            computes: known("computes", fact(computes), &mut problems),
            models: known("models", fact(models), &mut problems).map(names),
            environments: known("environments", fact(environments), &mut problems).map(names),
            problems,
        })
    }
}

async fn read_computes(arm: &Arm, workspace_id: &str) -> Result<Vec<ServingCompute>, ArmError> {
    let found = computes::list_whole_computes(arm, workspace_id).await?;
    let mut found: Vec<ServingCompute> = found
        .iter()
        .map(|compute| ServingCompute {
            facts: computes::compute(compute),
            instance_types: instance_types(compute),
        })
        .collect();
    found.sort_by(|one, other| one.facts.name.cmp(&other.facts.name));
    Ok(found)
}

fn names(assets: Vec<Named>) -> Vec<AssetName> {
    let shown = assets.into_iter().filter(|asset| !asset.archived);
    let mut names: Vec<AssetName> = shown
        .map(|asset| AssetName {
            curated: is_curated_name(&asset.name),
            name: asset.name,
            latest: asset.latest,
        })
        .collect();
    names.sort_by(|one, other| one.name.cmp(&other.name));
    names
}

/// The value, if known; else its reason is added to the problems.
fn known<T>(what: &str, fact: Fact<T>, problems: &mut Vec<String>) -> Option<T> {
    match fact {
        Fact::Known(value) => Some(value),
        Fact::Unknown(why) => {
            problems.push(format!("{what}: {why}"));
            None
        }
        Fact::NotAsked => None,
    }
}
