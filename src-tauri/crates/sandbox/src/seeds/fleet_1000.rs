//! A thousand clusters, to load-test the tables: twenty teams, ten locations, five clusters of each team in
//! each location.

use super::base::PROD;
use super::estate::{Cluster, group};
use super::fleet::raise_quota;
use super::seeder::Seeder;
use super::{StartingPoint, workspace};
use crate::error::SandboxError;
use serde_json::json;

const TEAMS: &[&str] = &[
    "ads", "claims", "churn", "credit", "docs", "embed", "fleet", "forecast", "fraud", "hr", "imaging",
    "legal", "maps", "pricing", "risk", "routing", "search", "speech", "vision", "weather",
];
const LOCATIONS: &[&str] = &[
    "westeurope",
    "northeurope",
    "swedencentral",
    "uksouth",
    "francecentral",
    "germanywestcentral",
    "eastus",
    "eastus2",
    "japaneast",
    "australiaeast",
];
/// Clusters per team and location.
const EACH: usize = 5;
/// Numbers of the clusters with the extension.
const EXTENSION: &[usize] = &[1, 2];
/// Numbers of the classic clusters.
const CLASSIC: &[usize] = &[3, 4];

/// Seeds it on top of the workspace seed.
pub(super) fn seed(seeder: &mut Seeder) -> Result<StartingPoint, SandboxError> {
    let starting_point = workspace::seed_groups(seeder)?;
    let starting_point = workspace::seed_clusters(seeder, starting_point)?;
    let mut clusters = Vec::new();
    for location in LOCATIONS {
        raise_quota(seeder, location, 10_000);
        let group = group(PROD, &format!("rg-fleet-{location}"));
        seeder.put(
            &group,
            "2024-03-01",
            json!({ "location": location, "tags": { "env": "production" } }),
        )?;
        let workspace = seeder.workspace(&group, &format!("ml-fleet-{location}"), location)?;
        for team in TEAMS {
            for n in 1..=EACH {
                let name = format!("aks-{team}-{location}-{n}");
                let cluster = seeder.cluster(&cluster_spec(&group, &name, location, team, n))?;
                clusters.push((workspace.clone(), format!("{team}-{n}"), cluster, n));
            }
        }
    }
    seeder.wait();
    for (workspace, compute, cluster, n) in &clusters {
        prepare(seeder, workspace, compute, cluster, *n)?;
    }
    seeder.wait();
    for (workspace, compute, cluster, _) in clusters.iter().filter(|(.., n)| EXTENSION.contains(n)) {
        seeder.attach(workspace, compute, cluster)?;
    }
    seeder.wait();
    Ok(starting_point)
}

fn cluster_spec<'a>(group: &str, name: &'a str, location: &'a str, team: &str, n: usize) -> Cluster<'a> {
    Cluster {
        group: group.to_string(),
        name,
        location,
        size: if n == 3 {
            "Standard_D8s_v5"
        } else {
            "Standard_D4s_v5"
        },
        count: 3,
        subnet: None,
        tags: json!({ "team": team, "env": if n == EACH { "test" } else { "production" } }),
        more: json!({}),
    }
}

/// Of five clusters, two get the extension, two are attached as classic computes and one stays unattached.
fn prepare(
    seeder: &mut Seeder,
    workspace: &str,
    compute: &str,
    cluster: &str,
    n: usize,
) -> Result<(), SandboxError> {
    if EXTENSION.contains(&n) {
        return seeder.extension(cluster, json!({ "allowInsecureConnections": "True" }), json!({}));
    }
    if CLASSIC.contains(&n) {
        let properties = json!({ "clusterPurpose": "FastProd", "loadBalancerType": "PublicIp" });
        seeder.attach_classic(workspace, compute, cluster, properties)?;
    }
    Ok(())
}
