//! A grown estate: healthy clusters, and every known problem.

use super::base::{LAB, LAB_GROUP, PROD};
use super::estate::{Cluster, group};
use super::scenarios::{ESTATE, Row, Scenario};
use super::seeder::Seeder;
use super::{StartingPoint, certificates, workspace};
use crate::error::SandboxError;
use crate::kubernetes::kinds::POD_DISRUPTION_BUDGET;
use crate::scoring::ageing::FrontEndAgeing;
use http::Method;
use serde_json::{Value, json};

/// Days left of a Microsoft-issued certificate that is not renewed.
const LABEL_DAYS_LEFT: i64 = 19;
const ML: &str = "2025-12-01";
const AKS: &str = "2026-05-01";
/// Azure milliseconds after which Azure gives up on an extension whose agent does not respond.
const EXTENSION_TIMEOUT_MS: u64 = 48 * 3600 * 1000;

/// Seeds it on top of the workspace seed.
pub(super) fn seed(seeder: &mut Seeder) -> Result<StartingPoint, SandboxError> {
    let starting_point = workspace::seed_groups(seeder)?;
    let starting_point = workspace::seed_clusters(seeder, starting_point)?;
    for location in [
        "westeurope",
        "northeurope",
        "uksouth",
        "francecentral",
        "germanywestcentral",
    ] {
        raise_quota(seeder, location, 400);
        let group = estate_group(location);
        let tags = json!({ "env": "production", "owner": "ml-platform" });
        seeder.put(
            &group,
            "2024-03-01",
            json!({ "location": location, "tags": tags }),
        )?;
        seeder.workspace(&group, &workspace_name(location), location)?;
    }
    for row in ESTATE {
        seeder.cluster(&cluster_spec(row))?;
    }
    seeder.wait();
    ESTATE.iter().try_for_each(|row| attach_clusters(seeder, row))?;
    seeder.wait();
    ESTATE
        .iter()
        .try_for_each(|row| apply_later_changes(seeder, row))?;
    seeder.wait();
    ESTATE.iter().for_each(|row| edit_directly(seeder, row));
    start_operations(seeder)?;
    Ok(starting_point)
}

pub(super) fn raise_quota(seeder: &mut Seeder, location: &str, vcpus: u64) {
    let Some(subscription) = seeder.world.subscription_mut(PROD) else {
        return;
    };
    let families = [
        "cores",
        "standarddsv5family",
        "standarddsv3family",
        "standarddsv2family",
        "standarddv2family",
    ];
    subscription
        .limits
        .extend(families.map(|family| (format!("{location}/{family}"), vcpus)));
}

fn estate_group(location: &str) -> String {
    group(PROD, &format!("rg-serving-{location}"))
}

fn workspace_name(location: &str) -> String {
    format!("ml-{location}")
}

fn workspace_id(location: &str) -> String {
    let group = estate_group(location);
    format!(
        "{group}/providers/Microsoft.MachineLearningServices/workspaces/{}",
        workspace_name(location)
    )
}

fn cluster_spec(row: &Row) -> Cluster<'static> {
    let Row {
        name,
        location,
        size,
        count,
        scenario,
    } = *row;
    let env = if name.ends_with("-test") {
        "test"
    } else {
        "production"
    };
    let more = match scenario {
        Scenario::LockedDown => json!({
            "disableLocalAccounts": true,
            "aadProfile": { "managed": true, "enableAzureRBAC": true },
            "apiServerAccessProfile": { "enablePrivateCluster": true, "enablePrivateClusterPublicFQDN": true },
        }),
        Scenario::ExtensionInternal => {
            json!({ "apiServerAccessProfile": { "authorizedIPRanges": ["20.50.0.0/24", "51.140.7.0/28"] } })
        }
        _ => json!({}),
    };
    Cluster {
        group: estate_group(location),
        name,
        location,
        size,
        count,
        subnet: None,
        tags: json!({ "env": env, "team": name.split('-').nth(1) }),
        more,
    }
}

