//! Clearing up deletes only what a run has created.

use super::other_user::OtherUser;
use super::{assert_succeeded, steps};
use crate::command_line::berth;
use crate::harness::{World, begin as begin_goal};
use berth_contract::failure::FailureCode;
use berth_contract::run::{RunSnapshot, RunState};
use berth_domain::change::Change;
use berth_domain::finding::{Finding, Severity};
use berth_domain::spec::{Route, Spec};
use serde_json::{Value, json};

const CLUSTERS: &str = "2024-02-01";
const EXTENSIONS: &str = "2023-05-01";
const NETWORKS: &str = "2024-05-01";
const GROUP_NAME: &str = "rg-trial";

/// A world, a run in it, and the resources it created.
struct Made {
    world: World,
    run: RunSnapshot,
    ids: Vec<String>,
}

impl Made {
    /// Creates a cluster with extension and compute, optionally in its own resource group.
    async fn new(name: &str, own_group: bool) -> Self {
        let world = World::new(name).await;
        let mut spec: Spec = world.production_extension();
        if own_group {
            spec.place.resource_group = GROUP_NAME.to_owned();
            spec.place.new_resource_group = true;
        }
        let run = world.run(spec).await.unwrap();
        assert_succeeded(&run);
        let ids = run.made.iter().map(|made| made.resource_id.clone()).collect();
        Self { world, run, ids }
    }

    fn id(&self, part: &str) -> String {
        let found = self.ids.iter().find(|id| {
            let kind = id.rsplit('/').nth(1).unwrap_or_default();
            kind.eq_ignore_ascii_case(part)
        });
        found.unwrap().clone()
    }

    fn clear_up(&self, resources: &[String], confirm: &str) -> Change {
        clear_up(&self.run.summary.id, resources, confirm)
    }

    /// The blocking findings; asserts that a blocked change deletes nothing.
    async fn blocked(&self, change: Change) -> Vec<Finding> {
        Box::pin(blocked(&self.world, change)).await
    }

    async fn codes(&self, resources: &[String], confirm: &str) -> Vec<String> {
        let found = self.blocked(self.clear_up(resources, confirm)).await;
        found.into_iter().map(|finding| finding.code).collect()
    }
}

fn clear_up(run: &str, resources: &[String], confirm: &str) -> Change {
    Change::ClearUp {
        run: run.to_owned(),
        resources: resources.to_vec(),
        confirm: confirm.to_owned(),
    }
}

pub async fn blocked(world: &World, change: Change) -> Vec<Finding> {
    let deleted = world.exchanges("DELETE", "/").len();
    let report = world.berth.review(&world.changing(change.clone())).await.unwrap();
    let mut found = report.findings;
    found.retain(|finding| finding.severity == Severity::Blocking);
    if !found.is_empty() {
        let refused = world.change(change.clone()).await.unwrap_err();
        assert_eq!(refused.code, FailureCode::BlockedByPreflight);
        let review = world.berth.review(&world.changing(change)).await.unwrap();
        assert!(review.plan.is_none(), "{review:?}");
        assert_eq!(world.exchanges("DELETE", "/").len(), deleted);
    }
    found
}

