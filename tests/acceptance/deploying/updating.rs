//! Updating a version that exists on the extension route, and replacing its pods without a change.

use super::*;

/// The first version, to be updated.
fn existing(deploying: &Deploying) -> DeploySpec {
    DeploySpec {
        version: "blue".to_owned(),
        traffic: None,
        ..deploying.green(0)
    }
}

fn consent(review: &Review) -> Vec<String> {
    let blocking = review.findings.iter();
    let blocking = blocking.filter(|finding| finding.severity == Severity::Blocking);
    blocking
        .map(|finding| {
            let resource = finding.resource.as_deref().expect("a consent to one resource");
            format!("{}:{resource}", finding.rule)
        })
        .collect()
}

fn said<'a>(review: &'a Review, code: &str) -> &'a Finding {
    let found = review.findings.iter().find(|finding| finding.code == code);
    found.unwrap_or_else(|| panic!("{code} is missing: {:#?}", review.findings))
}

async fn update(deploying: &Deploying, spec: &DeploySpec, consents: &[String]) -> RunSnapshot {
    let berth = &deploying.world.berth;
    let goal = deploying.goal(spec);
    let run = Box::pin(begin_agreed(berth, &goal, consents));
    berth.wait_for_run(&run.await.unwrap().id).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_with_traffic_is_updated_with_consent_and_keeps_its_traffic() {
    let deploying = Deploying::new("deploy-update").await;
    let run = deploying.deploy(&deploying.blue()).await;
    assert_eq!(run.summary.state, RunState::Succeeded, "{run:#?}");

    let mut spec = existing(&deploying);
    spec.environment_variables
        .insert("LEVEL".to_owned(), "debug".to_owned());
    let review = deploying.review(&spec).await;
    // The files of the model are the same.
    assert_eq!(steps(&review), ["update_version", "prove_version"]);
    assert_eq!(said(&review, "DEP-26.live").params["percent"], "100");
    let changes = &said(&review, "DEP-27.changes").params["changes"];
    assert!(changes.contains("environmentVariables"), "{changes}");
    let consents = consent(&review);
    assert_eq!(consents.len(), 1, "{consents:?}");
    let run = update(&deploying, &spec, &consents).await;
    assert_eq!(run.summary.state, RunState::Succeeded, "{run:#?}");
    assert_eq!(scored(&run).params["status"], "200");
    assert_eq!(deploying.traffic().await, shares(&[("blue", 100)]));
    let puts = deploying.world.exchanges("PUT", "/deployments/blue");
    let sent = &puts.last().unwrap()["request_body"]["properties"];
    assert_eq!(sent["environmentVariables"]["LEVEL"], "debug");
    assert_eq!(puts.len(), 2);

    // With one replica, calls may fail meanwhile.
    spec.scale = Scale::Fixed { replicas: 1 };
    let review = deploying.review(&spec).await;
    assert_eq!(said(&review, "DEP-26.gap").severity, Severity::Blocking);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_is_deployed_again_without_a_change() {
    let deploying = Deploying::new("deploy-again").await;
    let run = deploying.deploy(&deploying.blue()).await;
    assert_eq!(run.summary.state, RunState::Succeeded, "{run:#?}");

    let mut spec = existing(&deploying);
    spec.models = vec![ModelSource::Registered {
        name: "linear".to_owned(),
        version: "1".to_owned(),
    }];
    let review = deploying.review(&spec).await;
    assert_eq!(steps(&review), ["update_version", "prove_version"]);
    said(&review, "DEP-27.same");
    let run = update(&deploying, &spec, &consent(&review)).await;
    assert_eq!(run.summary.state, RunState::Succeeded, "{run:#?}");
    let puts = deploying.world.exchanges("PUT", "/deployments/blue");
    let sent = |at: usize, member: &str| puts[at]["request_body"]["properties"][member].clone();
    assert_eq!(sent(1, "model"), sent(0, "model"));
    assert_ne!(sent(1, "environmentVariables"), sent(0, "environmentVariables"));
}
