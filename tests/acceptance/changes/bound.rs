//! A run continues only with what was confirmed, in the tenant it was confirmed for.

use super::stranger::Stranger;
use super::users::{Estate, named};
use super::*;
use crate::harness::{begin, resuming};
use berth_contract::failure::{Failure, FailureCode};
use berth_contract::review::{ResumeRun, Resumed};
use serde_json::json;

/// A run that deletes vision-prod's cluster, whose first request Azure has refused.
async fn half_deleted(name: &str) -> (Estate, String) {
    let estate = Estate::new(name).await;
    let delete = Change::DeleteCluster {
        cluster_id: estate.cluster("westeurope", "aks-vision-prod"),
        confirm: "aks-vision-prod".to_owned(),
    };
    let refusal = json!({ "match": { "method": "DELETE", "path": "*computes/vision-prod*" },
        "do": { "status": 403, "code": "AuthorizationFailed", "message": "not now" }, "times": 99 });
    estate.0.fault(refusal).await;
    let run = begin(&estate.0.berth, &estate.goal(&delete, &[]))
        .await
        .unwrap()
        .id;
    let end = estate.0.berth.wait_for_run(&run).await.unwrap();
    assert_eq!(end.summary.state, RunState::Failed, "{end:#?}");
    estate.0.clear_faults().await;
    (estate, run)
}

fn deletes(estate: &Estate) -> usize {
    estate.0.exchanges("DELETE", "/subscriptions/").len()
}

async fn resume(estate: &Estate, run: &str, consents: &[String]) -> Result<Resumed, Failure> {
    let wanted = ResumeRun {
        consents: consents.to_vec(),
        ..resuming(run)
    };
    estate.0.berth.resume_run(&wanted).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_agreed_to_stops_a_run_from_going_on() {
    let (estate, run) = half_deleted("bound-resume").await;
    let stranger = Stranger::of(&estate.0).await;
    let newcomer = format!("{}/onlineEndpoints/newcomer", estate.workspace("westeurope"));
    let body = json!({ "location": "westeurope", "identity": { "type": "SystemAssigned" },
        "properties": { "authMode": "Key", "compute": estate.compute("westeurope", "vision-prod") } });
    stranger.make(&newcomer, "2024-04-01", body).await;
    estate
        .refuses(
            "*workspaces/ml-francecentral/computes?*",
            json!({ "status": 403 }),
        )
        .await;
    let before = deletes(&estate);
    let Resumed::Asks { findings } = resume(&estate, &run, &[]).await.unwrap() else {
        panic!("something is new");
    };
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["USE-02.service", "USE-01.workspace"], "{findings:#?}");
    assert_eq!(findings[0].params["name"], "newcomer");
    // Neither checking again nor restarting Berth gets around it.
    let refused = estate.0.berth.prove_again(&run).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::BlockedByPreflight);
    // Each finding needs its own consent; a general one does not help.
    let consents: Vec<String> = findings
        .iter()
        .map(berth_domain::finding::Finding::waiver)
        .collect();
    let some = resume(&estate, &run, &consents[..1]).await.unwrap();
    assert!(
        matches!(&some, Resumed::Asks { findings } if named(findings, "USE-01").len() == 1),
        "{some:#?}"
    );
    for idle in ["USE-02", "*", "", "USE-01:/nope"] {
        let refused = resume(&estate, &run, &[idle.to_owned()]).await.unwrap_err();
        assert_eq!(
            (refused.code, refused.params["why"].as_str()),
            (FailureCode::BadInput, "idle_consent")
        );
    }
    assert_eq!(deletes(&estate), before, "nothing was sent");
    assert_eq!(
        resume(&estate, &run, &consents).await.unwrap(),
        Resumed::Running {}
    );
    assert_succeeded(&estate.0.berth.wait_for_run(&run).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_partly_done_goes_on_where_nothing_is_new() {
    let (estate, run) = half_deleted("bound-resume-same").await;
    assert_eq!(resume(&estate, &run, &[]).await.unwrap(), Resumed::Running {});
    assert_succeeded(&estate.0.berth.wait_for_run(&run).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_made_anew_is_not_touched_by_what_was_agreed_before() {
    let estate = Estate::new("bound-anew").await;
    let cluster_id = estate.cluster("westeurope", "aks-spare-weu");
    let stops = Change::Power {
        cluster_id: cluster_id.clone(),
        running: false,
    };
    let goal = estate.goal(&stops, &[]);
    let refusal = json!({ "match": { "method": "POST", "path": "*aks-spare-weu/stop?*" },
        "do": { "status": 403, "code": "AuthorizationFailed", "message": "not now" }, "times": 1 });
    estate.0.fault(refusal).await;
    let run = begin(&estate.0.berth, &goal).await.unwrap().id;
    estate.0.berth.wait_for_run(&run).await.unwrap();
    estate.0.clear_faults().await;
    let review = estate.0.berth.review(&goal).await.unwrap();
    let stranger = Stranger::of(&estate.0).await;
    stranger.make_again(&cluster_id, "2026-05-01", |_| {}).await;
    let stops = || estate.0.exchanges("POST", "/stop?").len();
    let before = stops();
    let start = berth_contract::review::StartRun {
        review: review.id,
        consents: Vec::new(),
        typed: None,
    };
    let started = estate.0.berth.start(&start).await.unwrap();
    let berth_contract::review::Started::Changed { differences, .. } = &started else {
        panic!("{started:#?}");
    };
    assert_eq!(
        (
            differences[0].code.as_str(),
            differences[0].params["name"].as_str()
        ),
        ("replaced", "aks-spare-weu")
    );
    let refused = resume(&estate, &run, &[]).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.params["reason"].as_str()),
        (FailureCode::NotTheSame, "replaced")
    );
    assert_eq!(stops(), before, "nothing was sent");
}
