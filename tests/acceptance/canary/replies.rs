//! Checks the replies to the window's commands: their JSON, and the texts of failures.

use super::Canary;
use crate::harness::World;
use berth_app::accounts::RUNNING_SANDBOX;
use berth_app::words;
use berth_contract::diagnosis::DiagnoseQuestion;
use berth_contract::failure::Failure;
use berth_contract::kubeconfig::KubeconfigOrder;
use berth_contract::model::{
    CertificateOrder, CertificateRequestOrder, DraftToKeep, KeyVaultPlace, LocationRef, NewServicePrincipal,
    RenewOrder, ResourceOn, SizeQuestion, SubscriptionRef,
};
use berth_domain::spec::{KeyKind, Recipe, Route};
use serde::Serialize;
use serde_json::json;
use std::path::Path;

/// Searches replies for secrets.
struct Replies<'a> {
    canary: &'a Canary,
    trouble: String,
    checked: usize,
    failed: usize,
    found: Vec<String>,
}

impl Replies<'_> {
    fn check<T: Serialize>(&mut self, command: &str, reply: Result<T, Failure>) -> Option<T> {
        self.checked += 1;
        let place = format!("the reply to {command}, {}", self.trouble);
        let text = match &reply {
            Ok(reply) => serde_json::to_string(reply).unwrap(),
            Err(failure) => {
                self.failed += 1;
                let (title, explanation) = words::failure(failure);
                format!(
                    "{} {title} {explanation} {failure:?}",
                    serde_json::to_string(failure).unwrap()
                )
            }
        };
        self.found.extend(self.canary.in_text(&place, &text));
        reply.ok()
    }
}

/// Sends every command that the page can send.
async fn call_all_commands(world: &World, replies: &mut Replies<'_>) {
    let berth = &world.berth;
    let (account, subscription_id) = (
        RUNNING_SANDBOX.to_owned(),
        world.ready.subscription_ids[0].clone(),
    );
    let spec = world.production_extension();
    let cluster_id = world.attach_existing(Route::Classic).cluster_id().unwrap();
    let subscription = SubscriptionRef {
        account: account.clone(),
        subscription_id: subscription_id.clone(),
    };
    let location = LocationRef {
        account: account.clone(),
        subscription_id: subscription_id.clone(),
        location: world.ready.location.clone(),
    };
    let resource = ResourceOn {
        account: account.clone(),
        resource_id: cluster_id.clone(),
    };
    replies.check("app_info", Ok(berth.app_info().await));
    replies.check("read_settings", Ok(berth.settings()));
    replies.check("list_accounts", berth.accounts());
    replies.check(
        "add_service_principal",
        berth.add_service_principal(principal(world)).await,
    );
    replies.check("sign_in", berth.sign_in(&account).await);
    replies.check("list_place", berth.place(&subscription).await);
    replies.check("list_versions", berth.versions(&location).await);
    replies.check("list_sizes", berth.sizes(&location).await);
    replies.check("list_networks", berth.networks(&location).await);
    let question = SizeQuestion {
        account: account.clone(),
        spec: spec.clone(),
    };
    replies.check("suggest_sizes", berth.suggest_sizes(&question).await);
    replies.check("review", berth.review(&world.on(spec.clone())).await);
    replies.check("get_cluster_details", berth.get_cluster_details(&resource).await);
    replies.check("read_endpoints", berth.read_endpoints(&account).await);
    replies.check("last_endpoints", berth.last_endpoints(&account).await);
    let endpoint = ResourceOn {
        account: account.clone(),
        resource_id: format!(
            "{}/onlineEndpoints/scores",
            world.workspace().resource_id().unwrap()
        ),
    };
    replies.check("get_endpoint", berth.get_endpoint(&endpoint).await);
    let question = DiagnoseQuestion {
        account: account.clone(),
        resource_id: cluster_id.clone(),
    };
    replies.check("diagnose", berth.diagnose(&question).await);
    replies.check("read_inventory", berth.read_inventory(&subscription).await);
    replies.check("last_inventory", berth.last_inventory(&subscription_id));
    replies.check("calendar", berth.calendar(&subscription_id));
    let order = RenewOrder {
        account: account.clone(),
        compute_ids: vec![spec.place.compute_id().unwrap()],
    };
    replies.check("renew_certificates", berth.renew_certificates(&order).await);
    let vaults = replies.check("list_key_vaults", berth.key_vaults(&subscription).await);
    for vault in vaults.unwrap_or_default() {
        let place = KeyVaultPlace {
            account: account.clone(),
            uri: vault.uri,
        };
        replies.check(
            "list_key_vault_certificates",
            berth.key_vault_certificates(&place).await,
        );
    }
    let order = KubeconfigOrder {
        account: account.clone(),
        cluster_id,
        admin: true,
        path: world.folder.path().join("kubeconfig").display().to_string(),
        merge: false,
        set_current: false,
        allowed_program: None,
    };
    replies.check("save_kubeconfig", berth.save_kubeconfig(&order).await);
    let draft = DraftToKeep {
        spec,
        account,
        step: "tls".to_owned(),
    };
    replies.check("write_draft", berth.keep_draft(draft));
    replies.check("read_draft", berth.draft());
    check_certificates(world, replies).await;
    for run in replies.check("list_runs", berth.runs().await).unwrap() {
        replies.check("get_run", berth.run(&run.id).await);
    }
}

