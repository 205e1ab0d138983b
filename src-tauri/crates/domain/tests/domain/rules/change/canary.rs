//! Rules for canaries.

use super::*;
use berth_domain::canary::{CanarySteps, SampleProblem, TAG};
use serde_json::json;

pub(super) fn rows() -> Vec<Row> {
    let good = serving_endpoint(canary("green"));
    let with = |steps: &[u8], minutes: u32| {
        serving_endpoint(canary_with(CanarySteps {
            version: "green".to_owned(),
            steps: steps.to_vec(),
            minutes,
        }))
    };
    let versions = |all: Vec<(&str, &str)>| {
        let versions = all
            .iter()
            .map(|(name, state)| version(name, state))
            .collect::<Vec<_>>();
        facing(&good, |facts| {
            facts.change.endpoint_versions = Fact::Known(versions.clone())
        })
    };
    let sample = |problem: SampleProblem| {
        facing(&good, |facts| {
            facts.change.sample = Fact::Known(Err(problem.clone()))
        })
    };
    let tagged = |tag: &str| {
        facing(&good, |facts| {
            let mut endpoint = raw_endpoint();
            endpoint["tags"][TAG] = json!(tag);
            facts.change.endpoint = Fact::Known(Some(endpoint));
        })
    };
    let why = || "no".to_owned();
    let many: serde_json::Map<String, serde_json::Value> = (0..10)
        .map(|at| (format!("version-with-a-long-name-{at:0>6}"), json!(10)))
        .collect();
    let blocked = |code: &'static str, spoilt: Good| told(code, Blocking, good.clone(), spoilt);
    vec![
        blocked("EPT-16.no_steps", with(&[], 5)),
        blocked("EPT-16.not_rising", with(&[50, 50, 100], 5)),
        blocked("EPT-16.not_to_the_end", with(&[50], 5)),
        blocked("EPT-16.minutes", with(&[100], 0)),
        blocked("EPT-16.unknown_version", serving_endpoint(canary("red"))),
        blocked("EPT-16.has_all", serving_endpoint(canary("blue"))),
        blocked("EPT-16.nothing_to_compare", with_traffic(&good, json!({}))),
        blocked(
            "EPT-16.not_ready",
            versions(vec![("blue", "Succeeded"), ("green", "Failed")]),
        ),
        blocked("EPT-16.sum", with_traffic(&good, json!({ "blue": 90 }))),
        blocked("EPT-16.too_many_versions", with_traffic(&good, json!(many))),
        blocked("EPT-16.unread", with_traffic(&good, json!(null))),
        blocked("EPT-16.other_canary", tagged("run=r step=1 before=blue:100")),
        blocked("EPT-16.foreign_tag", tagged("mine")),
        blocked("EPT-16.classic", serving_classic(canary("green"))),
        blocked("EPT-17.no_sample", sample(SampleProblem::NotGiven)),
        blocked(
            "EPT-17.sample_not_read",
            sample(SampleProblem::NotRead { why: why() }),
        ),
        blocked(
            "EPT-17.sample_not_json",
            sample(SampleProblem::NotJson { why: why() }),
        ),
    ]
}
