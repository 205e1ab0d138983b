//! Certificates end to end: inventory, renewal in one go, import from a Key Vault, and reminders.

use crate::command_line::berth;
use crate::harness::{World, everything_in};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use berth_app::accounts::RUNNING_SANDBOX;
use berth_contract::failure::FailureCode;
use berth_contract::model::{CertificateOrder, KeyVaultOrder, KeyVaultPlace, RenewOrder, SubscriptionRef};
use berth_contract::run::RunState;
use berth_domain::change::Change;
use berth_domain::inventory::{Agreement, Due, EndpointCertificates, Inventory, Origin, PlaceKind, Renewal};
use berth_domain::spec::{PairRef, Recipe, RecipeIssuer, Route, Tls};
use berth_sandbox::Seed;
use serde_json::{Value, json};
use std::process::Command;

fn subscription(world: &World) -> SubscriptionRef {
    SubscriptionRef {
        account: RUNNING_SANDBOX.to_owned(),
        subscription_id: world.ready.subscription_ids[0].clone(),
    }
}

fn of<'a>(inventory: &'a Inventory, compute: &str) -> &'a EndpointCertificates {
    let found = inventory.endpoints.iter().find(|one| one.compute() == compute);
    found.unwrap_or_else(|| panic!("{compute} is not in {:?}", inventory.endpoints))
}

fn sha256(endpoint: &EndpointCertificates, place: PlaceKind) -> String {
    let seen = endpoint.places.iter().find(|seen| seen.place == place);
    let certificate = seen.and_then(|seen| seen.certificate.as_ref());
    certificate
        .map(|found| found.sha256.clone())
        .unwrap_or_else(|| panic!("no certificate in {place:?}: {:?}", endpoint.places))
}

