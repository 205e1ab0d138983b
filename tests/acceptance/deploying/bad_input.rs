//! What is wrong with a version to deploy gets one clear message before anything is sent.

use super::Deploying;
use crate::command_line::berth;
use berth_domain::deployment_spec::{DeploySpec, EndpointChoice, ModelSource, Serving};
use berth_domain::finding::Severity;
use berth_domain::spec::Route;
use serde_json::json;

/// A mistake, and the code of its only blocking finding.
type Case = (&'static str, fn(&Deploying, &mut DeploySpec));

fn folder(spec: &mut DeploySpec) -> (&mut String, &mut String) {
    match &mut spec.serving {
        Serving::Script { folder, script, .. } => (folder, script),
        other => panic!("{other:?} has no folder"),
    }
}

const CASES: [Case; 13] = [
    ("DEP-01.model", |_, spec| spec.models.clear()),
    ("DEP-02", |_, spec| {
        let second = spec.models[0].clone();
        spec.models.push(second);
    }),
    ("DEP-13.code", |_, spec| "missing.py".clone_into(folder(spec).1)),
    ("DEP-13.code", |deploying, spec| {
        std::fs::create_dir_all(deploying.file("empty")).unwrap();
        *folder(spec).0 = deploying.path("empty");
    }),
    ("DEP-13.code", |deploying, spec| {
        *folder(spec).0 = deploying.path("absent")
    }),
    ("DEP-13.model", |deploying, spec| {
        if let ModelSource::Local { path, .. } = &mut spec.models[0] {
            *path = deploying.path("absent");
        }
    }),
    ("DEP-13.sample", |deploying, spec| {
        deploying.write("bad.json", "{");
        spec.sample = deploying.path("bad.json");
    }),
    ("NAM-08", |_, spec| "förutsägelse".clone_into(&mut spec.version)),
    ("DEP-14.missing", |_, spec| "absent".clone_into(&mut spec.compute)),
    ("DEP-15.missing", |_, spec| {
        spec.endpoint = EndpointChoice::Existing {
            name: "absent".to_owned(),
        };
    }),
    ("DEP-17.model", |_, spec| {
        spec.models = vec![ModelSource::Registered {
            name: "absent".to_owned(),
            version: "7".to_owned(),
        }];
    }),
    ("SVC-16.first", |_, spec| spec.traffic = Some(10)),
    ("DEP-14.route", |_, spec| spec.route = Route::Classic),
];

#[tokio::test(flavor = "multi_thread")]
async fn each_mistake_gets_one_message() {
    let deploying = Deploying::new("deploy-bad").await;
    for (code, spoil) in CASES {
        let mut spec = deploying.blue();
        spoil(&deploying, &mut spec);
        let found = deploying.blocking(&spec).await;
        let codes: Vec<&str> = found.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, [code], "{found:#?}");
    }
    assert!(deploying.world.exchanges("PUT", "/onlineEndpoints/").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_two_gigabytes_is_refused_among_the_code() {
    let deploying = Deploying::new("deploy-large").await;
    let file = std::fs::File::create(deploying.file("src/large.bin")).unwrap();
    file.set_len(2 << 30).unwrap();
    let found = deploying.blocking(&deploying.blue()).await;
    let codes: Vec<&str> = found.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["DEP-13.code"], "{found:#?}");
    let why = &found[0].params["why"];
    assert!(why.contains("large.bin") && why.contains("2147483648"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_with_other_letters_are_uploaded_and_names_in_use_are_refused() {
    let deploying = Deploying::new("deploy-names").await;
    deploying.write("src/données/été 日本.txt", "x");
    let spec = deploying.blue();
    let run = deploying.deploy(&spec).await;
    assert_eq!(
        run.summary.state,
        berth_contract::run::RunState::Succeeded,
        "{run:#?}"
    );
    let again = deploying.blocking(&spec).await;
    let codes: Vec<&str> = again.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["DEP-15.taken"]);
    let mut same = deploying.green(0);
    "Blue".clone_into(&mut same.version);
    let codes: Vec<String> = deploying
        .blocking(&same)
        .await
        .into_iter()
        .map(|finding| finding.code)
        .collect();
    assert_eq!(codes, ["DEP-16"]);
}

/// A version with the name of the deployed one, on another endpoint.
fn namesake(deploying: &Deploying) -> DeploySpec {
    let mut spec = deploying.blue();
    if let EndpointChoice::New { name, .. } = &mut spec.endpoint {
        "fraud".clone_into(name);
    }
    spec
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_named_like_that_of_another_endpoint_needs_consent() {
    let deploying = Deploying::new("deploy-namesake").await;
    let run = deploying.deploy(&deploying.blue()).await;
    assert_eq!(
        run.summary.state,
        berth_contract::run::RunState::Succeeded,
        "{run:#?}"
    );
    let spec = namesake(&deploying);
    let found = deploying.blocking(&spec).await;
    let codes: Vec<&str> = found.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["DEP-31.live"], "{found:#?}");
    assert_eq!(found[0].resource, deploying.blue().endpoint_id());
    assert_eq!(found[0].params["other"], "fraud-blue");
    let mut renamed = spec.clone();
    found[0].params["other"].clone_into(&mut renamed.version);
    let left = deploying.blocking(&renamed).await;
    assert!(left.is_empty(), "{left:#?}");

    let fault = json!({ "match": { "method": "GET", "path": "*/onlineEndpoints?*" }, "do": { "status": 403 }, "times": 99 });
    deploying.world.fault(fault).await;
    let review = deploying.review(&spec).await;
    let unread = review
        .findings
        .iter()
        .find(|finding| finding.code == "DEP-31.unread");
    assert_eq!(
        unread.map(|finding| finding.severity),
        Some(Severity::Unknown),
        "{review:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_sign_in_is_told_from_a_missing_permission() {
    let deploying = Deploying::new("deploy-signed-out").await;
    let home = deploying.world.folder.path().join("cli");
    let ready = deploying
        .world
        .folder
        .path()
        .join("ready.json")
        .display()
        .to_string();
    let id = deploying.blue().endpoint_id().unwrap();
    let fault = json!({ "match": { "method": "GET", "path": "*/onlineEndpoints/churn?*" }, "do": { "status": 401 }, "times": 99 });
    deploying.world.fault(fault).await;
    let change = [
        "endpoints",
        "traffic",
        &id,
        "blue=100",
        "--sandbox",
        &ready,
        "--yes",
    ];
    let blocked = berth(&home, &change);
    let printed = String::from_utf8_lossy(&blocked.stdout).into_owned();
    assert_eq!(blocked.status.code(), Some(3), "{blocked:?}");
    assert!(
        printed.contains("Sign in again") && !printed.contains("permission"),
        "{printed}"
    );
    // No consent helps: without the endpoint there is nothing to plan with.
    assert!(!printed.contains("--consent"), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_used_gets_one_clear_message() {
    let deploying = Deploying::new("deploy-files").await;
    let home = deploying.world.folder.path().join("cli");
    let ready = deploying
        .world
        .folder
        .path()
        .join("ready.json")
        .display()
        .to_string();
    let (absent, taken) = (deploying.path("absent.json"), deploying.path("taken.json"));
    deploying.write("taken.json", "{}");
    let nowhere = deploying.path("no-folder/plan.json");
    let spec = deploying.file("version.json");
    std::fs::write(&spec, serde_json::to_vec(&deploying.blue()).unwrap()).unwrap();
    let spec = spec.display().to_string();
    let endpoint = deploying.blue().endpoint_id().unwrap();
    for (arguments, path, why) in [
        (
            vec!["deploy", &absent],
            &absent,
            "it does not exist. Check the path.",
        ),
        (vec!["plan", &absent], &absent, "it does not exist"),
        (vec!["canary", &absent], &absent, "it does not exist"),
        (
            vec!["endpoints", "invoke", &endpoint, "--data", &absent],
            &absent,
            "it does not exist",
        ),
        (vec!["plan", &spec, "--out", &taken], &taken, "already exists"),
        (
            vec!["plan", &spec, "--out", &nowhere],
            &nowhere,
            "its folder does not exist",
        ),
    ] {
        let refused = berth(&home, &[arguments.as_slice(), &["--sandbox", &ready]].concat());
        let printed = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}: {printed}");
        assert!(printed.contains(path) && printed.contains(why), "{printed}");
        let noise = ["os error", ".berth-", "may be missing or protected"];
        assert!(!noise.iter().any(|noise| printed.contains(noise)), "{printed}");
        assert_eq!(printed.lines().count(), 1, "{printed}");
    }
}
