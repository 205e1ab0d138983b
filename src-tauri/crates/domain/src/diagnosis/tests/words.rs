//! Tests that each cause supplies the values for its texts and its remedy's text.

use super::of_azure::{COMPUTE, HEALTH, failed_compute, failed_extension};
use super::of_pods::{unplaced, unwell, waiting};
use super::*;
use serde_json::Value;
use std::collections::BTreeSet;

const ENGLISH: &str = include_str!("../../../../../../ui/src/locales/en/diagnosis.json");

/// Fails if a text of a cause or of its remedy needs a value that the cause does not supply.
pub(super) fn hold_their_values(cause: &Cause) {
    let words: Value = serde_json::from_str(ENGLISH).expect("JSON");
    let of_cause = ["title", "explanation"].map(|part| &words["cause"][&cause.code][part]);
    for text in of_cause.into_iter().chain([&words["remedy"][&cause.remedy]]) {
        let text = text
            .as_str()
            .unwrap_or_else(|| panic!("{} has no text", cause.code));
        for name in text
            .split("{{")
            .skip(1)
            .filter_map(|tail| tail.split("}}").next())
        {
            let value = cause.params.get(name.trim());
            assert!(
                value.is_some_and(|value| !value.is_empty()),
                "{}: no value {name} for: {text}",
                cause.code
            );
        }
    }
}

type Change = Box<dyn FnOnce(&mut Symptoms)>;

fn change(change: impl FnOnce(&mut Symptoms) + 'static) -> Change {
    Box::new(change)
}

/// A version that failed with an error.
fn failed_version(code: &'static str, message: &'static str) -> Change {
    change(move |symptoms| {
        symptoms.answering[1].state = "Failed".to_owned();
        symptoms.answering[1].errors = vec![error(code, message)];
    })
}

/// One case per cause.
fn cases() -> Vec<(&'static str, Change)> {
    let reported = HEALTH.into_iter().map(|code| {
        let failed = failed_extension(code);
        (
            code,
            change(|symptoms| symptoms.extension = Fact::Known(Some(failed))),
        )
    });
    let of_compute = COMPUTE.into_iter().chain(["compute_failed"]).map(|code| {
        let failed = failed_compute(code);
        (
            code,
            change(|symptoms| symptoms.computes = Fact::Known(vec![failed])),
        )
    });
    let mut all: Vec<_> = reported.chain(of_compute).collect();
    all.extend(of_the_cluster());
    all.extend(of_computes_and_extension());
    all.extend(of_pods());
    all.extend(of_the_front_end());
    all
}

fn of_the_cluster() -> Vec<(&'static str, Change)> {
    let cluster = |adapt: fn(&mut ClusterFacts)| change(with_cluster(adapt));
    vec![
        (
            "cluster_gone",
            change(|symptoms| symptoms.cluster = Fact::Known(None)),
        ),
        (
            "cluster_stopped",
            cluster(|cluster| cluster.power_state = "Stopped".to_owned()),
        ),
        (
            "cluster_failed",
            cluster(|cluster| cluster.provisioning_state = "Failed".into()),
        ),
        (
            "cluster_unfinished",
            cluster(|cluster| cluster.provisioning_state = "Updating".into()),
        ),
        (
            "pool_stopped",
            cluster(|cluster| cluster.pools[0].power_state = "Stopped".to_owned()),
        ),
        (
            "nodes_not_ready",
            change(|symptoms| {
                let not_ready = NodeFacts {
                    ready: false,
                    ..node("n3")
                };
                symptoms.inside.nodes = Fact::Known(vec![not_ready]);
            }),
        ),
        (
            "local_accounts_off",
            change(|symptoms| {
                with_cluster(|cluster| cluster.local_accounts_disabled = true)(symptoms);
                symptoms.computes = Fact::Known(vec![compute("c", "AKS")]);
            }),
        ),
        (
            "command_unplaced",
            change(|symptoms| {
                with_cluster(|cluster| cluster.pools[0].taints = vec!["a=b:NoSchedule".to_owned()])(symptoms);
                symptoms.inside_closed = Some("KubernetesOperationError".to_owned());
            }),
        ),
        (
            "below_minimum",
            change(|symptoms| symptoms.inside.nodes = Fact::Known(vec![node("n0")])),
        ),
        (
            "leftovers",
            change(|symptoms| {
                symptoms.inside.leftovers = Fact::Known(vec!["service default/azureml-fe".parse().unwrap()])
            }),
        ),
    ]
}

