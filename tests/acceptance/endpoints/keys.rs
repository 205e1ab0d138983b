//! `berth endpoints invoke` and `keys`: a key appears only where the person asked for it.

use super::invoke::call_of;
use super::*;
use crate::canary::Canary;
use crate::hostile::program::{CommandResult, berth_with};
use berth_arm::resources::endpoints::list_keys;
use berth_contract::model::{CallOutcome, CredentialInfo, RequestSample, SampleToSave};
use berth_contract::run::{ProofCheckState, RunSnapshot, RunState};
use berth_domain::change::Change;
use berth_domain::endpoint::EndpointKey;
use berth_runs::clock::SystemClock;
use berth_runs::scoring::{Caller, PATIENT};
use secrecy::ExposeSecret as _;

impl Serving {
    /// The keys of an endpoint, as Azure has them.
    async fn keys(&self, id: &str) -> [String; 2] {
        let keys = list_keys(&self.arm, id).await.unwrap();
        [keys.primary, keys.secondary].map(|key| key.expose_secret().to_owned())
    }

    async fn program(&self, arguments: &[&str]) -> CommandResult {
        let folder = self.world().folder.path();
        let variables = [("BERTH_LOG", "trace")];
        let ready = folder.join("ready.json");
        berth_with(&folder.join("cli"), &ready, arguments, &variables).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_only_where_the_person_asked_for_them() {
    let serving = Serving::new("keys-program").await;
    let id = serving.add_calculating("Key").await;
    let mut canary = Canary::of(serving.world());
    let [primary, secondary] = serving.keys(&id).await;
    canary.add(&primary);
    canary.add(&secondary);
    let folder = serving.world().folder.path();
    let request = folder.join("request.json");
    // The version that echoes could repeat a key.
    std::fs::write(&request, format!("{{\"data\": [[\"{primary}\"]]}}")).unwrap();
    let (request, out) = (request.display().to_string(), folder.join("primary.key"));
    let out_text = out.display().to_string();
    let invoke = [
        "endpoints",
        "invoke",
        &id,
        "--data",
        &request,
        "--version",
        "green",
    ];
    for arguments in [
        &invoke[..],
        &[&invoke[..], &["--json", "--headers"]].concat(),
        &["endpoints", "keys", &id],
        &["endpoints", "keys", &id, "--json", "--which", "secondary"],
        &["endpoints", "keys", &id, "--out", &out_text],
        &["endpoints", "show", &id, "--json"],
    ] {
        let result = serving.program(arguments).await;
        let all = result.all();
        assert!(result.status.success(), "{arguments:?}: {all}");
        assert_eq!(canary.in_text("the output", &all), None, "{arguments:?}");
    }
    assert_eq!(std::fs::read_to_string(&out).unwrap(), primary);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            std::fs::metadata(&out).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    let again = serving
        .program(&["endpoints", "keys", &id, "--out", &out_text])
        .await;
    assert!(!again.status.success(), "an existing file is not replaced");
    let printed = ["endpoints", "keys", &id, "--print", "--which", "secondary"];
    assert_eq!(serving.program(&printed).await.stdout.trim(), secondary);
    let json = serving.program(&[&printed[..], &["--json"]].concat()).await;
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["value"], secondary);
    let token = serving
        .program(&["endpoints", "keys", &id, "--which", "token"])
        .await;
    let why = "the endpoint takes keys, so it has no token";
    assert!(token.all().contains(why), "{}", token.all());
    assert_eq!(canary.in_folder(&folder.join("cli")), Vec::<String>::new());
    // The window gets no key either.
    let (berth, call) = (&serving.world().berth, call_of(&id, Some("green")));
    let outcome = berth.call_endpoint(&call, primary.clone().into(), 999).await;
    let reply = serde_json::to_string(&outcome.unwrap()).unwrap();
    assert_eq!(canary.in_text("the reply", &reply), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_regenerated_key_replaces_only_the_former_one() {
    let serving = Serving::new("keys-regenerated").await;
    let id = serving.add_calculating("Key").await;
    let [primary, secondary] = serving.keys(&id).await;
    let mut canary = Canary::of(serving.world());
    let endpoint = serving.details(&id).await.endpoint;
    let caller = Caller::new(
        serving.arm.clone(),
        &SystemClock::new(),
        endpoint,
        Vec::new(),
        None,
    )
    .await;
    let target = caller.target(Some("blue")).unwrap();
    let status = async || {
        caller
            .call(&target, "{\"data\": [[1]]}".into(), PATIENT)
            .await
            .unwrap()
            .status
    };
    assert_eq!(status().await, 200);

    let regenerate = ["endpoints", "keys", &id, "--regenerate", "primary"];
    let shown = serving.program(&regenerate).await;
    let who = "Everyone who calls calc with its primary key is refused";
    assert!(shown.all().contains(who), "{}", shown.all());
    assert_eq!(
        serving.keys(&id).await[0],
        primary,
        "nothing is sent without --yes"
    );
    let run = serving.program(&[&regenerate[..], &["--yes"]].concat()).await;
    assert!(run.status.success(), "{}", run.all());
    let now = serving.keys(&id).await;
    assert_ne!(now[0], primary);
    assert_eq!(now[1], secondary);
    for key in [&primary, &secondary, &now[0]] {
        canary.add(key);
    }
    assert_eq!(canary.in_text("the output", &run.all()), None);
    let cli = serving.world().folder.path().join("cli");
    assert_eq!(canary.in_folder(&cli), Vec::<String>::new());
    let sent = serving.world().exchanges("POST", "/regenerateKeys");
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["request_body"], json!({ "keyType": "Primary" }));
    // The former key is rejected, and the caller fetches the new one.
    let lists = || serving.world().exchanges("POST", "/calc/listKeys").len();
    let before = lists();
    assert_eq!(status().await, 200);
    assert_eq!(lists(), before + 1);
}

/// The sentence of each check of the proof.
fn proven(run: &RunSnapshot) -> Vec<(ProofCheckState, &str)> {
    let checks = &run.proof.as_ref().expect("a proof").checks;
    checks
        .iter()
        .map(|check| (check.state, check.code.as_str()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_regenerated_on_both_routes_and_proven_with_a_call() {
    use ProofCheckState::Holds;
    let serving = Serving::new("keys-proven").await;
    let (online, classic) = (serving.add_calculating("Key").await, serving.add_sums().await);
    let berth = &serving.world().berth;
    let sample = SampleToSave {
        endpoint_id: online.clone(),
        sample: RequestSample {
            name: "rows".to_owned(),
            request: "{\"data\": [[1, 2]]}".to_owned(),
        },
    };
    berth.save_sample(&sample).unwrap();
    for (id, accepted) in [(&online, "access.sample"), (&classic, "access.accepted")] {
        let before = serving.keys(id).await;
        let change = Change::RegenerateKey {
            endpoint_id: id.clone(),
            key: EndpointKey::Secondary,
        };
        let run = serving.world().change(change).await.unwrap();
        assert_eq!(run.summary.state, RunState::Succeeded, "{run:#?}");
        assert_eq!(proven(&run), [(Holds, "key.changed"), (Holds, accepted)]);
        let now = serving.keys(id).await;
        assert_eq!(now[0], before[0]);
        assert_ne!(now[1], before[1]);
        let mut canary = Canary::of(serving.world());
        for key in before.iter().chain(&now) {
            canary.add(key);
        }
        let shown = serde_json::to_string(&run).unwrap();
        assert_eq!(canary.in_text("the run", &shown), None);
        let home = serving.world().folder.path();
        assert_eq!(canary.in_folder(&home.join("berth")), Vec::<String>::new());
    }
    let sent = serving.world().exchanges("POST", "/services/sums/regenerateKeys");
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["request_body"], json!({ "keyType": "Secondary" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_decides_the_exit_code() {
    let serving = Serving::new("keys-exit").await;
    let id = serving.add_calculating("AMLToken").await;
    let folder = serving.world().folder.path();
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (good, bad) = (
        file("good.json", "{\"data\": [[1, 2]]}"),
        file("bad.json", "no JSON"),
    );
    let call = async |data: &str, more: &[&str]| {
        let arguments = ["endpoints", "invoke", &id, "--version", "blue", "--data", data];
        serving.program(&[&arguments[..], more].concat()).await
    };
    let answered = call(&good, &[]).await;
    assert_eq!(
        (answered.status.code(), answered.stdout.trim()),
        (Some(0), "{\"predictions\":[5.5]}"),
        "{}",
        answered.all()
    );
    assert!(answered.stderr.contains("Status 200"), "{}", answered.stderr);
    let as_json = call(&good, &["--json"]).await;
    let outcome: CallOutcome = serde_json::from_str(&as_json.stdout).unwrap();
    assert_eq!(outcome.answer.unwrap().status, 200);
    assert_eq!(call(&bad, &[]).await.status.code(), Some(1));
    let missing = folder.join("missing.json").display().to_string();
    assert_ne!(call(&missing, &[]).await.status.code(), Some(0));
    let token = ["endpoints", "keys", &id, "--which", "token", "--json"];
    let token = serving.program(&token).await;
    let info: CredentialInfo = serde_json::from_str(&token.stdout).unwrap();
    assert!(
        info.expires_at.is_some() && info.refresh_after.is_some(),
        "{info:?}"
    );
}