async fn read(world: &World) -> Inventory {
    world.berth.read_inventory(&subscription(world)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_certificate_of_the_fleet_is_listed_and_saved() {
    let mut world = World::seeded("certificates-fleet", 1200.0, Seed::Fleet).await;
    let seen = read(&world).await;
    for (compute, due, renewal) in [
        ("credit-prod", Due::Expired, Renewal::SelfSigned),
        ("churn-prod", Due::Soon, Renewal::SelfSigned),
        ("vision-prod", Due::Renew, Renewal::SelfSigned),
        ("fraud-prod", Due::Fine, Renewal::SelfSigned),
        ("speech-test", Due::Unknown, Renewal::Nothing),
    ] {
        let one = of(&seen, compute);
        assert_eq!((one.due, one.renewal), (due, renewal), "{compute}");
    }
    let churn = of(&seen, "churn-prod");
    assert_eq!(churn.agreement, Agreement::Agree);
    assert_eq!(churn.name.as_deref(), Some("churn.serving.contoso.com"));
    assert_eq!(sha256(churn, PlaceKind::Wire), sha256(churn, PlaceKind::Cluster));
    let label = of(&seen, "forecast-prod");
    assert_eq!(label.renewal, Renewal::Microsoft);
    assert!(
        label
            .name
            .as_deref()
            .unwrap()
            .ends_with(".northeurope.cloudapp.azure.com")
    );
    assert_eq!(
        seen.endpoints[0].compute(),
        "credit-prod",
        "expired certificates come first"
    );
    assert_eq!(seen.problems, Vec::<String>::new());

    // Without a network the last inventory is shown, judged as of now.
    world.stop_sandbox().await;
    let failure = world
        .berth
        .read_inventory(&subscription(&world))
        .await
        .unwrap_err();
    assert_eq!(failure.code, FailureCode::Unreachable);
    let last = world
        .berth
        .last_inventory(&subscription(&world).subscription_id)
        .unwrap();
    assert_eq!(last.unwrap().endpoints.len(), seen.endpoints.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_with_unreadable_extensions_is_reported_without_guessing() {
    let world = World::seeded("certificates-blind", 1200.0, Seed::Fleet).await;
    let whole = read(&world).await;
    let by_extension = |seen: &Inventory| {
        let all = seen.endpoints.iter();
        all.filter(|one| one.route == Route::Extension).count()
    };
    assert!(by_extension(&whole) > 0, "{whole:?}");
    world
        .fault(json!({
            "match": { "method": "GET", "path": "/providers/Microsoft.KubernetesConfiguration/extensions" },
            "do": { "status": 403, "code": "AuthorizationFailed" },
            "times": 1000,
        }))
        .await;
    let seen = read(&world).await;
    assert_eq!(by_extension(&seen), 0, "it is unknown whether TLS is on");
    assert_eq!(
        seen.endpoints.len(),
        whole.endpoints.len() - by_extension(&whole),
        "the other endpoints are listed"
    );
    assert!(
        !seen.problems.is_empty()
            && seen
                .problems
                .iter()
                .all(|why| why.contains("AuthorizationFailed")),
        "{:?}",
        seen.problems
    );
    // Renewing such an endpoint is refused with the reason.
    let all = whole.endpoints.iter();
    let ids = all.filter(|one| one.route == Route::Extension);
    let order = RenewOrder {
        account: RUNNING_SANDBOX.to_owned(),
        compute_ids: ids.map(|one| one.compute_id.clone()).collect(),
    };
    let answers = world.berth.renew_certificates(&order).await.unwrap();
    assert_eq!(answers.len(), order.compute_ids.len(), "{answers:?}");
    for answer in answers {
        let failure = answer.failure.expect("a failure");
        assert_eq!(failure.code, FailureCode::NotFound);
        assert!(failure.detail.contains("AuthorizationFailed"), "{failure:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_made_by_berth_are_renewed_together() {
    let world = World::seeded("certificates-renewed", 1200.0, Seed::Fleet).await;
    let order = CertificateOrder {
        cname: "*.serving.contoso.com".to_owned(),
        recipe: Recipe {
            issuer: RecipeIssuer::LocalCa,
            days: 30,
            ..Recipe::default()
        },
    };
    let made = world.berth.certificates().make(&order).await.unwrap();
    let before = read(&world).await;
    let ids: Vec<String> = ["churn-prod", "vision-prod", "forecast-prod"]
        .iter()
        .map(|compute| of(&before, compute).compute_id.clone())
        .collect();
    for (id, cname) in [
        (&ids[0], "churn.serving.contoso.com"),
        (&ids[1], "vision.serving.contoso.com"),
    ] {
        let change = Change::Tls {
            compute_id: id.clone(),
            tls: Tls::Own {
                cname: cname.to_owned(),
                pair: Some(made.pair.clone()),
            },
        };
        let run = world.change(change).await.unwrap();
        assert_eq!(run.summary.state, RunState::Succeeded, "{run:?}");
    }
    let applied = read(&world).await;
    for compute in ["churn-prod", "vision-prod"] {
        let one = of(&applied, compute);
        assert_eq!(one.renewal, Renewal::LocalAuthority);
        assert_eq!(sha256(one, PlaceKind::Applied), made.facts.sha256);
        assert_eq!(one.agreement, Agreement::Agree);
    }
    let former = applied.kept.iter().filter(|kept| kept.origin == Origin::Cluster);
    assert_eq!(
        former.count(),
        2,
        "the previous certificates of both, for a rollback"
    );
    let kept = applied
        .kept
        .iter()
        .find(|kept| made.pair == PairRef::Vault { id: kept.id.clone() })
        .unwrap();
    assert_eq!((&kept.origin, kept.used_by.len()), (&Origin::Made, 2));

    let order = RenewOrder {
        account: RUNNING_SANDBOX.to_owned(),
        compute_ids: ids.clone(),
    };
    let renewed = world.berth.renew_certificates(&order).await.unwrap();
    assert_eq!(renewed.len(), 3);
    for one in &renewed {
        if one.compute_id == ids[2] {
            let failure = one.failure.as_ref().unwrap();
            assert_eq!(failure.code, FailureCode::NotMadeHere);
            continue;
        }
        let run = one.run.as_ref().unwrap_or_else(|| panic!("{one:?}"));
        let ended = world.berth.wait_for_run(&run.id).await.unwrap();
        assert_eq!(ended.summary.state, RunState::Succeeded, "{ended:?}");
    }
    let after = read(&world).await;
    let (churn, vision) = (of(&after, "churn-prod"), of(&after, "vision-prod"));
    let now = sha256(churn, PlaceKind::Wire);
    assert_ne!(now, made.facts.sha256);
    assert_eq!(now, sha256(vision, PlaceKind::Wire), "one certificate for both");
    assert_eq!(churn.name.as_deref(), Some("churn.serving.contoso.com"));
    assert_eq!(churn.in_force().unwrap().names, ["*.serving.contoso.com"]);
    assert_eq!(churn.renewal, Renewal::LocalAuthority, "the same authority");
    let home = everything_in(&world.folder.path().join("berth"));
    assert!(!home.contains("PRIVATE KEY"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_imported_from_a_key_vault_if_its_secret_is_readable() {
    let world = World::new("certificates-key-vault").await;
    let vaults = world.berth.key_vaults(&subscription(&world)).await.unwrap();
    let uri = |name: &str| {
        let found = vaults.iter().find(|vault| vault.id.ends_with(name));
        found.unwrap_or_else(|| panic!("{vaults:?}")).uri.clone()
    };
    let place = KeyVaultPlace {
        account: RUNNING_SANDBOX.to_owned(),
        uri: uri("kv-ml-prod"),
    };
    let certificates = world.berth.key_vault_certificates(&place).await.unwrap();
    assert_eq!(certificates.len(), 1);
    assert!(certificates[0].enabled && certificates[0].expires.is_some());
    let take = |secret: &str| {
        let order = KeyVaultOrder {
            account: RUNNING_SANDBOX.to_owned(),
            secret: secret.to_owned(),
            cname: "ml.contoso.com".to_owned(),
        };
        let berth = &world.berth;
        async move { berth.take_key_vault_certificate(&order).await }
    };
    let report = take(&certificates[0].secret).await.unwrap();
    assert_eq!(
        (report.facts.covers, report.facts.key_matches),
        (Some(true), true)
    );
    // The certificate's identifier works as well.
    let by_name = certificates[0].secret.replace("/secrets/", "/certificates/");
    assert_eq!(take(&by_name).await.unwrap().facts.sha256, report.facts.sha256);
    let kept = read(&world).await.kept;
    let secret = certificates[0].secret.clone();
    assert!(kept.iter().any(|kept| kept.origin
        == Origin::KeyVault {
            secret: secret.clone()
        }));

    let locked = format!("{}secrets/ml-contoso-com", uri("kv-ml-locked"));
    let failure = take(&locked).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::Forbidden);
    let gone = take(&format!("{}secrets/nothing", place.uri)).await.unwrap_err();
    assert_eq!(gone.code, FailureCode::NotFound, "{gone:?}");
    // A Key Vault token is sent to Key Vaults only.
    for elsewhere in [
        "https://vault.example.com/secrets/a",
        "https://evilvault.azure.net/secrets/a",
        "http://kv.vault.azure.net/secrets/a",
        "nothing",
    ] {
        let failure = take(elsewhere).await.unwrap_err();
        assert_eq!(failure.code, FailureCode::BadInput, "{elsewhere}");
    }
    assert!(!everything_in(&world.folder.path().join("berth")).contains("PRIVATE KEY"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pkcs12_file_from_openssl_is_imported_through_a_key_vault() {
    let world = World::new("certificates-key-vault-pfx").await;
    let folder = world.folder.path();
    let (certificate, key) = crate::harness::own_pair(folder, "ml.contoso.com");
    let output = Command::new("openssl")
        .args(["pkcs12", "-export", "-passout", "pass:", "-out"])
        .arg(folder.join("it.pfx"))
        .arg("-in")
        .arg(certificate)
        .arg("-inkey")
        .arg(key)
        .output()
        .expect("openssl is installed");
    assert!(output.status.success(), "{output:?}");
    let pfx = BASE64_STANDARD.encode(std::fs::read(folder.join("it.pfx")).unwrap());
    let vault = format!("{}/keyvault/kv-ml-prod", world.ready.arm.trim_end_matches('/'));
    world
        .import_certificate(&vault, "by-openssl", &json!({ "value": pfx }))
        .await;
    let order = KeyVaultOrder {
        account: RUNNING_SANDBOX.to_owned(),
        secret: format!("{vault}/certificates/by-openssl"),
        cname: "ml.contoso.com".to_owned(),
    };
    let report = world.berth.take_key_vault_certificate(&order).await.unwrap();
    assert_eq!(
        (report.facts.covers, report.facts.key_matches),
        (Some(true), true)
    );
    assert!(report.facts.root_included);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_lists_and_renews_certificates_and_writes_a_calendar() {
    let world = World::seeded("certificates-cli", 1200.0, Seed::Fleet).await;
    let home = world.folder.path().join("cli");
    let ready = world.folder.path().join("ready.json").display().to_string();
    let say = |arguments: &[&str]| {
        let output = berth(&home, &[arguments, &["--sandbox", &ready]].concat());
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), text, stderr)
    };
    let (code, table, stderr) = say(&["certs", "list"]);
    assert_eq!(code, Some(1), "{table} {stderr}");
    assert!(
        table.starts_with("NAME") && table.contains("credit.serving.contoso.com"),
        "{table}"
    );
    let (code, _, stderr) = say(&["certs", "renew", "--due"]);
    assert_eq!(code, Some(0), "{stderr}");
    // The remaining ones are renewed by Microsoft, and are still listed.
    let (code, json, stderr) = say(&["certs", "list", "--json"]);
    assert_eq!(code, Some(1), "{json} {stderr}");
    let inventory: Value = serde_json::from_str(&json).unwrap();
    for one in inventory["endpoints"].as_array().unwrap() {
        let rests = one["due"] == "fine" || one["due"] == "unknown";
        assert_eq!(rests, one["renewal"] != "microsoft", "{one}");
    }

    let file = world.folder.path().join("it.ics").display().to_string();
    let (code, _, stderr) = say(&["certs", "calendar", "--out", &file]);
    assert_eq!(code, Some(0), "{stderr}");
    let calendar = std::fs::read_to_string(&file).unwrap();
    assert!(
        calendar.contains("SUMMARY:Renew the certificate of credit.serving.contoso.com"),
        "{calendar}"
    );
    // The last inventory needs no account and no network.
    let output = berth(&home, &["certs", "list", "--last", "--json"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(output.stdout, json.as_bytes(), "the same as the list read before");
    let (code, _, stderr) = say(&[
        "certs",
        "take",
        "--cname",
        "a.b",
        "--key-vault",
        "https://example.com/secrets/a",
    ]);
    assert_eq!(code, Some(2), "{stderr}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_lists_unreadable_certificates() {
    let world = World::seeded("certificates-cli-unread", 1200.0, Seed::Fleet).await;
    let home = world.folder.path().join("cli");
    let ready = world.folder.path().join("ready.json").display().to_string();
    world
        .fault(json!({
            "match": { "method": "GET", "path": "/computes?" },
            "do": { "status": 403, "code": "AuthorizationFailed" },
            "times": 1000,
        }))
        .await;
    for arguments in [
        &["certs", "list"][..],
        &["certs", "list", "--last"],
        &["certs", "list", "--json"],
        &["certs", "renew", "--due"],
        &[
            "certs",
            "calendar",
            "--out",
            &world.folder.path().join("it.ics").display().to_string(),
        ],
    ] {
        let output = berth(&home, &[arguments, &["--sandbox", &ready]].concat());
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {stderr}");
        let lines = stderr.lines().filter(|line| {
            line.starts_with("Not read: ")
                && line.contains("/computes")
                && line.contains("AuthorizationFailed")
        });
        assert!(lines.count() > 0, "{arguments:?}: {stderr}");
        if arguments.contains(&"--json") {
            let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
            assert!(!seen["problems"].as_array().unwrap().is_empty(), "{seen}");
        }
    }
}
