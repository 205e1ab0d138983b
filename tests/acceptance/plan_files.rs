//! Plan files: exactly the reviewed plan runs, in the same tenant, or a clear message says why not.

use crate::command_line::berth;
use crate::harness::{World, own_pair};
use berth_domain::change::Change;
use berth_domain::spec::{PairRef, Route, Spec, Tls};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Output;

struct Desk {
    world: World,
    home: PathBuf,
}

impl Desk {
    async fn new(name: &str) -> Self {
        let world = World::new(name).await;
        let home = world.folder.path().join("cli");
        Self { world, home }
    }

    fn path(&self, name: &str) -> String {
        self.world.folder.path().join(name).display().to_string()
    }

    fn berth(&self, arguments: &[&str]) -> Output {
        let ready = self.path("ready.json");
        berth(&self.home, &[arguments, &["--sandbox", &ready]].concat())
    }

    fn write(&self, name: &str, change: &Change) -> String {
        let path = self.path(name);
        std::fs::write(&path, json!({ "schema": 1, "change": change }).to_string()).unwrap();
        path
    }

    fn stop(&self, name: &str) -> String {
        let cluster_id = self.world.attach_existing(Route::Classic).cluster_id().unwrap();
        self.write(
            name,
            &Change::Power {
                cluster_id,
                running: false,
            },
        )
    }

    fn writes(&self) -> usize {
        let methods = ["PUT", "PATCH", "DELETE"].iter();
        let stops = self.world.exchanges("POST", "/stop?").len();
        methods
            .map(|method| self.world.exchanges(method, "/").len())
            .sum::<usize>()
            + stops
    }
}

