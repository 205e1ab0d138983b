//! From a specification to a verified endpoint, on every route.

use crate::harness::{World, everything_in};
use berth_contract::run::{ProofCheckKind, ProofCheckState, RunSnapshot, RunState, StepState};
use berth_domain::finding::Severity;
use berth_domain::spec::{ClusterChoice, LoadBalancer, Network, Route, Tls};

fn check(run: &RunSnapshot, kind: ProofCheckKind) -> ProofCheckState {
    let proof = run
        .proof
        .as_ref()
        .unwrap_or_else(|| panic!("no proof: {:#?}", run.steps));
    proof
        .checks
        .iter()
        .find(|check| check.kind == kind)
        .map(|check| check.state)
        .expect("a check is missing")
}

#[track_caller]
fn assert_proven(run: &RunSnapshot) {
    assert_eq!(run.summary.state, RunState::Succeeded, "{:#?}", run.steps);
    for kind in [
        ProofCheckKind::Address,
        ProofCheckKind::Tcp,
        ProofCheckKind::Answer,
    ] {
        assert_eq!(
            check(run, kind),
            ProofCheckState::Holds,
            "{kind:?}: {:#?}",
            run.proof
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn production_on_the_extension_route_with_a_custom_certificate_and_a_public_address() {
    let world = World::new("production-extension").await;
    let run = world.run(world.production_extension()).await.unwrap();
    assert_proven(&run);
    assert_eq!(
        check(&run, ProofCheckKind::Tls),
        ProofCheckState::Holds,
        "the front end serves this certificate: {:#?}",
        run.proof
    );
    assert_eq!(
        check(&run, ProofCheckKind::Name),
        ProofCheckState::ToDo,
        "the user has to create the DNS record"
    );
    let record = run
        .proof
        .as_ref()
        .and_then(|proof| proof.dns_record.clone())
        .expect("no DNS record is shown");
    assert_eq!(
        (record.name.as_str(), record.kind.as_str()),
        ("ml.contoso.com", "A")
    );
    for (what, part) in [
        ("cluster", "managedClusters/aks-prod-01?"),
        ("extension", "/extensions/"),
        ("compute", "/computes/prod-01"),
    ] {
        assert_eq!(
            world.exchanges("PUT", part).len(),
            1,
            "one request creates the {what}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dev_test_on_the_classic_route_with_a_generated_certificate_and_an_internal_address() {
    let world = World::new("devtest-classic").await;
    let run = world.run(world.devtest_classic()).await.unwrap();
    assert_proven(&run);
    assert_eq!(
        check(&run, ProofCheckKind::Tls),
        ProofCheckState::Holds,
        "{:#?}",
        run.proof
    );
    let puts = world.exchanges("PUT", "/computes/dev-01");
    assert_eq!(puts.len(), 1);
    let body = &puts[0]["request_body"]["properties"]["properties"];
    assert_eq!(body["loadBalancerType"], "InternalLoadBalancer");
    assert_eq!(body["clusterPurpose"], "DevTest");
    assert_eq!(body["sslConfiguration"]["status"], "Enabled");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_existing_cluster_is_attached_on_each_route() {
    for route in [Route::Extension, Route::Classic] {
        let world = World::new(&format!("existing-{route:?}").to_lowercase()).await;
        let run = world.run(world.attach_existing(route)).await.unwrap();
        assert_proven(&run);
        assert_eq!(check(&run, ProofCheckKind::Tls), ProofCheckState::NotAsked);
        assert!(
            world
                .exchanges("PUT", "managedClusters/")
                .iter()
                .all(|put| { put["url"].as_str().unwrap_or_default().contains("/extensions/") }),
            "the cluster itself is not changed"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_microsoft_certificate_comes_with_the_name_of_the_endpoint() {
    let world = World::new("classic-microsoft").await;
    let mut spec = world.attach_existing(Route::Classic);
    spec.tls = Some(Tls::Microsoft {
        leaf_domain_label: "contoso".to_owned(),
        overwrite_existing_domain: false,
    });
    let run = world.run(spec).await.unwrap();
    assert_proven(&run);
    assert_eq!(
        check(&run, ProofCheckKind::Tls),
        ProofCheckState::Holds,
        "{:#?}",
        run.proof
    );
    let url = run.proof.and_then(|proof| proof.url).unwrap_or_default();
    assert!(
        url.starts_with("https://contoso") && url.contains(".cloudapp.azure.com"),
        "{url}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn creating_through_azure_ml_is_blocked_until_it_is_waived() {
    let world = World::new("through-aml").await;
    let mut spec = world.devtest_classic();
    spec.cluster = ClusterChoice::CreateThroughAml;
    spec.tls = Some(Tls::None);
    spec.network = Network {
        load_balancer: Some(LoadBalancer::Public),
        ..Network::default()
    };
    let report = world.berth.review(&world.on(spec.clone())).await.unwrap();
    let block = report
        .findings
        .iter()
        .find(|finding| finding.rule == "LBR-19")
        .expect("the rule on Basic load balancers");
    assert_eq!(block.severity, Severity::Blocking);
    assert!(block.waivable);
    spec.waived = vec!["LBR-19".to_owned()];
    let run = world.run(spec).await.unwrap();
    assert_eq!(
        run.summary.state,
        RunState::Failed,
        "the service no longer supports this"
    );
    let failed = run
        .steps
        .iter()
        .find(|step| step.state == StepState::Failed)
        .expect("a failed step");
    assert!(
        failed
            .failure
            .as_ref()
            .is_some_and(|failure| failure.azure.is_some()),
        "{failed:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_written_anywhere() {
    let world = World::new("canary").await;
    let spec = world.production_extension();
    let key = std::fs::read_to_string(world.folder.path().join("ml.contoso.com.key")).unwrap();
    let body = key.lines().nth(1).expect("key material");
    let run = world.run(spec).await.unwrap();
    assert_proven(&run);
    let written = everything_in(&world.folder.path().join("berth"));
    assert!(
        written.contains("berth-plan") || written.contains("create_cluster"),
        "the journal exists"
    );
    for secret in [body, world.ready.client_secret.as_str()] {
        assert!(!written.contains(secret), "a secret is in Berth's folder");
    }
    let snapshot = serde_json::to_string(&run).unwrap();
    assert!(
        !snapshot.contains(body) && !snapshot.contains("PRIVATE KEY"),
        "a secret is in the reply to the window"
    );
}
