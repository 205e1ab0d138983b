//! How far a canary is, as text.

use super::{code_of, failure_sentence, run};
use berth_contract::run::{CanaryProgress, PodsSeen};
use berth_domain::canary::Stage;
use berth_domain::traffic::Traffic;

/// Returns how far a canary is, line by line.
pub fn canary(progress: &CanaryProgress) -> Vec<String> {
    let line = |key: &str, values: &[(&str, String)]| {
        let values = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        run(&format!("canary.{key}"), &values.collect())
    };
    let traffic = |key: &str, traffic: &Traffic| line(key, &[("traffic", traffic.to_string())]);
    let stage = match &progress.stage {
        Stage::Paused { why } => line(&format!("why.{}", code_of(why)), &[]),
        Stage::Doubt { why } => line(&format!("why.{}", code_of(why)), &[]),
        other => line(&format!("stage.{}", code_of(other)), &[]),
    };
    let step = line(
        "step",
        &[
            ("reached", progress.reached.to_string()),
            ("steps", progress.steps.to_string()),
            ("now", progress.now.to_string()),
        ],
    );
    let found = match &progress.stage {
        Stage::Foreign { found } => Some(traffic("found", found)),
        _ => None,
    };
    let next = progress.next.as_ref().map(|next| traffic("next", next));
    let pods = progress.pods.as_ref().map(|pods| match pods {
        PodsSeen::Counted(count) => line(
            "pods.counted",
            &[
                ("ready", count.ready.to_string()),
                ("all", count.all.to_string()),
                ("restarts", count.restarts.to_string()),
            ],
        ),
        PodsSeen::None => line("pods.none", &[]),
        PodsSeen::Unread { why } => line("pods.unread", &[("why", why.clone())]),
    });
    let before = traffic("before", &progress.before);
    let refusal = progress.refusal.as_ref().map(failure_sentence);
    let rest = [pods, found, next, Some(before), refusal];
    [stage, step]
        .into_iter()
        .chain(rest.into_iter().flatten())
        .collect()
}
