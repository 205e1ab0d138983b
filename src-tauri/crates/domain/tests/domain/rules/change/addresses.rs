//! Values in a change that become part of a request's address.

use super::*;
use berth_domain::change::{Goal, Role};
use berth_domain::preflight::address_findings;
use std::collections::BTreeMap;

const CLUSTER: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/a";
const COMPUTE: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/computes/c";

pub(super) fn rows() -> Vec<Row> {
    let row = |code, change| told(code, Blocking, classic(detach()), classic(change));
    vec![
        row(
            "NAM-18.dots",
            Change::Detach {
                compute_id: ending(COMPUTE, ".."),
            },
        ),
        row(
            "NAM-18.character",
            Change::Detach {
                compute_id: ending(COMPUTE, "%2e%2e"),
            },
        ),
        row(
            "NAM-18.character",
            Change::Detach {
                compute_id: format!("{COMPUTE}?api-version=1"),
            },
        ),
        row(
            "NAM-18.empty",
            Change::Detach {
                compute_id: format!("{COMPUTE}/"),
            },
        ),
        row(
            "NAM-18.not_an_id",
            Change::Detach {
                compute_id: "c".into(),
            },
        ),
        row(
            "NAM-18.address",
            Change::Detach {
                compute_id: format!("https://portal.azure.com/#@contoso.com/resource{COMPUTE}/overview"),
            },
        ),
        row(
            "NAM-18.too_long",
            Change::Detach {
                compute_id: ending(COMPUTE, &"a".repeat(3000)),
            },
        ),
        row(
            "NAM-18.not_a_compute",
            Change::Detach {
                compute_id: CLUSTER.into(),
            },
        ),
        row(
            "NAM-18.not_an_endpoint",
            Change::DeleteEndpoint {
                endpoint_id: COMPUTE.into(),
                confirm: String::new(),
            },
        ),
        row(
            "NAM-18.not_a_cluster",
            Change::CleanUp {
                cluster_id: COMPUTE.into(),
            },
        ),
    ]
}

/// The id with its last segment replaced.
fn ending(id: &str, name: &str) -> String {
    let (before, _) = id.rsplit_once('/').expect("an id");
    format!("{before}/{name}")
}

