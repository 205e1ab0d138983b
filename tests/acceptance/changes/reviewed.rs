//! The plan that was reviewed is the plan that runs; otherwise nothing is sent.

use super::disrupting::disrupting;
use super::other_user::OtherUser;
use super::users::Fleet;
use crate::harness::World;
use berth_app::accounts::RUNNING_SANDBOX;
use berth_contract::failure::FailureCode;
use berth_contract::model::GoalOn;
use berth_contract::review::{Review, StartRun, Started};
use berth_domain::change::{Change, Goal};
use berth_domain::plan::Plan;
use berth_domain::spec::{Autoscale, Route};
use serde_json::json;
use std::collections::BTreeMap;

async fn start(world: &World, review: &Review) -> Result<Started, berth_contract::failure::Failure> {
    let start = StartRun {
        review: review.id.clone(),
        consents: Vec::new(),
        typed: None,
    };
    world.berth.start(&start).await
}

/// Counts the writes that have reached Azure or a cluster.
fn writes(world: &World) -> usize {
    let all = world.recorded();
    all.iter()
        .filter(|exchange| {
            let url = exchange["url"].as_str().unwrap_or_default();
            url.to_lowercase().contains("/subscriptions/")
                && is_write(exchange["method"].as_str().unwrap_or_default(), url)
        })
        .count()
}

/// Whether a request changes something. Some ARM queries use POST.
pub fn is_write(method: &str, url: &str) -> bool {
    let url = url.to_lowercase();
    method != "GET"
        && ![
            "listclusterusercredential",
            "listclusteradmincredential",
            "checkpolicyrestrictions",
            "listkeys",
            "/runcommand",
            "/oauth2/",
        ]
        .iter()
        .any(|question| url.contains(question))
}

fn text(plan: &Plan) -> String {
    serde_json::to_string_pretty(plan).unwrap()
}

