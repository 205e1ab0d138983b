//! Nothing that others may use is interrupted or destroyed before the person has agreed, place by place, to go on without
//! knowing who they are.

use super::stranger::Stranger;
use super::users::{Estate, LAB, MACHINE_LEARNING, ML, blocking, clean_up, named};
use super::*;
use crate::command_line::berth;
use berth_app::Home;
use berth_app::{Berth, Options, Waiting};
use berth_domain::finding::{Finding, Severity};
use futures::StreamExt as _;
use serde_json::json;
use std::time::Duration;

/// Every change that interrupts or destroys, where nothing else stands in its way.
pub fn disrupting(estate: &Estate) -> Vec<Change> {
    let fraud = estate.compute("westeurope", "fraud-prod");
    let hub = estate.cluster("germanywestcentral", "aks-hub-prod");
    let forecast = estate.compute("northeurope", "forecast-prod");
    let speech = estate.compute("northeurope", "speech-test");
    vec![
        clean_up(estate.cluster("uksouth", "aks-docs-prod")),
        Change::Power {
            cluster_id: hub.clone(),
            running: false,
        },
        Change::Upgrade {
            cluster_id: hub.clone(),
            version: "1.36".to_owned(),
            nodes: true,
        },
        Change::DeleteCluster {
            cluster_id: hub,
            confirm: "aks-hub-prod".to_owned(),
        },
        Change::Tls {
            compute_id: fraud.clone(),
            tls: Tls::None,
        },
        Change::LoadBalancer {
            compute_id: fraud,
            load_balancer: LoadBalancer::Internal { subnet: None },
        },
        Change::RenewLabel { compute_id: forecast },
        Change::Refresh {
            compute_id: speech.clone(),
        },
        Change::Move {
            compute_id: speech.clone(),
            new_compute: "speech-new".to_owned(),
            namespace: "models".to_owned(),
        },
        Change::MoveBack {
            compute_id: speech.clone(),
        },
        Change::MoveFinish {
            compute_id: speech.clone(),
        },
        Change::Detach { compute_id: speech },
        Change::DeleteWithCluster {
            compute_id: estate.compute("northeurope", "legacy-7f3a"),
            confirm: "aks-legacy-7f3a".to_owned(),
        },
    ]
}

/// Blocks each change until `id` alone is agreed to, and says nowhere that nobody is interrupted.
async fn blocks_until_agreed(estate: &Estate, changes: &[Change], code: &str, id: &str) {
    for change in changes {
        let found = estate.findings(change, &["USE-01".to_owned()]).await;
        let unread = named(&found, "USE-01");
        assert_eq!(unread.len(), 1, "{change:?}: {found:#?}");
        let said = unread[0];
        assert_eq!(
            (said.code.as_str(), said.severity),
            (code, Severity::Blocking),
            "{change:?}"
        );
        assert!(
            said.resource
                .as_deref()
                .is_some_and(|other| other.eq_ignore_ascii_case(id)),
            "{said:#?}"
        );
        assert!(
            found.iter().all(|finding| finding.code != "CHG-03.none"),
            "{found:#?}"
        );
        let agreed = estate.findings(change, &[said.waiver()]).await;
        let severities: Vec<Severity> = named(&agreed, "USE-01").iter().map(|one| one.severity).collect();
        assert_eq!(severities, [Severity::Unknown], "{change:?}");
        let others = |all: &[Finding]| {
            let mut codes: Vec<String> = blocking(all).into_iter().map(str::to_owned).collect();
            codes.retain(|code| !code.starts_with("USE-01"));
            codes
        };
        assert_eq!(others(&agreed), others(&found), "{change:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_disrupts_waits_for_consent_to_each_unread_place() {
    let mut estate = Estate::new("users-matrix").await;
    let france = estate.workspace("francecentral");
    let lab = format!("/subscriptions/{LAB}");
    let changes = disrupting(&estate);
    estate
        .refuses(
            "*workspaces/ml-francecentral/computes?*",
            json!({ "status": 403 }),
        )
        .await;
    blocks_until_agreed(&estate, &changes, "USE-01.workspace", &france).await;
    estate.0.clear_faults().await;
    estate
        .refuses(
            &format!("*{LAB}/providers/*/workspaces?*"),
            json!({ "status": 403 }),
        )
        .await;
    blocks_until_agreed(&estate, &changes, "USE-01.subscription", &lab).await;
    estate.0.clear_faults().await;
    estate
        .refuses(
            "*workspaces/ml-francecentral/computes?*",
            json!({ "status": 404 }),
        )
        .await;
    for change in &changes {
        let found = estate.findings(change, &[]).await;
        assert!(named(&found, "USE-01").is_empty(), "{change:?}: {found:#?}");
    }
    estate.0.clear_faults().await;
    estate.0.berth = impatient(&estate.0);
    estate
        .refuses(
            "*workspaces/ml-francecentral/computes?*",
            json!({ "delay_ms": 60000 }),
        )
        .await;
    blocks_until_agreed(&estate, &changes[..2], "USE-01.workspace", &france).await;
}

/// A Berth that waits for no request longer than a moment.
fn impatient(world: &World) -> Berth {
    let options = Options {
        running_sandbox: Some(world.folder.path().join("ready.json")),
        min_poll: Duration::from_millis(50),
        memory_only: true,
        waiting: Waiting {
            request_timeout: Duration::from_secs(2),
            first_retry: Duration::from_millis(20),
            ..Waiting::default()
        },
        ..Options::new(Home::at(world.folder.path().join("impatient")))
    };
    Berth::open(options).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_second_page_names_its_list_and_keeps_the_first() {
    let estate = Estate::new("users-second-page").await;
    let stranger = Stranger::of(&estate.0).await;
    let lab = format!("/subscriptions/{LAB}");
    let many = (0..201).map(|at| {
        let id = format!("{lab}/resourceGroups/rg-ml-lab/{MACHINE_LEARNING}/ml-zz-{at:03}");
        let stranger = &stranger;
        async move {
            let body = json!({ "location": "swedencentral", "properties": {} });
            stranger.make(&id, ML, body).await;
        }
    });
    futures::stream::iter(many)
        .buffer_unordered(8)
        .collect::<Vec<()>>()
        .await;
    estate
        .refuses(
            &format!("*{LAB}/providers/*/workspaces?*skip*"),
            json!({ "status": 404 }),
        )
        .await;
    // Each asks two hundred workspaces: a few stand for all.
    let changes = &disrupting(&estate)[..2];
    blocks_until_agreed(&estate, changes, "USE-01.subscription", &lab).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn consent_by_name_lets_a_change_go_on() {
    let estate = Estate::new("users-consent").await;
    let world = &estate.0;
    estate
        .refuses(
            "*workspaces/ml-francecentral/computes?*",
            json!({ "status": 403 }),
        )
        .await;
    let cluster = estate.cluster("uksouth", "aks-docs-prod");
    let cleans = clean_up(cluster.clone());
    assert!(estate.remains(&cluster).await > 0);
    let refused = world.change(cleans.clone()).await.unwrap_err();
    assert_eq!(refused.params["rules"], "USE-01");
    assert!(estate.remains(&cluster).await > 0);
    // From the command line, by what it says itself.
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
    assert_eq!(estate.remains(&cluster).await, 0);
}