fn of_computes_and_extension() -> Vec<(&'static str, Change)> {
    let in_progress = |minutes| {
        change(move |symptoms| {
            let mut busy = extension();
            busy.facts.provisioning_state = "Creating".into();
            busy.minutes = minutes;
            symptoms.extension = Fact::Known(Some(busy));
        })
    };
    vec![
        (
            "attached_twice",
            change(|symptoms| {
                symptoms.computes = Fact::Known(vec![compute("a", "AKS"), compute("b", "AKS")])
            }),
        ),
        (
            "compute_unfinished",
            change(|symptoms| {
                let mut busy = compute("k8s", "Kubernetes");
                busy.facts.provisioning_state = "Creating".into();
                symptoms.computes = Fact::Known(vec![busy]);
            }),
        ),
        (
            "answering_failed",
            change(|symptoms| symptoms.answering[0].state = "Failed".to_owned()),
        ),
        ("version_timed_out", failed_version("DeploymentTimedOut", "")),
        ("version_build", failed_version("ImageBuildFailure", "")),
        (
            "version_no_room",
            failed_version("OutOfQuota", "Kubernetes unschedulable."),
        ),
        ("version_out_of_memory", failed_version("PodOutOfMemory", "")),
        ("version_image", failed_version("ImagePullLoopBackOff", "")),
        ("version_model", failed_version("ModelDownloadFailed", "")),
        ("version_script", failed_version("UserScriptInitFailed", "")),
        (
            "version_crashes",
            failed_version("KubernetesCrashLoopBackOff", "exit code 1"),
        ),
        (
            "version_probe",
            failed_version("KubernetesCrashLoopBackOff", "its liveness probe gives up"),
        ),
        ("version_not_ready", failed_version("ResourceNotReady", "")),
        ("version_token", failed_version("GetAADTokenFailed", "")),
        ("version_namespace", failed_version("NamespaceNotFound", "")),
        ("version_endpoint_missing", failed_version("EndpointNotFound", "")),
        (
            "version_endpoint_exists",
            failed_version("EndpointAlreadyExists", ""),
        ),
        ("version_router", failed_version("ScoringFeUnhealthy", "")),
        (
            "version_not_callable",
            failed_version("ValidateScoringFailed", ""),
        ),
        (
            "version_unreachable",
            failed_version("KubernetesUnaccessible", ""),
        ),
        ("version_cancelled", failed_version("OperationCanceled", "")),
        ("version_invalid", failed_version("InvalidDeploymentSpec", "")),
        (
            "version_extension",
            failed_version("InferencingClientCallFailed", ""),
        ),
        (
            "answering_unfinished",
            change(|symptoms| symptoms.answering[1].state = "Updating".to_owned()),
        ),
        (
            "extension_missing",
            change(|symptoms| symptoms.extension = Fact::Known(None)),
        ),
        ("extension_stuck", in_progress(Some(31))),
        ("extension_unfinished", in_progress(None)),
        (
            "extension_failed",
            change(|symptoms| symptoms.extension = Fact::Known(Some(failed_extension("no idea")))),
        ),
    ]
}

fn of_pods() -> impl Iterator<Item = (&'static str, Change)> {
    let evicted = PodFacts {
        phase: "Failed".to_owned(),
        reason: Some("Evicted".to_owned()),
        ..pod("model-1")
    };
    let starting = PodFacts {
        phase: "Pending".to_owned(),
        ..waiting("ContainerCreating")
    };
    let cases = [
        ("pod_image", waiting("ImagePullBackOff")),
        (
            "pod_out_of_memory",
            unwell(|container| container.ended = Some("OOMKilled".to_owned())),
        ),
        ("pod_crashes", waiting("CrashLoopBackOff")),
        ("pod_not_started", waiting("CreateContainerError")),
        ("pod_no_cpu", unplaced("Insufficient cpu")),
        ("pod_no_memory", unplaced("Insufficient memory")),
        ("pod_tainted", unplaced("untolerated taint")),
        ("pod_unplaced", unplaced("node affinity")),
        ("pod_evicted", evicted),
        ("pod_not_ready", unwell(|_| {})),
        ("pod_waiting", starting),
    ];
    let seen = |(code, pod)| {
        (
            code,
            change(|symptoms| symptoms.inside.pods = Fact::Known(vec![pod])),
        )
    };
    cases.into_iter().map(seen)
}

fn of_the_front_end() -> Vec<(&'static str, Change)> {
    let front_end =
        |adapt: fn(&mut FrontEndState)| change(move |symptoms| adapt(&mut symptoms.front_ends[0]));
    let shown = |adapt: fn(&mut CertificateFacts)| {
        change(move |symptoms| {
            let mut facts = certificate();
            adapt(&mut facts);
            symptoms.front_ends[0].connection = Fact::Known(Connection::Tls(Box::new(facts)));
        })
    };
    vec![
        (
            "front_end_missing",
            change(|symptoms| symptoms.inside.services = Fact::Known(Vec::new())),
        ),
        (
            "address_pending",
            change(|symptoms| {
                let mut service = symptoms.inside.services.known().expect("services")[0].clone();
                service.address = None;
                symptoms.inside.services = Fact::Known(vec![service]);
            }),
        ),
        (
            "no_backends",
            change(|symptoms| symptoms.inside.endpoints = Fact::Known(Vec::new())),
        ),
        (
            "front_end_silent",
            front_end(|found| found.connection = Fact::Known(Connection::Silent("timed out".to_owned()))),
        ),
        (
            "tls_fails",
            front_end(|found| found.connection = Fact::Known(Connection::NoTls("alert".to_owned()))),
        ),
        (
            "certificate_missing",
            front_end(|found| found.secret = Fact::Known(None)),
        ),
        ("certificate_expired", shown(|facts| facts.expired = true)),
        (
            "certificate_other_name",
            shown(|facts| facts.covers = Some(false)),
        ),
        (
            "certificate_not_yet_valid",
            shown(|facts| facts.not_yet_valid = true),
        ),
        (
            "certificate_not_applied",
            shown(|facts| facts.sha256 = "bb".to_owned()),
        ),
        ("certificate_ends_soon", shown(|facts| facts.days_left = 30)),
        (
            "name_elsewhere",
            front_end(|found| found.addresses = Fact::Known(vec!["1.2.3.4".to_owned()])),
        ),
        (
            "name_missing",
            front_end(|found| found.addresses = Fact::Known(Vec::new())),
        ),
    ]
}

#[test]
fn every_cause_supplies_the_values_for_its_texts() {
    let mut tested = BTreeSet::new();
    for (code, adapt) in cases() {
        let found = diagnosis_after(adapt);
        let cause = found.causes.iter().find(|cause| cause.code == code);
        hold_their_values(cause.unwrap_or_else(|| panic!("no {code}: {found:?}")));
        tested.insert(code);
    }
    assert_eq!(tested, codes().collect(), "causes tested, and all causes");
}
