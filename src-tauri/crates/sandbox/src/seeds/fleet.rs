//! An estate of years: what works, and every trouble its keepers know.

use super::estate::{Cluster, group};
use super::ground::{LAB, LAB_GROUP, PROD};
use super::planter::Planter;
use super::stories::{ESTATE, Row, Story};
use super::{Home, certificates, workspace};
use crate::error::SandboxError;
use crate::front::ageing::Trouble;
use http::Method;
use serde_json::{Value, json};

/// Days left of a certificate of Microsoft that renews no more.
const ENDS_SOON: i64 = 19;
const ML: &str = "2025-12-01";
const AKS: &str = "2026-05-01";
/// Azure milliseconds after which Azure gives up on an extension whose agent is silent.
const GIVING_UP: u64 = 48 * 3600 * 1000;

/// Plants it on top of the seed of every day.
pub(super) fn plant(planter: &mut Planter) -> Result<Home, SandboxError> {
    let home = workspace::plant(planter)?;
    let home = workspace::serve(planter, home)?;
    for location in [
        "westeurope",
        "northeurope",
        "uksouth",
        "francecentral",
        "germanywestcentral",
    ] {
        raise_quota(planter, location, 400);
        let group = estate_group(location);
        let tags = json!({ "env": "production", "owner": "ml-platform" });
        planter.put(
            &group,
            "2024-03-01",
            json!({ "location": location, "tags": tags }),
        )?;
        planter.workspace(&group, &workspace_name(location), location)?;
    }
    for row in ESTATE {
        planter.cluster(&wish(row))?;
    }
    planter.wait();
    ESTATE.iter().try_for_each(|row| first_chapter(planter, row))?;
    planter.wait();
    ESTATE.iter().try_for_each(|row| second_chapter(planter, row))?;
    planter.wait();
    ESTATE.iter().for_each(|row| by_hand(planter, row));
    under_way(planter)?;
    Ok(home)
}