fn group_of(cluster: &str) -> String {
    cluster.split_once("/providers/").unwrap().0.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_file_with_an_unknown_run_deletes_nothing() {
    let world = World::new("clear-unknown-run").await;
    let cluster = world.attach_existing(Route::Classic).cluster_id().unwrap();
    let group = group_of(&cluster);
    let name = group.rsplit('/').next().unwrap();
    for (run, resources, confirm) in [
        ("no-such-run", vec![group.clone()], name),
        (
            "0d9f7a52-3c1e-4b86-9a47-5e2f8c60d1b3",
            vec![cluster.clone()],
            world.ready.cluster.as_str(),
        ),
    ] {
        let found = blocked(&world, clear_up(run, &resources, confirm)).await;
        assert_eq!(found[0].code, "CLU-02", "{found:#?}");
        assert_eq!(found[0].params["run"], run);
    }
    for run in ["../runs", "", "."] {
        let change = clear_up(run, std::slice::from_ref(&cluster), &world.ready.cluster);
        assert!(!blocked(&world, change).await.is_empty(), "{run:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn resources_the_run_did_not_create_stay() {
    let made = Made::new("clear-foreign", false).await;
    let theirs = made.world.attach_existing(Route::Classic).cluster_id().unwrap();
    let group = group_of(&theirs);
    for foreign in [&theirs, &theirs.to_uppercase(), &group] {
        let confirm = foreign.rsplit('/').next().unwrap();
        let found = made
            .blocked(made.clear_up(std::slice::from_ref(foreign), confirm))
            .await;
        assert_eq!(found[0].code, "CLU-03", "{foreign} {found:#?}");
        assert_eq!(&found[0].params["resource"], foreign);
    }
    for odd in [
        format!("{theirs}/"),
        format!("{}/../{}", made.id("managedClusters"), made.world.ready.cluster),
    ] {
        let change = made.clear_up(std::slice::from_ref(&odd), &made.world.ready.cluster);
        assert!(!made.blocked(change).await.is_empty(), "{odd}");
    }
    // One foreign resource blocks the whole change.
    let mut all = made.ids.clone();
    all.push(theirs);
    assert_eq!(made.codes(&all, "aks-prod-01").await, ["CLU-03"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn change_files_need_the_typed_name_too() {
    let made = Made::new("clear-name", false).await;
    for typed in ["", "prod-01", "AKS-PROD-01"] {
        assert_eq!(made.codes(&made.ids, typed).await, ["ATT-20"], "{typed}");
    }
    let folder = made.world.folder.path();
    let path = folder.join("change.json").display().to_string();
    let ready = folder.join("ready.json").display().to_string();
    let apply = |home: &str, confirm: Option<&str>| {
        let mut change = json!({ "kind": "clear_up", "run": made.run.summary.id, "resources": made.ids });
        if let Some(confirm) = confirm {
            change["confirm"] = confirm.into();
        }
        let file = json!({ "schema": 1, "change": change });
        std::fs::write(&path, file.to_string()).unwrap();
        berth(&folder.join(home), &["apply", &path, "--sandbox", &ready])
    };
    // A run from another home is unknown.
    let other = apply("other", Some("aks-prod-01"));
    assert_eq!(other.status.code(), Some(3));
    assert!(
        String::from_utf8_lossy(&other.stdout).contains("CLU-02"),
        "{other:?}"
    );
    let unnamed = apply("berth", None);
    assert_eq!(unnamed.status.code(), Some(3));
    assert!(
        String::from_utf8_lossy(&unnamed.stdout).contains("ATT-20"),
        "{unnamed:?}"
    );
    assert!(made.world.exchanges("DELETE", "/").is_empty());
    let named = apply("berth", Some(" aks-prod-01 "));
    assert!(named.status.success(), "{named:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn resources_recreated_by_others_stay() {
    let made = Made::new("clear-again", false).await;
    let other_user = OtherUser::of(&made.world).await;
    let cluster = made.id("managedClusters");
    let extension = made.id("extensions");
    // A different or missing tag shows it.
    for tags in [json!({}), json!({ "berth-plan": "another" })] {
        other_user.tag(&cluster, CLUSTERS, tags).await;
        assert_eq!(made.codes(&made.ids, "aks-prod-01").await, ["CLU-03.tag"]);
    }
    // The same tag does not make it the same cluster.
    let tags = json!({ "berth-plan": made.run.summary.id });
    other_user.tag(&cluster, CLUSTERS, tags).await;
    assert_eq!(made.codes(&made.ids, "aks-prod-01").await, Vec::<String>::new());
    other_user.recreate(&extension, EXTENSIONS, |_| ()).await;
    assert_eq!(
        made.codes(std::slice::from_ref(&extension), "").await,
        ["CLU-03.replaced"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recreated_cluster_with_the_same_tag_stays() {
    let made = Made::new("clear-same-tag", false).await;
    let other_user = OtherUser::of(&made.world).await;
    let cluster = made.id("managedClusters");
    other_user.recreate(&cluster, CLUSTERS, |_| ()).await;
    let codes = made.codes(std::slice::from_ref(&cluster), "aks-prod-01").await;
    assert_eq!(codes, ["CLU-03.replaced"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn unreadable_resources_stay() {
    let made = Made::new("clear-unread", false).await;
    let cluster = made.id("managedClusters");
    let fault = json!({
        "match": { "method": "GET", "path": format!("*{}?api-version=*", cluster.rsplit('/').next().unwrap()) },
        "do": { "status": 403, "code": "AuthorizationFailed", "message": "not yours" },
        "times": 100,
    });
    made.world.fault(fault).await;
    let found = made.blocked(made.clear_up(&made.ids, "aks-prod-01")).await;
    assert!(!found.is_empty(), "an unreadable cluster allows the deletion");
    assert_eq!(found[0].code, "CLU-03.unread", "{found:#?}");
    assert!(found[0].params["why"].contains("not yours"), "{found:#?}");
    assert_eq!(found[0].params["resource"], cluster);
}

#[tokio::test(flavor = "multi_thread")]
async fn resources_without_proof_in_the_journal_stay() {
    let made = Made::new("clear-journal", false).await;
    let state = made.world.folder.path().join("berth/runs");
    let state = state.join(&made.run.summary.id).join("state.json");
    let spoil = |at: &str, name: &str, value: Value| {
        let mut record: Value = serde_json::from_slice(&std::fs::read(&state).unwrap()).unwrap();
        let steps = record["body"]["steps"].as_array_mut().unwrap();
        let step = steps.iter_mut().find(|step| step["id"] == at).unwrap();
        step[name] = value;
        std::fs::write(&state, record.to_string()).unwrap();
    };
    spoil("attach_compute", "exists", json!(false));
    assert_eq!(made.codes(&made.ids, "aks-prod-01").await, ["CLU-03.uncertain"]);
    spoil("attach_compute", "exists", json!(true));
    // A journal written before resource identities were recorded.
    spoil("install_extension", "identity", Value::Null);
    assert_eq!(made.codes(&made.ids, "aks-prod-01").await, ["CLU-03.unproven"]);
    spoil("attach_compute", "exists", Value::Null);
    let compute = [made.id("computes")];
    assert_eq!(made.codes(&compute, "").await, ["CLU-03"]);
    std::fs::write(&state, "{").unwrap();
    assert_eq!(made.codes(&compute, "").await, ["CLU-02.unread"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_with_other_resources_stays() {
    let made = Made::new("clear-group", true).await;
    let other_user = OtherUser::of(&made.world).await;
    let group = group_of(&made.id("managedClusters"));
    assert!(made.ids.contains(&group), "{:?}", made.ids);
    let network = format!("{group}/providers/Microsoft.Network/virtualNetworks/vnet-theirs");
    let body = json!({
        "location": made.world.ready.location,
        "properties": { "addressSpace": { "addressPrefixes": ["10.9.0.0/16"] } },
    });
    other_user.make(&network, NETWORKS, body).await;
    let found = made.blocked(made.clear_up(&made.ids, GROUP_NAME)).await;
    assert_eq!(found[0].code, "CLU-04", "{found:#?}");
    assert_eq!(found[0].params["names"], "vnet-theirs");
    // The cluster's name is not accepted for the group.
    let mixed: Vec<String> = made.ids.iter().map(|id| id.to_uppercase()).collect();
    assert!(
        made.codes(&mixed, "aks-prod-01")
            .await
            .contains(&"ATT-20".to_owned())
    );
    // Without the group, the remaining resources are deleted.
    let rest: Vec<String> = mixed
        .iter()
        .filter(|id| id.contains("/PROVIDERS/"))
        .cloned()
        .collect();
    let end = made
        .world
        .change(made.clear_up(&rest, "aks-prod-01"))
        .await
        .unwrap();
    assert_succeeded(&end);
    other_user.delete(&network, NETWORKS).await;
    let end = made
        .world
        .change(made.clear_up(&made.ids, GROUP_NAME))
        .await
        .unwrap();
    assert_succeeded(&end);
    assert_eq!(steps(&end), ["remove_1", "confirm"]);
    assert!(other_user.find(&group, "2024-03-01").await.is_none());
}

/// A change between the review and the request is detected right before the request.
#[tokio::test(flavor = "multi_thread")]
async fn resources_are_checked_again_right_before_the_request() {
    let made = Made::new("clear-late", true).await;
    let other_user = OtherUser::of(&made.world).await;
    let cluster = made.id("managedClusters");
    let hold = json!({
        "match": { "method": "DELETE", "path": "*/computes/*" },
        "do": { "hold": "before" },
    });
    let sandbox = made.world.sandbox.as_ref().unwrap();
    let held = sandbox.held_requests();
    let begin = async |resources: &[String], confirm: &str| {
        made.world.fault(hold.clone()).await;
        let change = made.world.changing(made.clear_up(resources, confirm));
        let run = begin_goal(&made.world.berth, &change).await.unwrap().id;
        while held.borrow().is_empty() {
            tokio::task::yield_now().await;
        }
        run
    };
    let run = begin(&made.ids, GROUP_NAME).await;
    other_user.tag(&cluster, CLUSTERS, json!({})).await;
    sandbox.release_held_requests();
    let end = made.world.berth.wait_for_run(&run).await.unwrap();
    assert_eq!(end.summary.state, RunState::Failed);
    let failures: Vec<_> = end
        .steps
        .iter()
        .filter_map(|step| step.failure.as_ref())
        .collect();
    assert_eq!(failures.len(), 1);
    assert_eq!(
        (failures[0].code, failures[0].params["reason"].as_str()),
        (FailureCode::NotTheSame, "tag")
    );
    assert!(other_user.find(&cluster, CLUSTERS).await.is_some());
    // Resuming does not bypass the check.
    made.world
        .berth
        .resume_run(&crate::harness::resuming(&run))
        .await
        .unwrap();
    let end = made.world.berth.wait_for_run(&run).await.unwrap();
    assert_eq!(end.summary.state, RunState::Failed);
    assert!(other_user.find(&cluster, CLUSTERS).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_compute_without_a_known_cluster_needs_consent() {
    let made = Made::new("clear-untold", false).await;
    let compute = made.id("computes");
    made.world
        .fault(json!({
            "match": { "method": "GET", "path": "*/computes/prod-01?*" },
            "do": { "status": 403 },
            "times": 99,
        }))
        .await;
    let change = made.clear_up(std::slice::from_ref(&compute), "");
    let review = made
        .world
        .berth
        .review(&made.world.changing(change.clone()))
        .await
        .unwrap();
    let blocking = review
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Blocking);
    let waivers: Vec<String> = blocking.map(|finding| finding.waiver().to_lowercase()).collect();
    let unread = format!("USE-01:{compute}").to_lowercase();
    assert!(waivers.contains(&unread), "{review:#?}");
    let refused = made.world.change(change).await.unwrap_err();
    assert_eq!(refused.params["rules"], "CLU-03, USE-01");
    assert!(made.world.exchanges("DELETE", "/").is_empty());
}