fn tls(days: i64, cname: &str) -> Result<Value, SandboxError> {
    let (cert, key) = certificates::ending_in(days, cname)?;
    Ok(json!({ "sslConfiguration": { "status": "Enabled", "cname": cname, "cert": cert, "key": key } }))
}

/// Installs extensions and attaches classic computes.
fn attach_clusters(seeder: &mut Seeder, row: &Row) -> Result<(), SandboxError> {
    let Row {
        name,
        location,
        scenario,
        ..
    } = *row;
    let cluster = cluster_spec(row).id();
    let workspace = workspace_id(location);
    let compute = compute_name(name);
    let cname = format!("{}.serving.contoso.com", compute.trim_end_matches("-prod"));
    match scenario {
        Scenario::Extension(days) => {
            let (cert, key) = certificates::ending_in(days, &cname)?;
            let protected = json!({ "scoringFe.sslCert": base64(&cert), "scoringFe.sslKey": base64(&key) });
            seeder.extension(
                &cluster,
                json!({ "allowInsecureConnections": "False", "sslCname": cname }),
                protected,
            )
        }
        Scenario::ExtensionInternal => {
            let settings = json!({
                "allowInsecureConnections": "True", "internalLoadBalancerProvider": "azure",
                "scoringFe.serviceType.internalLoadBalancer": "True",
            });
            seeder.extension(&cluster, settings, json!({}))
        }
        Scenario::ExtensionPlain => seeder.extension(&cluster, dev_test_settings(), json!({})),
        Scenario::ExtensionFailed => {
            seeder.extension(&cluster, json!({ "allowInsecureConnections": "True" }), json!({}))
        }
        Scenario::Classic(days) => attach(
            seeder,
            &workspace,
            &compute,
            &cluster,
            "FastProd",
            tls(days, &cname)?,
        ),
        Scenario::ClassicLabel => {
            let label = json!({ "sslConfiguration": { "status": "Auto", "leafDomainLabel": "contosofc" } });
            attach(seeder, &workspace, &compute, &cluster, "FastProd", label)
        }
        Scenario::ClassicPlain => attach(seeder, &workspace, &compute, &cluster, "DevTest", json!({})),
        Scenario::ClassicMadeByWorkspace
        | Scenario::AttachedTwice
        | Scenario::ScaledDown
        | Scenario::ClusterDeleted
        | Scenario::Leftovers
        | Scenario::OutOfSupport
        | Scenario::BasicBalancer => attach(seeder, &workspace, &compute, &cluster, "FastProd", json!({})),
        Scenario::Stopped | Scenario::Failed | Scenario::LockedDown | Scenario::Unattached => Ok(()),
    }
}

