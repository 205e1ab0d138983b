//! Computes of type AKS: the classic route, with TLS and load balancer as properties of the compute
//! (learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes; failure messages:
//! MicrosoftDocs/azure-docs issue 55597).

use super::computes::{RequestedCompute, bad_argument, check_same, cluster_of};
use super::{COMPUTE, MlEffect};
use crate::aks::nodes;
use crate::answer::{ErrorBody, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::effect::Effect;
use crate::operation::{Outcome, Start};
use crate::pki::{Authority, PemPair, Use};
use crate::resource_id::key;
use crate::scoring::{self, CLASSIC, FrontEndConfig, ageing};
use crate::world::{Resource, World};
use serde_json::{Value, json};

/// vCPU and nodes that a production cluster needs.
const PRODUCTION: (u64, u64) = (12, 3);
/// Subnet of an internal load balancer if the request names none.
const DEFAULT_SUBNET: &str = nodes::OWN_SUBNET;

/// Azure seconds until a renewed certificate is served: about 5 hours
/// (learn.microsoft.com/azure/machine-learning/v1/how-to-secure-web-service).
const RENEWAL_SECONDS: u64 = 5 * 3600;
/// Suffix of the resource that a renewal runs on, so that it does not block the cluster.
const RENEWAL: &str = "/renewal";

/// The compute that a request asks for.
///
/// # Errors
/// Refusals that the service gives at once.
pub(super) fn requested(
    world: &World,
    call: &Call,
    old: Option<&Resource>,
) -> Result<RequestedCompute, Refusal> {
    if call.body["properties"]["resourceId"]
        .as_str()
        .unwrap_or_default()
        .is_empty()
    {
        return Err(created_by_workspace());
    }
    let cluster = cluster_of(world, call)?;
    check_same(call, old)?;
    let mut properties = call.body["properties"].clone();
    let before = old
        .map(|old| old.body["properties"]["properties"].clone())
        .unwrap_or(json!({}));
    let own = &mut properties["properties"];
    for (member, fallback) in [
        ("clusterPurpose", json!("FastProd")),
        ("loadBalancerType", json!("PublicIp")),
        ("loadBalancerSubnet", Value::Null),
    ] {
        if own[member].is_null() {
            own[member] = if before[member].is_null() {
                fallback
            } else {
                before[member].clone()
            };
        }
    }
    let secrets = tls(own, &before, old.map(|old| &old.secrets), &cluster.location())?;
    own["agentCount"] = json!(nodes::untainted_capacity(cluster).0);
    own["agentVmSize"] = cluster.body["properties"]["agentPoolProfiles"][0]["vmSize"].clone();
    if own["systemServices"].is_null() {
        own["systemServices"] = before.get("systemServices").cloned().unwrap_or_else(|| json!([]));
    }
    let fails = refusal(world, cluster, own, &secrets);
    properties["isAttachedCompute"] = json!(true);
    properties["computeLocation"] = json!(cluster.location());
    Ok(RequestedCompute {
        properties,
        secrets,
        fails,
    })
}

/// Creating a cluster through a workspace requests a Basic load balancer, which AKS no longer accepts
/// (Azure/AKS CHANGELOG, 2025-04-27).
fn created_by_workspace() -> Refusal {
    Refusal::bad_request(
        "BasicLoadBalancerNotSupported",
        "Creating a managed cluster with a Basic load balancer is no longer supported. Create the cluster with Azure Kubernetes Service and attach it.",
    )
}

/// Moves certificate and key out of `sslConfiguration` and returns them as secrets.
fn tls(own: &mut Value, before: &Value, kept: Option<&Value>, location: &str) -> Result<Value, Refusal> {
    let given = own["sslConfiguration"].clone();
    if given.is_null() {
        own["sslConfiguration"] = before["sslConfiguration"].clone();
        own["clusterFqdn"] = before["clusterFqdn"].clone();
        return Ok(kept.cloned().unwrap_or(Value::Null));
    }
    let text = |member: &str| given[member].as_str().unwrap_or_default().to_string();
    own["clusterFqdn"] = Value::Null;
    // The domain name is stable: a label that is used again gets the same six characters.
    let former = ["label", "former_label"]
        .into_iter()
        .find_map(|member| kept?[member].as_str())
        .map(str::to_string);
    match given["status"].as_str().unwrap_or("Disabled") {
        "Enabled" => {
            if text("cert").is_empty() || text("key").is_empty() || text("cname").is_empty() {
                return Err(bad_argument(
                    "sslConfiguration: cert, key and cname are required when status is Enabled.",
                ));
            }
            own["sslConfiguration"] = json!({ "status": "Enabled", "cname": text("cname") });
            own["clusterFqdn"] = json!(text("cname"));
            Ok(json!({ "cert": text("cert"), "key": text("key"), "former_label": former }))
        }
        "Auto" => {
            let label = text("leafDomainLabel");
            if label.is_empty() {
                return Err(bad_argument(
                    "sslConfiguration: leafDomainLabel is required when status is Auto.",
                ));
            }
            let renews = given["renew"] == true;
            if renews && before["sslConfiguration"]["leafDomainLabel"] != label.as_str() {
                return Err(bad_argument(
                    "sslConfiguration: only a certificate of this leafDomainLabel can be renewed.",
                ));
            }
            own["sslConfiguration"] = json!({ "status": "Auto", "leafDomainLabel": label, "overwriteExistingDomain": given["overwriteExistingDomain"] });
            let overwrites = given["overwriteExistingDomain"] == true;
            let name = former
                .filter(|name| !overwrites && is_of(name, &label))
                .unwrap_or_else(|| format!("{label}{}", label_suffix()));
            own["clusterFqdn"] = json!(format!("{name}.{location}.cloudapp.azure.com"));
            Ok(json!({ "label": name, "renew": renews && !overwrites }))
        }
        "Disabled" => {
            own["sslConfiguration"] = json!({ "status": "Disabled" });
            Ok(json!({ "former_label": former }))
        }
        other => Err(bad_argument(format!(
            "sslConfiguration: the status '{other}' is not known."
        ))),
    }
}

/// The six characters that the service appends to a label.
fn label_suffix() -> String {
    let random = uuid::Uuid::new_v4().simple().to_string();
    random.chars().take(6).collect()
}

fn is_of(name: &str, label: &str) -> bool {
    name.strip_prefix(label).is_some_and(|rest| rest.len() == 6)
}

/// Why the attachment will fail, if it will.
fn refusal(world: &World, cluster: &Resource, own: &Value, secrets: &Value) -> Option<ErrorBody> {
    let user_error = |message: String| Some(ErrorBody::new("BadRequest", message));
    if cluster.body["properties"]["disableLocalAccounts"] == json!(true) {
        return user_error(
            "Getting static credential is not allowed because this cluster is set to disable local accounts."
                .to_string(),
        );
    }
    if !crate::kubernetes::api_available(cluster) {
        return Some(ErrorBody::new(
            "ClusterNotReachable",
            "The cluster is not reachable. Is it stopped?",
        ));
    }
    let (machines, vcpus) = nodes::untainted_capacity(cluster);
    let purpose = own["clusterPurpose"].as_str().unwrap_or("FastProd");
    if purpose != "DevTest" && vcpus < PRODUCTION.0 {
        return user_error(format!(
            "Cluster should have at least {} cores to operate. Available cores: {vcpus}.",
            PRODUCTION.0
        ));
    }
    if purpose != "DevTest" && machines < PRODUCTION.1 {
        return user_error(format!(
            "At least {} machine(s) are required for cluster with purpose '{purpose}'. Available machine(s) : {machines}",
            PRODUCTION.1
        ));
    }
    if own["loadBalancerType"] == "InternalLoadBalancer" && balancer_subnet(world, cluster, own).is_none() {
        let name = own["loadBalancerSubnet"].as_str().unwrap_or(DEFAULT_SUBNET);
        return Some(ErrorBody::new(
            "SubnetNotFound",
            format!("The subnet '{name}' could not be found in the virtual network of the cluster."),
        ));
    }
    if own["loadBalancerType"] == "InternalLoadBalancer" && secrets["label"].is_string() {
        return user_error(
            "sslConfiguration: a leaf domain label cannot be used with an internal load balancer."
                .to_string(),
        );
    }
    let pair = pair(secrets)?;
    let why = scoring::tls_config(&pair).err()?;
    user_error(format!(
        "sslConfiguration: the certificate and the key cannot be used: {why}"
    ))
}

fn pair(secrets: &Value) -> Option<PemPair> {
    let text = |member: &str| secrets[member].as_str().map(str::to_string);
    Some(PemPair {
        cert: text("cert")?,
        key: text("key")?,
    })
}

fn balancer_subnet(world: &World, cluster: &Resource, own: &Value) -> Option<String> {
    let named = own["loadBalancerSubnet"].as_str().filter(|name| !name.is_empty());
    nodes::sibling_subnet(world, cluster, named.unwrap_or(DEFAULT_SUBNET))
}

/// Installs the front end in the cluster. It replaces an existing one, which breaks what that served.
pub(super) fn install(world: &mut World, compute: &Resource, now: Now) {
    let properties = &compute.body["properties"];
    let id = properties["resourceId"].as_str().unwrap_or_default();
    let Some(cluster) = world.resource(id).cloned() else {
        return;
    };
    break_other_computes(world, compute, &cluster.id);
    let own = &properties["properties"];
    let label = compute.secrets["label"].as_str().map(str::to_string);
    let tls = match &label {
        Some(_) => served_certificate(world, &cluster.id, label.as_deref())
            .or_else(|| microsoft_certificate(world, own["clusterFqdn"].as_str().unwrap_or_default())),
        None => pair(&compute.secrets),
    };
    let internal = own["loadBalancerType"] == "InternalLoadBalancer";
    let internal = internal.then(|| balancer_subnet(world, &cluster, own)).flatten();
    scoring::install(
        world,
        &cluster.id,
        CLASSIC,
        FrontEndConfig {
            internal,
            tls,
            label,
            secret: None,
        },
    );
    if compute.secrets["renew"] == true {
        start_renewal(world, &cluster.id, now);
    }
    let address = scoring::find(world, &cluster.id, CLASSIC).map(|front_end| front_end.address.to_string());
    if let Some(found) = world.resource_mut(&compute.id) {
        found.secrets["renew"] = json!(false);
        found.body["properties"]["properties"]["systemServices"] = json!([{ "systemServiceType": "ScoringFrontEnd", "publicIpAddress": address, "version": "1.1.92" }]);
    }
}

/// The certificate already served for a label; it stays until it is renewed.
fn served_certificate(world: &World, cluster: &str, label: Option<&str>) -> Option<PemPair> {
    let front_end =
        scoring::find(world, cluster, CLASSIC).filter(|front_end| front_end.label.as_deref() == label)?;
    front_end.tls.clone()
}

/// Starts a renewal, which takes hours; does nothing for a certificate that is valid for long.
fn start_renewal(world: &mut World, cluster: &str, now: Now) {
    if scoring::find(world, cluster, CLASSIC).is_some_and(ageing::is_due) {
        let resource = format!("{cluster}{RENEWAL}");
        let start = Start::new(resource, RENEWAL_SECONDS, Effect::Ml(MlEffect::Renewed));
        world.start(start, now);
    }
}

pub(super) fn complete_renewal(world: &mut World, resource: &str, outcome: &Outcome) {
    let cluster = resource.trim_end_matches(RENEWAL);
    if *outcome == Outcome::Succeeded {
        ageing::renew(world, cluster, CLASSIC);
    }
}

fn microsoft_certificate(world: &World, name: &str) -> Option<PemPair> {
    let authority = Authority::of(world.authorities.as_ref()?.public.clone());
    authority.issue(&[name], None, Use::Server).ok()
}

/// A second attachment breaks the first.
fn break_other_computes(world: &mut World, compute: &Resource, cluster: &str) {
    let same = |other: &&Resource| {
        let properties = &other.body["properties"];
        let here = properties["resourceId"]
            .as_str()
            .is_some_and(|id| key(id) == key(cluster));
        here && properties["computeType"] == "AKS" && key(&other.id) != key(&compute.id)
    };
    let others: Vec<String> = world
        .list("", COMPUTE)
        .filter(same)
        .map(|other| other.id.clone())
        .collect();
    for other in others {
        let error = ErrorBody::new(
            "ClusterUnauthorized",
            "The scoring front end of this cluster belongs to another attachment now.",
        );
        super::set_state(world, &other, &Outcome::Failed(error));
    }
}