async fn check_certificates(world: &World, replies: &mut Replies<'_>) {
    let berth = &world.berth;
    let order = CertificateOrder {
        cname: "made.contoso.com".to_owned(),
        recipe: Recipe::default(),
    };
    replies.check("make_certificate", berth.certificates().make(&order).await);
    let (certificate, key) = crate::harness::own_pair(world.folder.path(), "taken.contoso.com");
    let files: [&Path; 2] = [&certificate, &key];
    let taken = berth
        .certificates()
        .import_files(&files, None, "taken.contoso.com")
        .await;
    replies.check("take_certificate", taken);
    let request = CertificateRequestOrder {
        names: vec!["asked.contoso.com".to_owned()],
        key: KeyKind::EcdsaP256,
    };
    replies.check(
        "request_certificate",
        berth.certificates().request(&request).await,
    );
    replies.check("list_certificate_requests", berth.certificates().requests());
    replies.check("authority_root", berth.certificates().authority_root().await);
    replies.check("list_certificate_orders", berth.certificates().orders());
}

fn principal(world: &World) -> NewServicePrincipal {
    NewServicePrincipal {
        label: "ours".to_owned(),
        tenant_id: world.ready.tenant_id.clone(),
        client_id: world.ready.client_id.clone(),
        client_secret: world.ready.client_secret.clone().into(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_reply_contains_a_secret() {
    let world = World::stepped().await;
    world.run(world.production_extension()).await.unwrap();
    crate::harness::own_pair(world.folder.path(), "taken.contoso.com");
    let elsewhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let host = format!("https://{}", elsewhere.local_addr().unwrap());
    let mut found = Vec::new();
    for (trouble, fails) in [
        (json!(null), false),
        (json!({ "truncate": true }), true),
        (json!({ "garble": true }), true),
        (json!({ "pad_to_mib": 65 }), true),
        (json!({ "redirect": host }), true),
        (json!({ "status": 403 }), true),
    ] {
        // Not for Entra ID: without a token no request would be sent.
        if !trouble.is_null() {
            for path in ["*/subscriptions/*", "*/subscriptions?*", "*/clusters/*"] {
                world
                    .fault(json!({ "match": { "path": path }, "do": trouble, "times": 100_000 }))
                    .await;
            }
        }
        let canary = Canary::of(&world);
        let mut replies = Replies {
            canary: &canary,
            trouble: trouble.to_string(),
            checked: 0,
            failed: 0,
            found: Vec::new(),
        };
        Box::pin(call_all_commands(&world, &mut replies)).await;
        assert_eq!(
            replies.failed > 10,
            fails,
            "{} of {} failed, {trouble}",
            replies.failed,
            replies.checked
        );
        found.append(&mut replies.found);
        found.extend(canary.in_folder(&world.folder.path().join("berth")));
        found.extend(canary.logged());
        world.clear_faults().await;
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    elsewhere.set_nonblocking(true).unwrap();
    assert!(elsewhere.accept().is_err(), "a redirect was followed");
}
