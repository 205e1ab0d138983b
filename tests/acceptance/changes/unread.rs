//! Nothing that others may use is interrupted or destroyed before the user has confirmed each resource whose users are
//! unknown.

use super::disrupting::{leaves_fleet_usable, prepared};
use super::reviewed::is_write;
use super::users::{Fleet, LAB, blocking, clean_up, named};
use super::*;
use crate::command_line::berth;
use crate::harness::{begin_agreed, options};
use berth_app::{Options, Waiting};
use berth_contract::failure::FailureCode;
use berth_contract::model::GoalOn;
use berth_contract::review::StartRun;
use berth_domain::change::Goal;
use berth_domain::finding::{Finding, Severity};
use berth_sandbox::LoggedRequest;
use berth_sandbox::Seed;
use futures::StreamExt as _;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;

/// A part of the fleet that cannot be read.
struct Unknown {
    what: &'static str,
    /// The faults that cause it, most specific first: path and action.
    faults: Vec<(String, Value)>,
    /// Code and resource of the finding; `None` if it counts as known.
    says: Option<(&'static str, String)>,
}

/// Every way in which the users of a cluster can be unknown, except a missing response.
fn unknowns(fleet: &Fleet) -> Vec<Unknown> {
    let computes = |location: &str| format!("*workspaces/ml-{location}/computes?*");
    let of_lab = format!("*{LAB}/providers/*/workspaces?*");
    let workspace = |location: &str| Some(("USE-01.workspace", fleet.workspace(location)));
    let lab = || Some(("USE-01.subscription", format!("/subscriptions/{LAB}")));
    let second_page = |list: &str| {
        let second = list.replace("?*", "?*skip*");
        vec![
            (second, json!({ "status": 404 })),
            (list.to_owned(), json!({ "page_size": 1 })),
        ]
    };
    let one = |path: &str, status: u16| vec![(path.to_owned(), json!({ "status": status }))];
    let unknown = |what, faults, says| Unknown { what, faults, says };
    let france = computes("francecentral");
    vec![
        unknown("workspace fails", one(&france, 500), workspace("francecentral")),
        unknown("workspace closed", one(&france, 403), workspace("francecentral")),
        unknown(
            "workspace gone",
            vec![
                (france.clone(), json!({ "status": 404 })),
                (
                    "*workspaces/ml-francecentral?*".to_owned(),
                    json!({ "status": 404 }),
                ),
            ],
            None,
        ),
        unknown(
            "computes not found",
            one(&france, 404),
            workspace("francecentral"),
        ),
        unknown(
            "computes of no known type",
            vec![(
                france.clone(),
                json!({ "status": 404, "code": "InvalidResourceType" }),
            )],
            workspace("francecentral"),
        ),
        unknown("subscription fails", one(&of_lab, 500), lab()),
        unknown("subscription closed", one(&of_lab, 403), lab()),
        unknown("subscription gone", one(&of_lab, 404), lab()),
        unknown("workspaces cut", second_page(&of_lab), lab()),
        unknown(
            "computes cut",
            second_page(&computes("uksouth")),
            workspace("uksouth"),
        ),
    ]
}

/// The goal with these consents.
fn agreed(fleet: &Fleet, goal: &Goal, consents: &[String]) -> GoalOn {
    let mut goal = goal.clone();
    match &mut goal {
        Goal::SetUp { spec } => spec.waived = consents.to_vec(),
        Goal::Change { waived, .. } => *waived = consents.to_vec(),
        Goal::Deploy { spec } => spec.waived = consents.to_vec(),
    }
    GoalOn {
        goal,
        ..fleet.0.on(Spec::default())
    }
}

/// The codes of a review that are unrelated to unreadable users.
fn unrelated_codes(found: &[Finding]) -> BTreeSet<&str> {
    let codes = found.iter().map(|finding| finding.code.as_str());
    codes
        .filter(|code| !code.starts_with("USE-01") && *code != "CHG-03.none")
        .collect()
}

/// The writes that have reached Azure or a cluster.
fn writes(wire: &mut UnboundedReceiver<LoggedRequest>) -> Vec<String> {
    let lines = std::iter::from_fn(|| wire.try_recv().ok());
    lines
        .filter(|line| is_write(&line.method, &line.path))
        .map(|line| format!("{} {}", line.method, line.path))
        .collect()
}

/// Reviews and starts a goal while something is unreadable: nothing is sent before that very resource is confirmed.
async fn waits_for_consent(fleet: &Fleet, goal: &Goal, unknown: &Unknown, before: &[Finding]) {
    let berth = &fleet.0.berth;
    let cell = format!("{goal:?} while {}", unknown.what);
    let review = berth.review(&agreed(fleet, goal, &[])).await.unwrap();
    let found = &review.findings;
    assert_eq!(unrelated_codes(found), unrelated_codes(before), "{cell}");
    let Some((code, id)) = &unknown.says else {
        assert!(named(found, "USE-01").is_empty(), "{cell}: {found:#?}");
        assert!(blocking(found).is_empty() && review.plan.is_some(), "{cell}");
        return;
    };
    assert_eq!(blocking(found), [*code], "{cell}: {found:#?}");
    let said = named(found, "USE-01")[0];
    let resource = said.resource.clone().unwrap();
    assert!(resource.eq_ignore_ascii_case(id), "{cell}: {resource}");
    assert!(
        id.ends_with(&said.params["name"]) || said.params["name"] != *id,
        "{cell}"
    );
    assert!(!said.params["why"].is_empty(), "{cell}");
    assert!(
        found.iter().all(|finding| finding.code != "CHG-03.none"),
        "{cell}"
    );
    let start = |consents: Vec<String>| StartRun {
        review: review.id.clone(),
        consents,
        typed: goal.typed().map(str::to_owned),
    };
    let refused = berth.start(&start(Vec::new())).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::BlockedByPreflight, "{cell}");
    assert_eq!(refused.params["rules"], "USE-01", "{cell}");
    for consent in [
        "",
        "*",
        "USE-01",
        "USE-01:*",
        "USE-01:/subscriptions",
        &resource,
        &format!("USE-01:{resource}x"),
    ] {
        let refused = berth.start(&start(vec![consent.to_owned()])).await.unwrap_err();
        // A consent that no finding asks for is refused by name.
        assert_eq!(refused.code, FailureCode::BadInput, "{cell}: {consent}");
    }
    let consent = said.waiver();
    let review = berth.review(&agreed(fleet, goal, &[consent])).await.unwrap();
    assert!(
        blocking(&review.findings).is_empty() && review.plan.is_some(),
        "{cell}"
    );
    let severities: Vec<Severity> = named(&review.findings, "USE-01")
        .iter()
        .map(|one| one.severity)
        .collect();
    assert_eq!(severities, [Severity::Unknown], "{cell}");
    assert_eq!(
        unrelated_codes(&review.findings),
        unrelated_codes(before),
        "{cell}"
    );
}