/// Each kind of change, with the value in each member that becomes part of an address.
fn changes(bad: &str) -> Vec<(&'static str, Change)> {
    let (cluster_id, compute_id) = (ending(CLUSTER, bad), ending(COMPUTE, bad));
    let cluster = || CLUSTER.to_owned();
    let compute = || COMPUTE.to_owned();
    let bad = || bad.to_owned();
    vec![
        (
            "clusterId",
            Change::Scale {
                cluster_id: cluster_id.clone(),
                pool: "p".into(),
                nodes: 1,
            },
        ),
        (
            "pool",
            Change::Scale {
                cluster_id: cluster(),
                pool: bad(),
                nodes: 1,
            },
        ),
        (
            "clusterId",
            Change::Autoscale {
                cluster_id: cluster_id.clone(),
                pool: "p".into(),
                bounds: None,
            },
        ),
        (
            "pool",
            Change::Autoscale {
                cluster_id: cluster(),
                pool: bad(),
                bounds: None,
            },
        ),
        (
            "clusterId",
            Change::Upgrade {
                cluster_id: cluster_id.clone(),
                version: "1.36".into(),
                nodes: true,
                support: None,
            },
        ),
        (
            "clusterId",
            Change::Support {
                cluster_id: cluster_id.clone(),
                support: LONG_TERM,
            },
        ),
        (
            "clusterId",
            Change::Power {
                cluster_id: cluster_id.clone(),
                running: true,
            },
        ),
        (
            "resourceId",
            Change::Tags {
                resource_id: cluster_id.clone(),
                tags: BTreeMap::new(),
            },
        ),
        (
            "resourceId",
            Change::Tags {
                resource_id: compute_id.clone(),
                tags: BTreeMap::new(),
            },
        ),
        (
            "computeId",
            Change::LoadBalancer {
                compute_id: compute_id.clone(),
                load_balancer: LoadBalancer::Public,
            },
        ),
        (
            "loadBalancer.subnet",
            Change::LoadBalancer {
                compute_id: compute(),
                load_balancer: LoadBalancer::Internal { subnet: Some(bad()) },
            },
        ),
        (
            "computeId",
            Change::Tls {
                compute_id: compute_id.clone(),
                tls: Tls::None,
            },
        ),
        (
            "computeId",
            Change::RenewLabel {
                compute_id: compute_id.clone(),
            },
        ),
        (
            "computeId",
            Change::Refresh {
                compute_id: compute_id.clone(),
            },
        ),
        (
            "computeId",
            Change::Move {
                compute_id: compute_id.clone(),
                new_compute: "n".into(),
                namespace: "m".into(),
            },
        ),
        (
            "newCompute",
            Change::Move {
                compute_id: compute(),
                new_compute: bad(),
                namespace: "m".into(),
            },
        ),
        (
            "namespace",
            Change::Move {
                compute_id: compute(),
                new_compute: "n".into(),
                namespace: bad(),
            },
        ),
        (
            "computeId",
            Change::MoveBack {
                compute_id: compute_id.clone(),
            },
        ),
        (
            "computeId",
            Change::MoveFinish {
                compute_id: compute_id.clone(),
            },
        ),
        (
            "clusterId",
            Change::CleanUp {
                cluster_id: cluster_id.clone(),
            },
        ),
        (
            "computeId",
            Change::Detach {
                compute_id: compute_id.clone(),
            },
        ),
        (
            "clusterId",
            Change::DeleteCluster {
                cluster_id: cluster_id.clone(),
                confirm: bad(),
            },
        ),
        (
            "computeId",
            Change::DeleteWithCluster {
                compute_id: compute_id.clone(),
                confirm: bad(),
            },
        ),
        (
            "scope",
            Change::Grant {
                scope: cluster_id.clone(),
                principal_id: "p".into(),
                role: Role::Reader,
                of: None,
            },
        ),
        (
            "principalId",
            Change::Grant {
                scope: cluster(),
                principal_id: bad(),
                role: Role::Reader,
                of: None,
            },
        ),
        (
            "run",
            Change::ClearUp {
                run: bad(),
                resources: vec![cluster()],
                confirm: String::new(),
            },
        ),
        (
            "of",
            Change::Grant {
                scope: cluster(),
                principal_id: "p".into(),
                role: Role::Reader,
                of: Some(cluster_id),
            },
        ),
        (
            "resources",
            Change::ClearUp {
                run: "r".into(),
                resources: vec![cluster(), compute_id],
                confirm: String::new(),
            },
        ),
        (
            "resources",
            Change::ClearUp {
                run: "r".into(),
                resources: vec![ending("/subscriptions/s/resourceGroups/g", &bad())],
                confirm: String::new(),
            },
        ),
    ]
}

#[test]
fn every_member_in_an_address_is_checked() {
    for bad in [
        "..",
        ".",
        "%2e%2e",
        "a%2fb",
        "a?b",
        "a#b",
        "a\\b",
        "..\\..",
        " a",
        "a ",
        "a\t",
        "a\u{1b}",
        "a\u{202e}b",
        "a\u{2215}b",
        "'",
        "a b",
    ] {
        for (member, change) in changes(bad) {
            let word = change.as_str();
            let goal = Goal::Change {
                change: Box::new(change),
                waived: vec!["NAM-18".into()],
            };
            let found = address_findings(&goal);
            let members: Vec<&str> = found
                .iter()
                .map(|finding| finding.params["member"].as_str())
                .collect();
            assert_eq!(members, [member], "{word} {bad:?}");
            assert!(
                found
                    .iter()
                    .all(|finding| finding.severity == Blocking && !finding.waivable)
            );
        }
    }
    for (_, change) in changes("good") {
        assert_eq!(
            address_findings(&Goal::Change {
                change: Box::new(change),
                waived: vec![]
            }),
            []
        );
    }
}
