//! A resource is displayed, read and written with one api-version, also if the cloud accepts only an older one.

use super::other_user::OtherUser;
use super::*;
use crate::harness::begin;
use berth_app::accounts::RUNNING_SANDBOX;
use berth_contract::model::GoalOn;
use berth_domain::plan::Plan;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

const CLUSTERS: &str = "Microsoft.ContainerService";
const OLDER: &str = "2024-02-01";
const NEWER: [&str; 2] = ["2026-05-01", "2025-10-01"];

/// The resource type (or its namespace) and api-version of a URL that Berth built.
fn version_of(url: &str) -> Option<(String, String)> {
    let (path, query) = url.split_once('?')?;
    let mut pairs = query.split('&');
    let version = pairs
        .find_map(|pair| pair.strip_prefix("api-version="))?
        .to_owned();
    let parts: Vec<&str> = path[path.find("/subscriptions/")?..].split('/').skip(1).collect();
    let Some(at) = parts.iter().rposition(|part| *part == "providers") else {
        let is_group = parts
            .get(2)
            .is_some_and(|part| part.eq_ignore_ascii_case("resourceGroups"));
        return is_group.then(|| ("resourceGroups".to_owned(), version));
    };
    // URLs of operations come from Azure.
    let of_operation = |part: &&str| part.to_lowercase().contains("operation");
    let kinds = parts.get(at + 2..)?;
    let own = !kinds.is_empty() && kinds != ["register"] && !kinds.iter().any(of_operation);
    own.then(|| (parts[at + 1].to_lowercase(), version))
}

/// The api-versions used by the exchanges that pass a filter.
fn versions_used(exchanges: &[Value], passes: impl Fn(&Value) -> bool) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::<String, BTreeSet<String>>::new();
    for exchange in exchanges.iter().filter(|exchange| passes(exchange)) {
        if let Some((namespace, version)) = version_of(exchange["url"].as_str().unwrap()) {
            found.entry(namespace).or_default().insert(version);
        }
    }
    found
}

fn planned(plan: &Plan) -> BTreeMap<String, String> {
    let requests = plan.steps.iter().filter_map(|step| step.request.as_ref());
    requests.filter_map(|request| version_of(&request.path)).collect()
}

/// Reviews a goal and executes it. Returns the plan, and the exchanges before and after it.
async fn review_and_run(world: &World, goal: &GoalOn) -> (Plan, Vec<Value>, Vec<Value>) {
    let from = world.recorded().len();
    let plan = world.berth.review(goal).await.unwrap().plan.unwrap();
    let then = world.recorded().len();
    let run = begin(&world.berth, goal).await.unwrap();
    let end = world.berth.wait_for_run(&run.id).await.unwrap();
    assert_succeeded(&end);
    assert_eq!(planned(&end.plan), planned(&plan));
    let mut review = world.recorded().split_off(from);
    let run = review.split_off(then - from);
    (plan, review, run)
}