/// Checks every goal, a few at a time.
async fn all_wait_for_consent(fleet: &Fleet, goals: &[Goal], unknown: &Unknown, before: &[Vec<Finding>]) {
    let each = goals
        .iter()
        .zip(before)
        .map(|(goal, before)| waits_for_consent(fleet, goal, unknown, before));
    futures::stream::iter(each)
        .buffer_unordered(4)
        .collect::<Vec<()>>()
        .await;
}

/// The findings about each goal while everything is readable: none is blocked.
async fn undisturbed(fleet: &Fleet, goals: &[Goal]) -> Vec<Vec<Finding>> {
    let mut all = Vec::new();
    for goal in goals {
        let review = fleet.0.berth.review(&agreed(fleet, goal, &[])).await.unwrap();
        assert!(
            blocking(&review.findings).is_empty(),
            "{goal:?}: {:#?}",
            review.findings
        );
        all.push(review.findings);
    }
    all
}

async fn set(fleet: &Fleet, unknown: &Unknown) {
    fleet.0.clear_faults().await;
    for (path, act) in &unknown.faults {
        fleet.refuse(path, act.clone()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_disruptive_goal_needs_consent_for_unreadable_users() {
    let fleet = unrecorded(patient).await;
    let goals = prepared(&fleet).await;
    let before = undisturbed(&fleet, &goals).await;
    let mut wire = fleet.0.sandbox.as_ref().unwrap().requests();
    for unknown in unknowns(&fleet) {
        set(&fleet, &unknown).await;
        all_wait_for_consent(&fleet, &goals, &unknown, &before).await;
    }
    assert_eq!(writes(&mut wire), Vec::<String>::new());
    // With consent, the goals that leave the fleet usable for the next one really run.
    set(&fleet, &unknowns(&fleet)[1]).await;
    let consent = format!("USE-01:{}", fleet.workspace("francecentral"));
    for goal in goals.iter().filter(|goal| leaves_fleet_usable(goal)) {
        let goal = agreed(&fleet, goal, &[]);
        let run = begin_agreed(&fleet.0.berth, &goal, std::slice::from_ref(&consent)).await;
        let run = run.unwrap_or_else(|failure| panic!("{goal:?}: {failure:#?}"));
        let end = fleet.0.berth.wait_for_run(&run.id).await.unwrap();
        assert_succeeded(&end);
        assert!(!writes(&mut wire).is_empty(), "{goal:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_times_out_counts_as_unreadable() {
    let fleet = unrecorded(impatient).await;
    let goals = prepared(&fleet).await;
    let before = undisturbed(&fleet, &goals).await;
    let mut wire = fleet.0.sandbox.as_ref().unwrap().requests();
    let unknown = Unknown {
        what: "workspace slow",
        faults: vec![(
            "*workspaces/ml-francecentral/computes?*".to_owned(),
            json!({ "delay_ms": 600_000 }),
        )],
        says: Some(("USE-01.workspace", fleet.workspace("francecentral"))),
    };
    set(&fleet, &unknown).await;
    all_wait_for_consent(&fleet, &goals, &unknown, &before).await;
    assert_eq!(writes(&mut wire), Vec::<String>::new());
}

/// The fleet, not recorded: every goal is reviewed many times.
async fn unrecorded(options: fn(&Path) -> Options) -> Fleet {
    let sandbox = berth_sandbox::Options {
        seed: Seed::Fleet,
        time_scale: 1200.0,
        ..berth_sandbox::Options::default()
    };
    Fleet(World::unrecorded(sandbox, options).await)
}

fn patient(folder: &Path) -> Options {
    with_timeout(folder, Duration::from_secs(20))
}

fn impatient(folder: &Path) -> Options {
    with_timeout(folder, Duration::from_secs(2))
}

/// Options with this timeout for every request.
fn with_timeout(folder: &Path, request_timeout: Duration) -> Options {
    Options {
        waiting: Waiting {
            request_timeout,
            first_retry: Duration::from_millis(1),
            ..Waiting::default()
        },
        ..options(folder)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn consent_by_name_lets_a_change_proceed() {
    let fleet = Fleet::new("users-consent").await;
    let world = &fleet.0;
    fleet
        .refuse(
            "*workspaces/ml-francecentral/computes?*",
            json!({ "status": 403 }),
        )
        .await;
    let cluster = fleet.cluster("uksouth", "aks-docs-prod");
    let cleans = clean_up(cluster.clone());
    assert!(fleet.leftover_count(&cluster).await > 0);
    let refused = world.change(cleans.clone()).await.unwrap_err();
    assert_eq!(refused.params["rules"], "USE-01");
    assert!(fleet.leftover_count(&cluster).await > 0);
    // On the command line, with the consent that its output names.
    let home = world.folder.path().join("cli");
    let ready = world.folder.path().join("ready.json").display().to_string();
    let file = world.folder.path().join("clean.json");
    std::fs::write(&file, json!({ "schema": 1, "change": cleans }).to_string()).unwrap();
    let file = file.display().to_string();
    let said = berth(&home, &["apply", &file, "--sandbox", &ready]);
    assert_eq!(said.status.code(), Some(3));
    let text = String::from_utf8(said.stdout).unwrap();
    let consent = text
        .split("--consent '")
        .nth(1)
        .and_then(|rest| rest.split('\'').next())
        .unwrap();
    assert!(consent.ends_with("/workspaces/ml-francecentral"), "{consent}");
    let done = berth(
        &home,
        &["apply", &file, "--sandbox", &ready, "--consent", consent],
    );
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    assert_eq!(fleet.leftover_count(&cluster).await, 0);
}
