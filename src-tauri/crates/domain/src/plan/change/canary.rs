//! The plan for a canary: one step that moves the traffic, whose requests are all shown, and one that removes the tag.

use super::ChangePlanner;
use crate::bodies::written_back::written_back;
use crate::canary::{CanarySteps, CanaryTag, TAG, edits};
use crate::change::{Edit, apply};
use crate::plan::steps::{losing, note, step};
use crate::plan::{Changed, Note, PlanError, PlanStep, PlannedStage, StepKind, timing};
use crate::traffic::Traffic;

impl ChangePlanner<'_> {
    pub(super) fn canary(
        &self,
        endpoint_id: &str,
        canary: &CanarySteps,
        sample: &str,
    ) -> Result<Vec<PlanStep>, PlanError> {
        if !canary.problems().is_empty() {
            return Err(PlanError::Missing("canary.steps"));
        }
        let before = self.live_traffic()?;
        let maps = canary.maps(&before);
        let last = maps.last().ok_or(PlanError::Missing("canary.steps"))?;
        let mut moving = self.moving(endpoint_id, canary, &before, sample);
        moving.stages = self.stages(endpoint_id, canary, &before, &maps)?;
        moving.interrupts = losing(&before, last);
        let settled = apply(self.endpoint()?, &edits(&before, last, None));
        let untag = vec![Edit::remove(&format!("/tags/{TAG}"))];
        let undo = note("undo.nothing_left", []);
        let untagged =
            self.context
                .put_edited(endpoint_id, Changed::Tags, &settled, untag, timing::TRAFFIC, undo);
        Ok(vec![moving, untagged])
    }

    fn moving(&self, endpoint_id: &str, canary: &CanarySteps, before: &Traffic, sample: &str) -> PlanStep {
        let usual = timing::canary(canary.steps.len() as u32, canary.minutes);
        let kind = StepKind::Canary {
            resource_id: endpoint_id.to_owned(),
            canary: canary.clone(),
            before: before.clone(),
            sample: sample.to_owned(),
        };
        let undo = note("undo.canary", [("traffic", before.to_string())]);
        step("canary", kind, None, usual, undo)
    }

    /// The requests of all steps, and the one that goes back.
    fn stages(
        &self,
        endpoint_id: &str,
        canary: &CanarySteps,
        before: &Traffic,
        maps: &[Traffic],
    ) -> Result<Vec<PlannedStage>, PlanError> {
        let seen = self.endpoint()?;
        let stage = |note: Note, from: &Traffic, to: &Traffic, tag: Option<&CanaryTag>| PlannedStage {
            note,
            request: self.context.put(
                endpoint_id,
                written_back(endpoint_id, seen, &edits(from, to, tag)),
            ),
        };
        let mut from = before;
        let mut stages = Vec::new();
        for (at, map) in maps.iter().enumerate() {
            let tag = CanaryTag {
                run: self.context.plan_id.to_owned(),
                step: at + 1,
                before: before.clone(),
            };
            let values = [
                ("traffic", map.to_string()),
                ("minutes", canary.minutes.to_string()),
            ];
            let code = if at == 0 { "stage.first" } else { "stage.next" };
            stages.push(stage(note(code, values), from, map, Some(&tag)));
            from = map;
        }
        let back = note("stage.back", [("traffic", before.to_string())]);
        stages.push(stage(back, from, before, None));
        Ok(stages)
    }
}
