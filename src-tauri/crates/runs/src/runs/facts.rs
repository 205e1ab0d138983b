//! The resources that a run made, for a later clean-up.

use super::Runs;
use crate::journal::{self, from_journal};
use crate::record::{RunRecord, StepRecord};
use berth_contract::failure::Failure;
use berth_domain::facts::{MadeFacts, RunFacts};
use berth_domain::plan::{PlanStep, StepKind};

impl Runs {
    /// Returns the resources that a run made or may have made, by its journal; `None` when there is no such run.
    ///
    /// # Errors
    /// `CorruptState`, `FileProblem`.
    pub fn facts_of(&self, id: &str) -> Result<Option<RunFacts>, Failure> {
        if let Some(record) = self.0.live_record(id) {
            return Ok(Some(facts(&record)));
        }
        let Ok(folder) = self.0.existing_folder(id) else {
            return Ok(None);
        };
        let record = journal::read(&folder).map_err(|error| from_journal(&error))?;
        Ok(Some(facts(&record)))
    }
}

fn facts(record: &RunRecord) -> RunFacts {
    let steps = record.plan.steps.iter().zip(&record.steps);
    RunFacts {
        plan_id: record.plan.id.clone(),
        made: steps.filter_map(|(plan, step)| made(plan, step)).collect(),
    }
}

fn made(plan: &PlanStep, step: &StepRecord) -> Option<MadeFacts> {
    let makes = matches!(
        plan.kind,
        StepKind::EnsureResourceGroup { .. }
            | StepKind::CreateCluster { .. }
            | StepKind::InstallExtension { .. }
            | StepKind::AttachCompute { .. }
            | StepKind::CreateThroughAml { .. }
            | StepKind::AssignRole { .. }
    );
    let exists = step.exists.filter(|_| makes)?;
    let path = plan.request.as_ref().map_or("", |request| &request.path);
    Some(MadeFacts {
        resource_id: plan.kind.resource_id()?.to_owned(),
        api_version: api_version(path).to_owned(),
        certain: exists && step.intent.is_some(),
        identity: step.identity.clone(),
        ..MadeFacts::default()
    })
}

fn api_version(path: &str) -> &str {
    let query = path.split_once('?').map_or("", |(_, query)| query);
    let mut values = query
        .split('&')
        .filter_map(|pair| pair.strip_prefix("api-version="));
    values.next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_version_is_taken_from_the_query() {
        assert_eq!(api_version("/r?a=b&api-version=2024-03-01&c=d"), "2024-03-01");
        assert_eq!(api_version("/r"), "");
    }
}
