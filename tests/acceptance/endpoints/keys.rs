//! `berth endpoints invoke` and `keys`: a key appears only where the person asked for it.

use super::invoke::call_of;
use super::*;
use crate::canary::Canary;
use crate::hostile::program::{CommandResult, berth_with};
use berth_contract::model::{CallOutcome, CredentialInfo};
use berth_runs::scoring::{Caller, PATIENT};

impl Serving {
    /// The keys of an endpoint, as Azure has them.
    async fn keys(&self, id: &str) -> [String; 2] {
        let path = format!("{id}/listKeys?api-version={VERSION}");
        let keys: Value = self.arm.post(&path, &json!({})).await.unwrap();
        ["primaryKey", "secondaryKey"].map(|name| keys[name].as_str().unwrap().to_owned())
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
    let caller = Caller::new(serving.arm.clone(), endpoint, Vec::new(), None).await;
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
