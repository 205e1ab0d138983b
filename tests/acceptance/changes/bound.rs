//! A run continues only with what was confirmed, in the tenant it was confirmed for.

use super::other_user::OtherUser;
use super::users::{Fleet, ML, named};
use super::*;
use crate::harness::{begin, resuming};
use berth_contract::failure::{Failure, FailureCode};
use berth_contract::review::{ResumeRun, Resumed};
use serde_json::json;

/// A run that deletes vision-prod's cluster, whose first request Azure has refused.
async fn half_deleted(name: &str) -> (Fleet, String) {
    let fleet = Fleet::new(name).await;
    let delete = Change::DeleteCluster {
        cluster_id: fleet.cluster("westeurope", "aks-vision-prod"),
        confirm: "aks-vision-prod".to_owned(),
    };
    let refusal = json!({ "match": { "method": "DELETE", "path": "*computes/vision-prod*" },
        "do": { "status": 403, "code": "AuthorizationFailed", "message": "not now" }, "times": 99 });
    fleet.0.fault(refusal).await;
    let run = begin(&fleet.0.berth, &fleet.goal(&delete, &[])).await.unwrap().id;
    let end = fleet.0.berth.wait_for_run(&run).await.unwrap();
    assert_eq!(end.summary.state, RunState::Failed, "{end:#?}");
    fleet.0.clear_faults().await;
    (fleet, run)
}

fn count_deletes(fleet: &Fleet) -> usize {
    fleet.0.exchanges("DELETE", "/subscriptions/").len()
}

