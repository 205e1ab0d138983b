//! A thousand clusters: for whoever wants to see whether a table stands it. Twenty teams, ten locations, five clusters of each in each.

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
/// Clusters of a team in a location.
const EACH: usize = 5;
/// Numbers of those with the extension.
const EXTENSION: &[usize] = &[1, 2];
/// Numbers of those attached the classic way.
const CLASSIC: &[usize] = &[3, 4];

/// Plants it on top of the seed of every day.
pub(super) fn seed(seeder: &mut Seeder) -> Result<StartingPoint, SandboxError> {
    let home = workspace::seed_groups(seeder)?;
    let home = workspace::seed_clusters(seeder, home)?;
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
    Ok(home)
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

/// Of five clusters two have the extension, two are attached the classic way, one is nobody's.
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