fn dev_test_settings() -> Value {
    json!({ "allowInsecureConnections": "True", "inferenceRouterHA": "False", "clusterPurpose": "DevTest" })
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

fn compute_name(cluster: &str) -> String {
    cluster.trim_start_matches("aks-").to_string()
}

fn attach(
    seeder: &mut Seeder,
    workspace: &str,
    compute: &str,
    cluster: &str,
    purpose: &str,
    more: Value,
) -> Result<(), SandboxError> {
    let mut properties = more;
    properties["clusterPurpose"] = purpose.into();
    properties["loadBalancerType"] = "PublicIp".into();
    seeder
        .attach_classic(workspace, compute, cluster, properties)
        .map(|_| ())
}

/// What happened to the clusters afterwards.
fn apply_later_changes(seeder: &mut Seeder, row: &Row) -> Result<(), SandboxError> {
    let Row {
        name,
        location,
        scenario,
        ..
    } = *row;
    let cluster = cluster_spec(row).id();
    let workspace = workspace_id(location);
    let compute = compute_name(name);
    let version = |version| [("api-version", version)];
    match scenario {
        Scenario::Extension(_) | Scenario::ExtensionInternal | Scenario::ExtensionPlain => {
            seeder.attach(&workspace, &compute, &cluster).map(|_| ())
        }
        Scenario::ClassicLabel => {
            FrontEndAgeing::certificate(&cluster, LABEL_DAYS_LEFT).apply_ageing(&mut seeder.world);
            Ok(())
        }
        Scenario::AttachedTwice => {
            let other = workspace_id("northeurope");
            attach(seeder, &other, "shared-again", &cluster, "FastProd", json!({}))
        }
        Scenario::ScaledDown => {
            let pool = format!("{cluster}/agentPools/system");
            let mut body = seeder.send(Method::GET, &pool, &version(AKS), Value::Null)?;
            body["properties"]["count"] = json!(2);
            seeder.put(&pool, AKS, body).map(|_| ())
        }
        Scenario::ClusterDeleted => seeder
            .send(Method::DELETE, &cluster, &version(AKS), Value::Null)
            .map(|_| ()),
        Scenario::Leftovers => {
            let id = format!("{workspace}/computes/{compute}");
            let query = [("api-version", ML), ("underlyingResourceAction", "Detach")];
            seeder.send(Method::DELETE, &id, &query, Value::Null).map(|_| ())
        }
        Scenario::Stopped => seeder
            .send(
                Method::POST,
                &format!("{cluster}/stop"),
                &version(AKS),
                Value::Null,
            )
            .map(|_| ()),
        _ => Ok(()),
    }
}

/// Edits that no request can make.
fn edit_directly(seeder: &mut Seeder, row: &Row) {
    let Row {
        name,
        location,
        scenario,
        ..
    } = *row;
    let cluster = cluster_spec(row).id();
    if scenario == Scenario::ExtensionInternal {
        let budget = json!({ "spec": { "minAvailable": 3, "selector": { "matchLabels": { "azuremlappname": "azureml-fe" } } } });
        let objects = seeder.world.objects_mut(&cluster);
        objects.put(POD_DISRUPTION_BUDGET, "azureml", "azureml-fe-pdb", budget);
        return;
    }
    if scenario == Scenario::ClassicMadeByWorkspace {
        let id = format!("{}/computes/{}", workspace_id(location), compute_name(name));
        if let Some(compute) = seeder.world.resource_mut(&id) {
            compute.body["properties"]["isAttachedCompute"] = json!(false);
        }
        return;
    }
    let touched = [Scenario::OutOfSupport, Scenario::Failed, Scenario::BasicBalancer];
    let Some(found) = seeder
        .world
        .resource_mut(&cluster)
        .filter(|_| touched.contains(&scenario))
    else {
        return;
    };
    let properties = &mut found.body["properties"];
    match scenario {
        Scenario::OutOfSupport => {
            properties["kubernetesVersion"] = json!("1.31");
            properties["currentKubernetesVersion"] = json!("1.31.13");
            for pool in properties["agentPoolProfiles"]
                .as_array_mut()
                .into_iter()
                .flatten()
            {
                pool["orchestratorVersion"] = json!("1.31");
                pool["currentOrchestratorVersion"] = json!("1.31.13");
            }
        }
        Scenario::Failed => properties["provisioningState"] = json!("Failed"),
        Scenario::BasicBalancer => properties["networkProfile"]["loadBalancerSku"] = json!("basic"),
        _ => {}
    }
}

/// Leaves operations running: a cluster being created, an extension that will never complete.
fn start_operations(seeder: &mut Seeder) -> Result<(), SandboxError> {
    let spare = ESTATE.iter().find(|row| row.scenario == Scenario::Unattached);
    seeder.world.take_started();
    if let Some(spare) = spare {
        seeder.extension(
            &cluster_spec(spare).id(),
            json!({ "allowInsecureConnections": "True" }),
            json!({}),
        )?;
    }
    for id in seeder.world.take_started() {
        if let Some(operation) = seeder.world.operation_mut(&id) {
            operation.lasts = EXTENSION_TIMEOUT_MS;
        }
    }
    let fresh = Row {
        name: "aks-fresh-test",
        location: "swedencentral",
        size: "Standard_D4s_v5",
        count: 3,
        scenario: Scenario::Unattached,
    };
    seeder
        .cluster(&Cluster {
            group: group(LAB, LAB_GROUP),
            ..cluster_spec(&fresh)
        })
        .map(|_| ())
}
