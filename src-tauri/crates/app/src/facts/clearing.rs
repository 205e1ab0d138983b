//! What Azure says now of what a run has made.

use super::{Fact, fact};
use berth_arm::resources::groups;
use berth_arm::{Arm, ArmError};
use berth_domain::change::Change;
use berth_domain::facts::{ChangeFacts, Facts, MadeFacts, RunFacts};
use berth_domain::provenance::Marks;
use berth_domain::resource_id::same_resource;
use berth_runs::Runs;
use futures::future::join_all;
use serde_json::Value;

/// The run that a change clears up, as its journal has it.
pub fn run_to_clear_up(runs: &Runs, change: &Change) -> Fact<Option<RunFacts>> {
    let Change::ClearUp { run, .. } = change else {
        return Fact::NotAsked;
    };
    match runs.made_by(run) {
        Ok(found) => Fact::Known(found),
        Err(failure) => Fact::Unknown(failure.detail),
    }
}

/// Looks at what the run made of what is to be cleared up. Nothing else is asked about.
pub(super) async fn read(arm: &Arm, run: Fact<Option<RunFacts>>, resources: &[String], today: &str) -> Facts {
    let run = match run {
        Fact::Known(Some(mut run)) => {
            let named = |made: &MadeFacts| resources.iter().any(|id| same_resource(id, &made.resource_id));
            let looks = run.made.iter_mut().filter(|made| named(made));
            join_all(looks.map(|made| look(arm, made))).await;
            Fact::Known(Some(run))
        }
        other => other,
    };
    Facts {
        today: today.to_owned(),
        cloud: arm.cloud().name.clone(),
        change: ChangeFacts {
            run,
            ..ChangeFacts::default()
        },
        ..Facts::default()
    }
}

async fn look(arm: &Arm, made: &mut MadeFacts) {
    let path = format!("{}?api-version={}", made.resource_id, made.api_version);
    let found: Result<Option<Value>, ArmError> = arm.get_optional(&path).await;
    made.now = fact(found.map(|found| found.as_ref().map(Marks::of)));
    if made.is_group() && matches!(made.now, Fact::Known(Some(_))) {
        made.contents = fact(groups::list_contents(arm, &made.resource_id).await);
    }
}