async fn resume(fleet: &Fleet, run: &str, consents: &[String]) -> Result<Resumed, Failure> {
    let wanted = ResumeRun {
        consents: consents.to_vec(),
        ..resuming(run)
    };
    fleet.0.berth.resume_run(&wanted).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_does_not_resume_with_new_unconfirmed_findings() {
    let (fleet, run) = half_deleted("bound-resume").await;
    let other_user = OtherUser::of(&fleet.0).await;
    let newcomer = format!("{}/onlineEndpoints/newcomer", fleet.workspace("westeurope"));
    let body = json!({ "location": "westeurope", "identity": { "type": "SystemAssigned" },
        "properties": { "authMode": "Key", "compute": fleet.compute("westeurope", "vision-prod") } });
    other_user.make(&newcomer, "2024-04-01", body).await;
    fleet
        .refuse(
            "*workspaces/ml-francecentral/computes?*",
            json!({ "status": 403 }),
        )
        .await;
    let before = count_deletes(&fleet);
    let Resumed::Asks { findings } = resume(&fleet, &run, &[]).await.unwrap() else {
        panic!("something is new");
    };
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["RES-01.service", "USE-01.workspace"], "{findings:#?}");
    assert_eq!(findings[0].params["name"], "newcomer");
    // Neither checking again nor restarting Berth gets around it.
    let refused = fleet.0.berth.prove_again(&run).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::BlockedByPreflight);
    // Each finding needs its own consent; a general one does not help.
    let consents: Vec<String> = findings
        .iter()
        .map(berth_domain::finding::Finding::waiver)
        .collect();
    let some = resume(&fleet, &run, &consents[..1]).await.unwrap();
    assert!(
        matches!(&some, Resumed::Asks { findings } if named(findings, "USE-01").len() == 1),
        "{some:#?}"
    );
    for idle in ["RES-01", "*", "", "USE-01:/nope"] {
        let refused = resume(&fleet, &run, &[idle.to_owned()]).await.unwrap_err();
        assert_eq!(
            (refused.code, refused.params["why"].as_str()),
            (FailureCode::BadInput, "idle_consent")
        );
    }
    assert_eq!(count_deletes(&fleet), before, "nothing was sent");
    assert_eq!(
        resume(&fleet, &run, &consents).await.unwrap(),
        Resumed::Running {}
    );
    assert_succeeded(&fleet.0.berth.wait_for_run(&run).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_does_not_resume_while_something_in_its_cluster_is_unread() {
    let (fleet, run) = half_deleted("bound-resume-unread").await;
    let closed = |method: &str, path: &str| json!({ "match": { "method": method, "path": path }, "do": { "status": 403 }, "times": 999 });
    fleet
        .0
        .fault(closed("GET", "*aks-vision-prod/*/extensions?*"))
        .await;
    fleet
        .0
        .fault(closed("POST", "*aks-vision-prod/listClusterAdmin*"))
        .await;
    let before = count_deletes(&fleet);
    let Resumed::Asks { findings } = resume(&fleet, &run, &[]).await.unwrap() else {
        panic!("extensions and inside are unread");
    };
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["unread.extensions", "unread.leftovers"], "{findings:#?}");
    assert_eq!(count_deletes(&fleet), before, "nothing was sent");
    let consents: Vec<String> = findings
        .iter()
        .map(berth_domain::finding::Finding::waiver)
        .collect();
    assert_eq!(
        resume(&fleet, &run, &consents).await.unwrap(),
        Resumed::Running {}
    );
    assert_succeeded(&fleet.0.berth.wait_for_run(&run).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_compute_that_was_attached_to_another_cluster_is_not_detached() {
    let (fleet, run) = half_deleted("bound-reattached").await;
    let other_user = OtherUser::of(&fleet.0).await;
    let compute = fleet.compute("westeurope", "vision-prod");
    other_user.delete(&compute, ML).await;
    let body = json!({ "location": "westeurope", "properties": {
        "computeType": "AKS", "resourceId": fleet.cluster("westeurope", "aks-spare-weu"),
        "properties": { "clusterPurpose": "FastProd", "loadBalancerType": "PublicIp" },
    } });
    other_user.make(&compute, ML, body).await;
    let before = count_deletes(&fleet);
    assert_eq!(resume(&fleet, &run, &[]).await.unwrap(), Resumed::Running {});
    let end = fleet.0.berth.wait_for_run(&run).await.unwrap();
    assert_eq!(end.summary.state, RunState::Failed, "{end:#?}");
    let failures = end.steps.iter().filter_map(|step| step.failure.as_ref());
    let codes: Vec<FailureCode> = failures.map(|failure| failure.code).collect();
    assert_eq!(codes, [FailureCode::NotTheSame], "{end:#?}");
    assert_eq!(count_deletes(&fleet), before, "nothing was deleted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partly_completed_run_resumes_if_nothing_is_new() {
    let (fleet, run) = half_deleted("bound-resume-same").await;
    assert_eq!(resume(&fleet, &run, &[]).await.unwrap(), Resumed::Running {});
    assert_succeeded(&fleet.0.berth.wait_for_run(&run).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recreated_cluster_is_not_touched_by_an_earlier_consent() {
    let fleet = Fleet::new("bound-anew").await;
    let cluster_id = fleet.cluster("westeurope", "aks-spare-weu");
    let stops = Change::Power {
        cluster_id: cluster_id.clone(),
        running: false,
    };
    let goal = fleet.goal(&stops, &[]);
    let refusal = json!({ "match": { "method": "POST", "path": "*aks-spare-weu/stop?*" },
        "do": { "status": 403, "code": "AuthorizationFailed", "message": "not now" }, "times": 1 });
    fleet.0.fault(refusal).await;
    let run = begin(&fleet.0.berth, &goal).await.unwrap().id;
    fleet.0.berth.wait_for_run(&run).await.unwrap();
    fleet.0.clear_faults().await;
    let review = fleet.0.berth.review(&goal).await.unwrap();
    let other_user = OtherUser::of(&fleet.0).await;
    other_user.recreate(&cluster_id, "2026-05-01", |_| {}).await;
    let stops = || fleet.0.exchanges("POST", "/stop?").len();
    let before = stops();
    let start = berth_contract::review::StartRun {
        review: review.id,
        consents: Vec::new(),
        typed: None,
    };
    let started = fleet.0.berth.start(&start).await.unwrap();
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
    let refused = resume(&fleet, &run, &[]).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.params["reason"].as_str()),
        (FailureCode::NotTheSame, "replaced")
    );
    assert_eq!(stops(), before, "nothing was sent");
}
