//! What is wrong with a version to deploy gets one clear message before anything is sent.

use super::Deploying;
use berth_domain::deployment_spec::{DeploySpec, EndpointChoice, ModelSource, Serving};
use berth_domain::spec::Route;

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
