//! Every cause, remedy and unreadable part of a diagnosis has a text in every language. The domain's own tests check
//! that a cause provides the values of its text.

use crate::catalogues::has_keys;
use berth_domain::diagnosis::{
    AnsweringState, FrontEndState, InsideFacts, Symptoms, codes, remedies, unread,
};
use berth_domain::facts::Fact;
use berth_domain::spec::Route;
use std::collections::BTreeSet;

#[test]
fn every_cause_and_remedy_has_a_text() {
    let of_causes =
        codes().flat_map(|code| ["title", "explanation"].map(|part| format!("cause > {code} > {part}")));
    let of_remedies = remedies().into_iter().map(|remedy| format!("remedy > {remedy}"));
    let wanted: BTreeSet<String> = of_causes.chain(of_remedies).collect();
    has_keys("diagnosis.json", &wanted, |key| {
        key.starts_with("cause > ") || key.starts_with("remedy > ")
    });
}

#[test]
fn every_cause_code_is_unique() {
    let all: Vec<&str> = codes().collect();
    let once: BTreeSet<&str> = all.iter().copied().collect();
    assert_eq!(all.len(), once.len());
    // Reported by Azure and the extension's health check.
    for code in [
        "E40001",
        "E40002",
        "E40003",
        "E40007",
        "E45002",
        "E45003",
        "E45004",
        "E45005",
        "GenericComputeError",
        "ComputeNotFound",
        "ComputeNotAccessible",
        "InvalidComputeInformation",
        "InvalidComputeNoKubernetesConfiguration",
        "GenericClusterError",
        "ClusterNotReachable",
        "ClusterNotFound",
        "ClusterServiceNotFound",
        "ClusterUnauthorized",
        "RefreshExtensionIdentityNotSet",
    ] {
        assert!(once.contains(code), "unknown code {code}");
    }
}

fn unknown<T>() -> Fact<T> {
    Fact::Unknown("Forbidden".to_owned())
}

/// Symptoms where everything is unreadable. No field uses a default, so that a new one cannot be forgotten.
fn all_unreadable() -> Symptoms {
    Symptoms {
        inside_closed: None,
        cluster_id: "aks".to_owned(),
        cluster: unknown(),
        computes: unknown(),
        computes_unread: false,
        // An unknown state counts as unreadable.
        answering: vec![AnsweringState::default()],
        extension: unknown(),
        inside: InsideFacts {
            nodes: unknown(),
            pods: unknown(),
            events: unknown(),
            logs: unknown(),
            services: unknown(),
            endpoints: unknown(),
            health_check: unknown(),
            leftovers: unknown(),
        },
        front_ends: vec![FrontEndState {
            route: Route::Extension,
            namespace: "azureml".to_owned(),
            name: None,
            name_of_azure: false,
            tls: true,
            internal: false,
            installed: true,
            addresses: unknown(),
            secret: unknown(),
            connection: unknown(),
        }],
    }
}

#[test]
fn every_unreadable_part_has_a_text() {
    let read_in_vain = unread(&all_unreadable()).into_iter().map(|one| one.what);
    // The connection is tried before anything inside the cluster is read; endpoints are read one by one.
    let all = read_in_vain.chain(["inside", "answering"].map(str::to_owned));
    let wanted: BTreeSet<String> = all.map(|what| format!("unread > {what}")).collect();
    has_keys("diagnosis.json", &wanted, |key| key.starts_with("unread > "));
}