/// Adds a node to the first pool of a cluster.
async fn add_node(world: &World, cluster: &str) -> Change {
    let pool = world.look(cluster).await.cluster.pools.remove(0);
    Change::Scale {
        cluster_id: cluster.to_owned(),
        pool: pool.name,
        nodes: pool.count + 1,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reviewed_plan_is_the_plan_that_runs() {
    let world = World::new("reviewed-runs").await;
    let cluster = world.attach_existing(Route::Classic).cluster_id().unwrap();
    let goals = [
        world.on(world.production_extension()),
        world.on(world.devtest_classic()),
        world.on(world.attach_existing(Route::Classic)),
        world.changing(add_node(&world, &cluster).await),
        world.changing(Change::Power {
            cluster_id: cluster,
            running: false,
        }),
    ];
    for goal in goals {
        let review = world.berth.review(&goal).await.unwrap();
        let reviewed = text(review.plan.as_ref().unwrap_or_else(|| panic!("{review:#?}")));
        let Started::Running { run } = start(&world, &review).await.unwrap() else {
            panic!("nothing has changed: {reviewed}");
        };
        let run = world.berth.wait_for_run(&run.id).await.unwrap();
        assert_eq!(text(&run.plan), reviewed);
        // A review can be started only once.
        let again = start(&world, &review).await.unwrap_err();
        assert_eq!(again.code, FailureCode::NotFound);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_since_the_review_are_reported_and_nothing_is_sent() {
    let world = World::new("reviewed-changed").await;
    let other_user = OtherUser::of(&world).await;
    let cluster = world.attach_existing(Route::Classic).cluster_id().unwrap();
    let grows = add_node(&world, &cluster).await;
    let Change::Scale { pool, .. } = &grows else {
        unreachable!();
    };
    let pool = format!("{cluster}/agentPools/{pool}");
    let goal = world.changing(grows);
    let review = world.berth.review(&goal).await.unwrap();
    let mut found = other_user.find(&pool, "2026-05-01").await.unwrap();
    found["properties"]["nodeLabels"] = json!({ "team": "b" });
    let properties = found["properties"].as_object_mut().unwrap();
    properties.retain(|name, _| {
        ![
            "provisioningState",
            "powerState",
            "nodeImageVersion",
            "currentOrchestratorVersion",
            "eTag",
        ]
        .contains(&name.as_str())
    });
    other_user
        .make(&pool, "2026-05-01", json!({ "properties": found["properties"] }))
        .await;
    let before = writes(&world);
    let changed = start(&world, &review).await.unwrap();
    let Started::Changed {
        differences,
        review: now,
    } = changed
    else {
        panic!("{changed:#?}");
    };
    assert_eq!(writes(&world), before, "nothing was sent");
    let json = serde_json::to_string(&differences).unwrap();
    assert!(json.contains("nodeLabels") && json.contains("member"), "{json}");
    assert_ne!(now.id, review.id, "the new review has its own id");
    assert_eq!(
        start(&world, &review).await.unwrap_err().code,
        FailureCode::NotFound
    );
    assert!(matches!(
        start(&world, &now).await.unwrap(),
        Started::Running { .. }
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn new_blocking_findings_are_reported_and_nothing_is_sent() {
    let fleet = Fleet::new("reviewed-blocked").await;
    let world = &fleet.0;
    let cleans = Change::CleanUp {
        cluster_id: fleet.cluster("uksouth", "aks-docs-prod"),
    };
    let review = fleet.review(&cleans, &[]).await;
    assert!(review.unread.is_empty(), "{review:#?}");
    fleet
        .refuse(
            "*workspaces/ml-francecentral/computes?*",
            json!({ "status": 403 }),
        )
        .await;
    let before = writes(world);
    let changed = start(world, &review).await.unwrap();
    let Started::Changed {
        differences,
        review: now,
    } = changed
    else {
        panic!("{changed:#?}");
    };
    assert_eq!(writes(world), before, "nothing was sent");
    let new = differences.iter().find_map(|one| one.finding.as_ref()).unwrap();
    assert_eq!(new.code, "USE-01.workspace");
    assert_eq!(now.unread.len(), 1);
    assert_eq!(now.unread[0].consent, Some(new.waiver()));
    // A consent to the finding is accepted, a general one is not.
    let agreed = |consents: Vec<String>| StartRun {
        review: now.id.clone(),
        consents,
        typed: None,
    };
    for general in ["USE-01", "*", "USE-01:"] {
        let refused = world
            .berth
            .start(&agreed(vec![general.to_owned()]))
            .await
            .unwrap_err();
        assert_eq!(refused.code, FailureCode::BadInput, "{general}");
        assert_eq!(refused.params["why"], "idle_consent", "{general}");
    }
    let started = world.berth.start(&agreed(vec![new.waiver()])).await.unwrap();
    assert!(matches!(started, Started::Running { .. }), "{started:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_starts_only_with_the_typed_name() {
    let world = World::new("reviewed-typed").await;
    let cluster_id = world.attach_existing(Route::Classic).cluster_id().unwrap();
    let name = world.ready.cluster.clone();
    let deletes = Change::DeleteCluster {
        cluster_id,
        confirm: name.clone(),
    };
    let review = world.berth.review(&world.changing(deletes)).await.unwrap();
    let with = |typed: Option<&str>| StartRun {
        review: review.id.clone(),
        consents: Vec::new(),
        typed: typed.map(str::to_owned),
    };
    for wrong in [None, Some(""), Some("other")] {
        let refused = world.berth.start(&with(wrong)).await.unwrap_err();
        assert_eq!(refused.code, FailureCode::BlockedByPreflight, "{wrong:?}");
        assert_eq!(refused.params["rules"], "ATT-20", "{wrong:?}");
    }
    let started = world.berth.start(&with(Some(&name))).await.unwrap();
    assert!(matches!(started, Started::Running { .. }), "{started:#?}");
}

/// Every disruptive goal of the fleet, and the set-ups.
async fn goals(fleet: &Fleet) -> Vec<GoalOn> {
    let cluster = fleet.cluster("westeurope", "aks-churn-prod");
    let further = [
        add_node(&fleet.0, &cluster).await,
        Change::Autoscale {
            cluster_id: cluster.clone(),
            pool: fleet.0.look(&cluster).await.cluster.pools.remove(0).name,
            bounds: Some(Autoscale { min: 1, max: 9 }),
        },
        Change::Tags {
            resource_id: cluster,
            tags: BTreeMap::from([("a".to_owned(), "b".to_owned())]),
        },
    ];
    let changes = disrupting(fleet).into_iter().chain(further);
    let mut all: Vec<GoalOn> = changes.map(|change| fleet.goal(&change, &[])).collect();
    let world = &fleet.0;
    all.push(world.on(world.production_extension()));
    all.push(world.on(world.devtest_classic()));
    all.push(world.on(world.attach_existing(Route::Classic)));
    all.push(world.on(world.attach_existing(Route::Extension)));
    all
}

fn named(goal: &GoalOn) -> String {
    match &goal.goal {
        Goal::SetUp { spec } => format!("{:?} {:?}", spec.cluster, spec.route)
            .chars()
            .take(40)
            .collect(),
        Goal::Change { change, .. } => change.as_str().to_owned(),
        Goal::Deploy { spec } => format!("deploy {}", spec.version),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_sends_each_request_once() {
    let fleet = Fleet::new("reviewed-once").await;
    let world = &fleet.0;
    world.berth.session(RUNNING_SANDBOX).await.unwrap();
    let mut twice = Vec::new();
    for goal in goals(&fleet).await {
        let before = world.recorded().len();
        let review = world.berth.review(&goal).await.unwrap();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let exchanges = world.recorded().split_off(before);
        assert_eq!(review.requests as usize, exchanges.len(), "{}", named(&goal));
        for exchange in &exchanges {
            let url = exchange["url"].as_str().unwrap_or_default();
            let path = url.split('?').next().unwrap_or_default();
            let what = format!("{} {path} {}", exchange["method"], exchange["request_body"]);
            *counts.entry(what).or_default() += 1;
        }
        let repeated = counts.into_iter().filter(|(_, count)| *count > 1);
        twice.extend(repeated.map(|(what, count)| format!("{}: {count} x {what}", named(&goal))));
    }
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}
