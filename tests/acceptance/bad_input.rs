//! Invalid input and failures: each gets one clear message, nothing is lost and nothing goes unreported.

use crate::harness::{World, begin, own_pair, pair_until};
use berth_contract::failure::{Failure, FailureCode};
use berth_contract::run::{RunState, StepState};
use berth_domain::finding::Severity;
use berth_domain::spec::{Purpose, Spec};
use serde_json::json;
use std::path::Path;
use std::time::Duration;

async fn blocking(world: &World, spec: &Spec) -> Vec<String> {
    let report = world.berth.review(&world.on(spec.clone())).await.unwrap();
    let blocking = report
        .findings
        .into_iter()
        .filter(|finding| finding.severity == Severity::Blocking);
    blocking.map(|finding| finding.rule).collect()
}

async fn take(world: &World, files: &[&Path]) -> Result<berth_contract::model::CertificateReport, Failure> {
    world
        .berth
        .certificates()
        .import_files(files, None, "ml.contoso.com")
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_unusable_certificate_gets_a_specific_error() {
    let world = World::new("bad-certificates").await;
    let folder = world.folder.path();
    let (certificate, key) = own_pair(folder, "ml.contoso.com");
    let other_folder = tempfile::tempdir().unwrap();
    let (_, other_key) = own_pair(other_folder.path(), "ml.contoso.com");
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let pem = std::fs::read_to_string(&certificate).unwrap();
    let broken = write("broken.pem", &pem.replacen('M', "!", 3));
    let encrypted = write(
        "encrypted.key",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n",
    );
    let non_ascii = write("non-ascii.pem", &pem.replacen("MII", "MIé", 1));
    let nothing = write("empty.pem", "");

    for (files, what) in [
        (vec![broken.as_path(), key.as_path()], "broken"),
        (vec![&certificate, &encrypted], "encrypted"),
        (vec![&non_ascii, &key], "non-ASCII"),
        (vec![&nothing, &key], "empty"),
        (vec![&certificate], "no key"),
        (vec![&key], "no certificate"),
    ] {
        let failure = take(&world, &files).await.expect_err(what);
        assert_eq!(
            failure.code,
            FailureCode::CertificateProblem,
            "{what}: {failure:?}"
        );
        assert!(failure.params.contains_key("problem"), "{what}: {failure:?}");
    }

    let mismatched = take(&world, &[&certificate, &other_key]).await;
    match mismatched {
        Ok(report) => assert!(
            !report.facts.key_matches,
            "the key belongs to another certificate"
        ),
        Err(failure) => assert_eq!(failure.code, FailureCode::CertificateProblem),
    }
    let swapped = take(&world, &[&key, &certificate])
        .await
        .expect("files may come in any order");
    assert!(swapped.facts.key_matches && swapped.facts.covers == Some(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_certificate_or_a_mismatched_key_blocks() {
    let world = World::new("blocked-certificates").await;
    let spec = world.production_extension();
    assert_eq!(blocking(&world, &spec).await, Vec::<String>::new());
    pair_until(world.folder.path(), "ml.contoso.com", 2020);
    assert!(blocking(&world, &spec).await.contains(&"TLS-15".to_owned()));
    let other_folder = tempfile::tempdir().unwrap();
    let (certificate, _) = own_pair(other_folder.path(), "ml.contoso.com");
    std::fs::copy(certificate, world.folder.path().join("ml.contoso.com.pem")).unwrap();
    let rules = blocking(&world, &spec).await;
    assert!(rules.contains(&"TLS-13".to_owned()), "{rules:?}");
    let refused = begin(&world.berth, &world.on(spec)).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::BlockedByPreflight);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_name_too_few_vcpus_and_insufficient_quota_block_before_any_write() {
    let world = World::new("bad-goals").await;
    let mut taken = world.production_extension();
    taken.place.cluster_name = world.ready.cluster.clone();
    assert!(
        blocking(&world, &taken).await.contains(&"NAM-16".to_owned()),
        "{:?}",
        blocking(&world, &taken).await
    );

    let mut small = world.production_extension();
    small.route = berth_domain::spec::Route::Classic;
    small.size.nodes = 2;
    let rules = blocking(&world, &small).await;
    assert!(
        rules.contains(&"CPU-01".to_owned()) && rules.contains(&"CPU-02".to_owned()),
        "{rules:?}"
    );
    let refused = begin(&world.berth, &world.on(small)).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::BlockedByPreflight);

    let mut short = world.devtest_classic();
    short.purpose = Purpose::DevTest;
    let (fits, one_more) = largest_that_fits(&world, &short).await;
    short.size.nodes = fits;
    assert!(
        !blocking(&world, &short).await.contains(&"CPU-19".to_owned()),
        "{fits} nodes fit"
    );
    short.size.nodes = one_more;
    assert!(
        blocking(&world, &short).await.contains(&"CPU-19".to_owned()),
        "{one_more} nodes exceed the quota"
    );
    assert_eq!(
        world.exchanges("PUT", "/subscriptions/").len(),
        0,
        "nothing was sent"
    );
}

/// The largest node count of the wanted size that fits the quota, and one more than that.
async fn largest_that_fits(world: &World, spec: &Spec) -> (u32, u32) {
    let location = berth_contract::model::LocationRef {
        account: world.on(spec.clone()).account,
        subscription_id: spec.place.subscription_id.clone(),
        location: spec.place.location.clone(),
    };
    let catalogue = world.berth.sizes(&location).await.unwrap();
    let size = catalogue
        .sizes
        .iter()
        .find(|size| size.name == spec.size.vm_size)
        .expect("the size is offered");
    let left = |name: &str| {
        let usage = catalogue
            .usages
            .iter()
            .find(|usage| usage.name.eq_ignore_ascii_case(name));
        usage
            .map(berth_domain::facts::Usage::free)
            .expect("quota is reported")
    };
    let fits = left(&size.family).min(left("cores")) / size.vcpus;
    (fits, fits + 1)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_withdrawn_after_its_selection_is_detected() {
    let world = World::new("version-withdrawn").await;
    let mut spec = world.production_extension();
    spec.version.kubernetes = "1.30.1".to_owned();
    let refused = begin(&world.berth, &world.on(spec.clone())).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::BlockedByPreflight);
    assert!(refused.params["rules"].contains("VER-02"), "{refused:?}");

    // Withdrawn after Berth's last check: Azure itself reports it.
    spec.version.kubernetes = "1.35".to_owned();
    world
        .fault(json!({
            "match": { "method": "PUT", "path": "managedClusters/aks-prod-01?" },
            "do": { "status": 400, "code": "K8sVersionNotSupported",
                "message": "Managed cluster aks-prod-01 is on version 1.35, which is not supported in this region." },
            "times": 1
        }))
        .await;
    let run = world.run(spec).await.unwrap();
    assert_eq!(run.summary.state, RunState::Failed);
    let failed = run
        .steps
        .iter()
        .find(|step| step.state == StepState::Failed)
        .expect("a failed step");
    let failure = failed.failure.as_ref().expect("a failure");
    assert_eq!(failure.code, FailureCode::VersionUnavailable);
    assert!(
        !run.made.iter().any(|made| made.certain && made.costs),
        "nothing costly was created: {:?}",
        run.made
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_survives_an_azure_outage() {
    let mut world = World::with("azure-away", 120.0).await;
    let goal = world.on(world.production_extension());
    let run = begin(&world.berth, &goal).await.unwrap();
    wait_until(&world, &run.id, "the cluster is being created", |run| {
        run.steps
            .iter()
            .any(|step| step.id.contains("cluster") && step.state == StepState::InProgress)
    })
    .await;
    world.stop_sandbox().await;
    wait_until(&world, &run.id, "the run reports what it waits for", |run| {
        run.steps.iter().any(|step| step.waiting_because.is_some())
    })
    .await;
    world.start_sandbox().await;
    let end = world.berth.wait_for_run(&run.id).await.unwrap();
    assert_eq!(end.summary.state, RunState::Succeeded, "{:#?}", end.steps);
    assert_eq!(world.exchanges("PUT", "managedClusters/aks-prod-01?").len(), 1);
}

async fn wait_until(
    world: &World,
    run: &str,
    what: &str,
    holds: impl Fn(&berth_contract::run::RunSnapshot) -> bool,
) {
    let until = tokio::time::Instant::now() + Duration::from_secs(60);
    loop {
        let snapshot = world.berth.run(run).await.unwrap();
        if holds(&snapshot) {
            return;
        }
        assert!(
            tokio::time::Instant::now() < until,
            "{what}: {:#?}",
            snapshot.steps
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