/// Room for an estate in a location.
pub(super) fn raise_quota(planter: &mut Planter, location: &str, vcpus: u64) {
    let Some(subscription) = planter.world.subscription_mut(PROD) else {
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

fn wish(row: &Row) -> Cluster<'static> {
    let Row {
        name,
        location,
        size,
        count,
        story,
    } = *row;
    let env = if name.ends_with("-test") {
        "test"
    } else {
        "production"
    };
    let more = match story {
        Story::LockedDown => json!({
            "disableLocalAccounts": true,
            "aadProfile": { "managed": true, "enableAzureRBAC": true },
            "apiServerAccessProfile": { "enablePrivateCluster": true, "enablePrivateClusterPublicFQDN": true },
        }),
        Story::ExtensionInternal => {
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

/// Extensions and classic attachments.
fn first_chapter(planter: &mut Planter, row: &Row) -> Result<(), SandboxError> {
    let Row {
        name,
        location,
        story,
        ..
    } = *row;
    let cluster = wish(row).id();
    let workspace = workspace_id(location);
    let compute = compute_name(name);
    let cname = format!("{}.serving.contoso.com", compute.trim_end_matches("-prod"));
    match story {
        Story::Extension(days) => {
            let (cert, key) = certificates::ending_in(days, &cname)?;
            let protected = json!({ "scoringFe.sslCert": base64(&cert), "scoringFe.sslKey": base64(&key) });
            planter.extension(
                &cluster,
                json!({ "allowInsecureConnections": "False", "sslCname": cname }),
                protected,
            )
        }
        Story::ExtensionInternal => {
            let settings = json!({
                "allowInsecureConnections": "True", "internalLoadBalancerProvider": "azure",
                "scoringFe.serviceType.internalLoadBalancer": "True",
            });
            planter.extension(&cluster, settings, json!({}))
        }
        Story::ExtensionPlain => planter.extension(&cluster, small(), json!({})),
        Story::ExtensionFailed => {
            planter.extension(&cluster, json!({ "allowInsecureConnections": "True" }), json!({}))
        }
        Story::Classic(days) => attach(
            planter,
            &workspace,
            &compute,
            &cluster,
            "FastProd",
            tls(days, &cname)?,
        ),
        Story::ClassicLabel => {
            let label = json!({ "sslConfiguration": { "status": "Auto", "leafDomainLabel": "contosofc" } });
            attach(planter, &workspace, &compute, &cluster, "FastProd", label)
        }
        Story::ClassicPlain => attach(planter, &workspace, &compute, &cluster, "DevTest", json!({})),
        Story::ClassicMadeByWorkspace
        | Story::AttachedTwice
        | Story::Shrunk
        | Story::Gone
        | Story::Leftovers
        | Story::OutOfSupport
        | Story::BasicBalancer => attach(planter, &workspace, &compute, &cluster, "FastProd", json!({})),
        Story::Stopped | Story::Failed | Story::LockedDown | Story::Unattached => Ok(()),
    }
}

fn small() -> Value {
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
    planter: &mut Planter,
    workspace: &str,
    compute: &str,
    cluster: &str,
    purpose: &str,
    more: Value,
) -> Result<(), SandboxError> {
    let mut properties = more;
    properties["clusterPurpose"] = purpose.into();
    properties["loadBalancerType"] = "PublicIp".into();
    planter
        .attach_classic(workspace, compute, cluster, properties)
        .map(|_| ())
}

/// What came after.
fn second_chapter(planter: &mut Planter, row: &Row) -> Result<(), SandboxError> {
    let Row {
        name,
        location,
        story,
        ..
    } = *row;
    let cluster = wish(row).id();
    let workspace = workspace_id(location);
    let compute = compute_name(name);
    let version = |version| [("api-version", version)];
    match story {
        Story::Extension(_) | Story::ExtensionInternal | Story::ExtensionPlain => {
            planter.attach(&workspace, &compute, &cluster).map(|_| ())
        }
        Story::ClassicLabel => {
            Trouble::ageing(&cluster, ENDS_SOON).befall(&mut planter.world);
            Ok(())
        }
        Story::AttachedTwice => {
            let other = workspace_id("northeurope");
            attach(planter, &other, "shared-again", &cluster, "FastProd", json!({}))
        }
        Story::Shrunk => {
            let pool = format!("{cluster}/agentPools/system");
            let mut body = planter.send(Method::GET, &pool, &version(AKS), Value::Null)?;
            body["properties"]["count"] = json!(2);
            planter.put(&pool, AKS, body).map(|_| ())
        }
        Story::Gone => planter
            .send(Method::DELETE, &cluster, &version(AKS), Value::Null)
            .map(|_| ()),
        Story::Leftovers => {
            let id = format!("{workspace}/computes/{compute}");
            let query = [("api-version", ML), ("underlyingResourceAction", "Detach")];
            planter.send(Method::DELETE, &id, &query, Value::Null).map(|_| ())
        }
        Story::Stopped => planter
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

/// What nobody can ask for.
fn by_hand(planter: &mut Planter, row: &Row) {
    let Row {
        name,
        location,
        story,
        ..
    } = *row;
    let cluster = wish(row).id();
    if story == Story::ClassicMadeByWorkspace {
        let id = format!("{}/computes/{}", workspace_id(location), compute_name(name));
        if let Some(compute) = planter.world.resource_mut(&id) {
            compute.body["properties"]["isAttachedCompute"] = json!(false);
        }
        return;
    }
    let touched = [Story::OutOfSupport, Story::Failed, Story::BasicBalancer];
    let Some(found) = planter
        .world
        .resource_mut(&cluster)
        .filter(|_| touched.contains(&story))
    else {
        return;
    };
    let properties = &mut found.body["properties"];
    match story {
        Story::OutOfSupport => {
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
        Story::Failed => properties["provisioningState"] = json!("Failed"),
        Story::BasicBalancer => properties["networkProfile"]["loadBalancerSku"] = json!("basic"),
        _ => {}
    }
}

/// What is going on while one looks: a cluster being made, an extension that will never be done.
fn under_way(planter: &mut Planter) -> Result<(), SandboxError> {
    let spare = ESTATE.iter().find(|row| row.story == Story::Unattached);
    planter.world.take_started();
    if let Some(spare) = spare {
        planter.extension(
            &wish(spare).id(),
            json!({ "allowInsecureConnections": "True" }),
            json!({}),
        )?;
    }
    for id in planter.world.take_started() {
        if let Some(operation) = planter.world.operation_mut(&id) {
            operation.lasts = GIVING_UP;
        }
    }
    let fresh = Row {
        name: "aks-fresh-test",
        location: "swedencentral",
        size: "Standard_D4s_v5",
        count: 3,
        story: Story::Unattached,
    };
    planter
        .cluster(&Cluster {
            group: group(LAB, LAB_GROUP),
            ..wish(&fresh)
        })
        .map(|_| ())
}