fn tags(world: &World, team: &str) -> GoalOn {
    world.changing(Change::Tags {
        resource_id: world.attach_existing(Route::Classic).cluster_id().unwrap(),
        tags: BTreeMap::from([("team".to_owned(), team.to_owned())]),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_and_writes_use_the_api_version_of_the_plan() {
    let world = World::new("versions-one").await;
    let goals = [
        (tags(&world, "a"), vec![CLUSTERS]),
        (
            world.on(world.production_extension()),
            vec![
                CLUSTERS,
                "Microsoft.KubernetesConfiguration",
                "Microsoft.MachineLearningServices",
            ],
        ),
    ];
    for (goal, namespaces) in goals {
        let (plan, mut all, run) = review_and_run(&world, &goal).await;
        let planned = planned(&plan);
        all.extend(run);
        let versions_used = versions_used(&all, |_| true);
        for namespace in namespaces.into_iter().map(str::to_lowercase) {
            let version = planned
                .get(&namespace)
                .unwrap_or_else(|| panic!("{namespace}: {planned:#?}"));
            assert_eq!(
                versions_used[&namespace],
                BTreeSet::from([version.clone()]),
                "{namespace}"
            );
        }
        let several = versions_used.iter().find(|(_, versions)| versions.len() > 1);
        // Policy, permissions and locks are types of one namespace with different versions.
        assert!(
            several.is_none_or(|(name, _)| name == "microsoft.authorization"),
            "{several:?}"
        );
    }
}

/// The provider lists only an older version for clusters.
async fn lists_older(world: &World) {
    let provider = format!(
        "/subscriptions/{}/providers/{CLUSTERS}",
        world.ready.subscription_ids[0]
    );
    let found = OtherUser::of(world).await.find(&provider, "2024-03-01").await;
    let mut body = found.unwrap();
    for kind in body["resourceTypes"].as_array_mut().unwrap() {
        kind["apiVersions"] = json!([OLDER, "2023-11-01"]);
    }
    let matches = json!({ "method": "GET", "path": format!("*/providers/{CLUSTERS}?*") });
    let fault = json!({ "match": matches, "do": { "body": body }, "times": 99999 });
    world.fault(fault).await;
}

/// The service refuses versions it does not list.
async fn refuses_newer(world: &World) {
    for version in NEWER {
        let message = format!(
            "No registered resource provider found for location 'westeurope' and API version '{version}' for type \
             'managedClusters'. The supported api-versions are '{OLDER}, 2023-11-01'. The supported locations are \
             'westeurope'."
        );
        let act = json!({ "status": 400, "code": "NoRegisteredProviderFound", "message": message });
        let path = format!("*{CLUSTERS}/*api-version={version}*");
        world
            .fault(json!({ "match": { "path": path }, "do": act, "times": 99999 }))
            .await;
    }
}

/// Runs a change where the cloud accepts only an older version for clusters, and checks that plan, reads and run use
/// it.
async fn check_older_version(world: &World, team: &str) {
    let (plan, review, run) = review_and_run(world, &tags(world, team)).await;
    let clusters = CLUSTERS.to_lowercase();
    let older = BTreeSet::from([OLDER.to_owned()]);
    assert_eq!(planned(&plan)[&clusters], OLDER);
    assert_eq!(versions_used(&run, |_| true)[&clusters], older);
    let id = world
        .attach_existing(Route::Classic)
        .cluster_id()
        .unwrap()
        .to_lowercase();
    let mut reads = review.iter().filter(|exchange| {
        let url = exchange["url"].as_str().unwrap_or_default().to_lowercase();
        exchange["method"] == "GET" && exchange["status"] == 200 && url.contains(&format!("{id}?"))
    });
    let last = reads.next_back().unwrap()["url"].as_str().unwrap();
    assert_eq!(
        version_of(last).unwrap().1,
        OLDER,
        "the cluster was read with the plan's version"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_use_an_api_version_that_the_provider_lists() {
    let world = World::new("versions-listed").await;
    lists_older(&world).await;
    check_older_version(&world, "a").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_refused_for_its_api_version_is_retried_with_a_supported_one() {
    let world = World::new("versions-refused").await;
    world.berth.session(RUNNING_SANDBOX).await.unwrap();
    refuses_newer(&world).await;
    let from = world.recorded().len();
    // The provider's list does not bring the refused version back.
    check_older_version(&world, "a").await;
    let all = world.recorded().split_off(from);
    let refused = |exchange: &Value| exchange["status"] == 400;
    let answered = versions_used(&all, |exchange| !refused(exchange));
    assert_eq!(
        answered[&CLUSTERS.to_lowercase()],
        BTreeSet::from([OLDER.to_owned()])
    );
    let second = world.recorded().len();
    check_older_version(&world, "b").await;
    assert!(
        !world.recorded()[second..].iter().any(refused),
        "the refused version is not tried again"
    );
}