fn printed(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&text).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn any_edit_of_a_plan_file_is_refused_with_a_message() {
    let desk = Desk::new("plan-edited").await;
    let (change, plan) = (desk.stop("stop.json"), desk.path("stop.plan"));
    let planned = desk.berth(&["plan", &change, "--out", &plan]);
    assert_eq!(planned.status.code(), Some(0), "{}", printed(&planned));
    let whole: Value = serde_json::from_slice(&std::fs::read(&plan).unwrap()).unwrap();
    for (at, value) in [
        ("/plan/goal/waived", json!(["DEL-01"])),
        ("/consents", json!(["USE-01:/subscriptions/x"])),
        ("/plan/title", json!("other")),
        ("/signedIn/tenantId", json!("other")),
        ("/plan/bound/affected", json!([])),
        ("/digest", json!("00")),
    ] {
        let mut edited = whole.clone();
        let member = edited.pointer_mut(at).unwrap_or_else(|| panic!("{at}"));
        if *member == value {
            continue;
        }
        *member = value;
        let path = desk.path("edited.plan");
        std::fs::write(&path, edited.to_string()).unwrap();
        let refused = desk.berth(&["apply", &path]);
        assert_eq!(refused.status.code(), Some(2), "{at}: {}", printed(&refused));
        assert!(
            printed(&refused).contains("edited after the review"),
            "{at}: {}",
            printed(&refused)
        );
    }
    // A plan file is not a goal file.
    for command in ["plan", "preflight"] {
        let refused = desk.berth(&[command, &plan]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(
            printed(&refused).contains("Use berth apply to run it"),
            "{}",
            printed(&refused)
        );
    }
    assert_eq!(desk.writes(), 0, "nothing was sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn plans_and_runs_are_bound_to_their_tenant() {
    let (one, other) = (
        Desk::new("plan-one-azure").await,
        Desk::new("plan-other-azure").await,
    );
    let (change, plan) = (one.stop("stop.json"), one.path("stop.plan"));
    let planned = one.berth(&["plan", &change, "--out", &plan]);
    assert_eq!(planned.status.code(), Some(0), "{}", printed(&planned));
    let refused = other.berth(&["apply", &plan]);
    assert_eq!(refused.status.code(), Some(1), "{}", printed(&refused));
    assert!(
        printed(&refused).contains("It belongs to tenant"),
        "{}",
        printed(&refused)
    );
    // A stopped run is not resumed in another tenant either.
    let fault =
        json!({ "match": { "method": "POST", "path": "*/stop?*" }, "do": { "status": 403 }, "times": 1 });
    one.world.fault(fault).await;
    let failed = one.berth(&["apply", &plan, "--json"]);
    assert_eq!(failed.status.code(), Some(1), "{}", printed(&failed));
    let run: Value = serde_json::from_slice(&failed.stdout).unwrap();
    let id = run["summary"]["id"].as_str().unwrap();
    let elsewhere = other.path("ready.json");
    let refused = berth(&one.home, &["runs", "resume", id, "--sandbox", &elsewhere]);
    assert_eq!(refused.status.code(), Some(1), "{}", printed(&refused));
    assert!(
        printed(&refused).contains("It belongs to tenant"),
        "{}",
        printed(&refused)
    );
    assert_eq!(other.writes(), 0, "nothing was sent");
    // It resumes in its own tenant, even after the sandbox came back on another port.
    let Desk { mut world, home } = one;
    world.stop_sandbox().await;
    world.start_sandbox().await;
    let ready = world.folder.path().join("ready.json").display().to_string();
    let resumed = berth(&home, &["runs", "resume", id, "--sandbox", &ready]);
    assert_eq!(resumed.status.code(), Some(0), "{}", printed(&resumed));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_certificate_file_is_detected() {
    let desk = Desk::new("plan-certificate").await;
    let own = || {
        let (certificate, key) = own_pair(desk.world.folder.path(), "ml.contoso.com");
        Tls::Own {
            cname: "ml.contoso.com".to_owned(),
            pair: Some(PairRef::Files {
                certificate: certificate.file_name().unwrap().to_string_lossy().into_owned(),
                key: key.file_name().unwrap().to_string_lossy().into_owned(),
            }),
        }
    };
    let attached = Spec {
        tls: Some(Tls::None),
        ..desk.world.attach_existing(Route::Classic)
    };
    let compute_id = attached.place.compute_id().unwrap();
    desk.world.run(attached).await.unwrap();
    let change = desk.write(
        "tls.json",
        &Change::Tls {
            compute_id,
            tls: own(),
        },
    );
    let plan = desk.path("tls.plan");
    let planned = desk.berth(&["plan", &change, "--out", &plan]);
    assert_eq!(planned.status.code(), Some(0), "{}", printed(&planned));
    let whole: Value = serde_json::from_slice(&std::fs::read(&plan).unwrap()).unwrap();
    let sha256 = whole["plan"]["bound"]["certificate"]["sha256"].as_str().unwrap();
    assert!(
        printed(&planned).contains(&format!("SHA-256 {sha256}, valid until")),
        "{}",
        printed(&planned)
    );
    own();
    let before = desk.writes();
    let changed = desk.berth(&["apply", &plan]);
    assert_eq!(changed.status.code(), Some(4), "{}", printed(&changed));
    assert!(
        printed(&changed).contains(&format!("The certificate was SHA-256 {sha256}")),
        "{}",
        printed(&changed)
    );
    assert_eq!(desk.writes(), before, "nothing was sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_consent_must_match_a_finding() {
    let desk = Desk::new("plan-consents").await;
    let change = desk.stop("stop.json");
    let path = format!("*workspaces/{}/computes?*", desk.world.ready.workspace);
    let closed =
        json!({ "match": { "method": "GET", "path": path }, "do": { "status": 403 }, "times": 9999 });
    desk.world.fault(closed).await;
    let blocked = desk.berth(&["plan", &change]);
    assert_eq!(blocked.status.code(), Some(3), "{}", printed(&blocked));
    let text = printed(&blocked);
    let consent = text
        .split("--consent '")
        .nth(1)
        .unwrap_or_else(|| panic!("{text}"));
    let consent = consent.split('\'').next().unwrap();
    let plan = desk.path("stop.plan");
    for idle in ["*", "", "USE-01", "USE-01:/nope", "a\u{1b}b"] {
        let refused = desk.berth(&[
            "plan",
            &change,
            "--consent",
            consent,
            "--consent",
            idle,
            "--out",
            &plan,
        ]);
        assert_eq!(refused.status.code(), Some(2), "{idle}: {}", printed(&refused));
        assert!(
            printed(&refused).contains("no finding asks for the consent"),
            "{}",
            printed(&refused)
        );
        assert!(!PathBuf::from(&plan).exists(), "{idle}");
    }
    let planned = desk.berth(&[
        "plan",
        &change,
        "--consent",
        consent,
        "--consent",
        consent,
        "--out",
        &plan,
    ]);
    let text = printed(&planned);
    assert_eq!(planned.status.code(), Some(0), "{text}");
    assert!(
        text.contains("accepted") && !text.contains("blocking") && !text.contains("--consent"),
        "{text}"
    );
    let whole: Value = serde_json::from_slice(&std::fs::read(&plan).unwrap()).unwrap();
    assert_eq!(whole["consents"], json!([consent]), "each once");
    // An existing file is never overwritten, which is checked before any request.
    let before = desk.world.recorded().len();
    let refused = desk.berth(&["plan", &change, "--out", &plan]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        printed(&refused).contains("something with this name already exists"),
        "{}",
        printed(&refused)
    );
    assert_eq!(desk.world.recorded().len(), before, "nothing was asked");
}
