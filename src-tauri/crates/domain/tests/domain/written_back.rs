//! What is written back as a whole keeps every member that was read, known to Berth or not. Each exception has its reason.

use crate::good::change::*;
use crate::good::{self, Good};
use berth_domain::bodies::written_back::written_back;
use berth_domain::change::{Change, Edit};
use berth_domain::facts::Fact;
use berth_domain::plan::{StepKind, plan};
use berth_domain::spec::{LoadBalancer, Tls};
use proptest::prelude::*;
use serde_json::{Value, json};

/// The service sets it, and ignores or refuses it in a request.
const SERVICE: &str = "set by the service";
/// Sending it, even unchanged, makes Azure ML change TLS or the address (package azureml-core 1.61, core/compute/aks.py, `update`).
const ORDERS: &str = "an order to change TLS or the address";
/// Reads return it empty or as a placeholder, which would overwrite the value.
const HIDDEN: &str = "its value is never returned";

type Reasons = &'static [(&'static str, &'static str)];

const ANY: Reasons = &[
    ("id", SERVICE),
    ("name", SERVICE),
    ("type", SERVICE),
    ("systemData", SERVICE),
    ("eTag", SERVICE),
    ("etag", SERVICE),
    ("identity/principalId", SERVICE),
    ("identity/tenantId", SERVICE),
    ("identity/userAssignedIdentities/*/principalId", SERVICE),
    ("identity/userAssignedIdentities/*/clientId", SERVICE),
];
const CLUSTER: Reasons = &[
    ("properties/provisioningState", SERVICE),
    ("properties/powerState", SERVICE),
    ("properties/currentKubernetesVersion", SERVICE),
    ("properties/fqdn", SERVICE),
    ("properties/fqdnSubdomain", SERVICE),
    ("properties/privateFQDN", SERVICE),
    ("properties/azurePortalFQDN", SERVICE),
    ("properties/maxAgentPools", SERVICE),
    ("properties/resourceUID", SERVICE),
    ("properties/status", SERVICE),
    ("properties/addonProfiles/*/identity", SERVICE),
    ("properties/ingressProfile/webAppRouting/identity", SERVICE),
    (
        "properties/networkProfile/loadBalancerProfile/effectiveOutboundIPs",
        SERVICE,
    ),
    (
        "properties/networkProfile/natGatewayProfile/effectiveOutboundIPs",
        SERVICE,
    ),
    ("properties/oidcIssuerProfile/issuerURL", SERVICE),
    ("properties/privateLinkResources/*/privateLinkServiceID", SERVICE),
    ("properties/agentPoolProfiles/*/provisioningState", SERVICE),
    (
        "properties/agentPoolProfiles/*/currentOrchestratorVersion",
        SERVICE,
    ),
    ("properties/agentPoolProfiles/*/nodeImageVersion", SERVICE),
    ("properties/agentPoolProfiles/*/eTag", SERVICE),
    ("properties/agentPoolProfiles/*/status", SERVICE),
];
const POOL: Reasons = &[
    ("properties/provisioningState", SERVICE),
    ("properties/currentOrchestratorVersion", SERVICE),
    ("properties/nodeImageVersion", SERVICE),
    ("properties/eTag", SERVICE),
    ("properties/status", SERVICE),
];
const COMPUTE: Reasons = &[
    ("properties/provisioningState", SERVICE),
    ("properties/provisioningErrors", SERVICE),
    ("properties/createdOn", SERVICE),
    ("properties/modifiedOn", SERVICE),
    ("properties/isAttachedCompute", SERVICE),
];
const AKS_COMPUTE: Reasons = &[
    ("properties/properties/systemServices", SERVICE),
    ("properties/properties/clusterFqdn", ORDERS),
    ("properties/properties/sslConfiguration", ORDERS),
    ("properties/properties/loadBalancerType", ORDERS),
    ("properties/properties/loadBalancerSubnet", ORDERS),
];
const SERVING: Reasons = &[
    ("properties/provisioningState", SERVICE),
    ("properties/scoringUri", SERVICE),
    ("properties/swaggerUri", SERVICE),
    ("properties/keys", HIDDEN),
    ("properties/properties/AzureAsyncOperationUri", SERVICE),
];
const EXTENSION: Reasons = &[
    ("properties/provisioningState", SERVICE),
    ("properties/currentVersion", SERVICE),
    ("properties/customLocationSettings", SERVICE),
    ("properties/errorInfo", SERVICE),
    ("properties/isSystemExtension", SERVICE),
    ("properties/packageUri", SERVICE),
    ("properties/statuses", SERVICE),
    ("properties/configurationProtectedSettings", HIDDEN),
    ("properties/aksAssignedIdentity/principalId", SERVICE),
    ("properties/aksAssignedIdentity/tenantId", SERVICE),
];

/// A kind of resource that is written back: its id, what may be left out, and an answer of Azure.
struct Kind {
    id: String,
    left_out: Vec<Reasons>,
    seen: Value,
}

fn kinds() -> Vec<Kind> {
    let group = "/subscriptions/s/resourceGroups/g/providers";
    let cluster = format!("{group}/Microsoft.ContainerService/managedClusters/k");
    let workspace = format!("{group}/Microsoft.MachineLearningServices/workspaces/w");
    let machines = json!({ "type": "VirtualMachines", "count": null, "vmSize": "",
        "virtualMachinesProfile": { "scale": { "manual": [{ "count": 3, "size": "Standard_D8s_v5" }] } },
        "virtualMachineNodesStatus": [{ "count": 3, "size": "Standard_D8s_v5" }] });
    let kind = |id: String, own: &[Reasons], properties: Value| Kind {
        seen: json!({ "id": id, "name": "x", "location": "westeurope", "sku": { "name": "Base" }, "tags": { "a": "b" },
            "identity": { "type": "UserAssigned", "userAssignedIdentities": { "i": {} } }, "properties": properties }),
        left_out: [&[ANY], own].concat(),
        id,
    };
    vec![
        kind(
            cluster.clone(),
            &[CLUSTER],
            json!({ "kubernetesVersion": "1.35", "agentPoolProfiles": [{ "name": "a" }, machines],
                "networkProfile": { "loadBalancerProfile": { "managedOutboundIPs": { "count": 1 } } },
                "addonProfiles": { "azurepolicy": { "enabled": true } }, "privateLinkResources": [{}] }),
        ),
        kind(format!("{cluster}/agentPools/p"), &[POOL], machines),
        kind(
            format!("{workspace}/computes/c"),
            &[COMPUTE, AKS_COMPUTE],
            json!({ "computeType": "AKS", "resourceId": "k", "properties": { "clusterPurpose": "FastProd" } }),
        ),
        kind(
            format!("{workspace}/computes/c"),
            &[COMPUTE],
            json!({ "computeType": "Kubernetes", "resourceId": "k", "properties": { "namespace": "n",
                "instanceTypes": { "gpu": { "resources": {} } } } }),
        ),
        kind(
            format!("{workspace}/onlineEndpoints/e"),
            &[SERVING],
            json!({ "authMode": "Key", "traffic": { "blue": 100 }, "properties": { "a": "b" } }),
        ),
        kind(
            format!("{workspace}/onlineEndpoints/e/deployments/d"),
            &[SERVING],
            json!({ "model": "m", "scaleSettings": { "scaleType": "Default" }, "properties": {} }),
        ),
        kind(
            format!("{cluster}/providers/Microsoft.KubernetesConfiguration/extensions/x"),
            &[EXTENSION],
            json!({ "extensionType": "Microsoft.AzureML.Kubernetes", "version": "1.1.76", "releaseTrain": "stable",
                "configurationSettings": { "nodeSelector.agentpool": "system" }, "aksAssignedIdentity": { "type": "SystemAssigned" } }),
        ),
    ]
}

fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len()
        && pattern
            .iter()
            .zip(&path)
            .all(|(one, other)| *one == "*" || one == other)
}

/// Paths of what `seen` has and `body` lacks or has otherwise. Null is the same as absent to Azure.
fn lost(seen: &Value, body: Option<&Value>, at: &str, is_allowed: &dyn Fn(&str) -> bool) -> Vec<String> {
    let below = |name: &str| {
        if at.is_empty() {
            name.to_owned()
        } else {
            format!("{at}/{name}")
        }
    };
    if seen.is_null() || is_allowed(at) {
        return Vec::new();
    }
    match (seen, body) {
        (Value::Object(members), Some(Value::Object(kept))) => members
            .iter()
            .flat_map(|(name, value)| lost(value, kept.get(name), &below(name), is_allowed))
            .collect(),
        (Value::Array(items), Some(Value::Array(kept))) if items.len() == kept.len() => items
            .iter()
            .enumerate()
            .flat_map(|(at, value)| lost(value, kept.get(at), &below(&at.to_string()), is_allowed))
            .collect(),
        (seen, Some(body)) if seen == body => Vec::new(),
        _ => vec![at.to_owned()],
    }
}

fn unknown_member() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..9u32).prop_map(Value::from),
        "[a-c]{0,2}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("new[A-C]", inner, 0..3).prop_map(|members| json!(members)),
        ]
    })
}

/// Adds a member to every object of a body, as a newer api-version may.
fn add_everywhere(body: &mut Value, name: &str, member: &Value) {
    match body {
        Value::Object(members) => {
            members
                .values_mut()
                .for_each(|one| add_everywhere(one, name, member));
            members.insert(name.to_owned(), member.clone());
        }
        Value::Array(items) => items.iter_mut().for_each(|one| add_everywhere(one, name, member)),
        _ => {}
    }
}

/// Adds what the service sets, so that it is there to be left out.
fn add_left_out(body: &mut Value, pattern: &str) {
    let (first, rest) = pattern.split_once('/').unwrap_or((pattern, ""));
    match body {
        Value::Object(members) if first == "*" => {
            members.values_mut().for_each(|one| add_left_out(one, rest))
        }
        Value::Array(items) if first == "*" => items.iter_mut().for_each(|one| add_left_out(one, rest)),
        Value::Object(members) if rest.is_empty() => {
            members.insert(first.to_owned(), json!("of the service"));
        }
        Value::Object(members) => {
            if let Some(member) = members.get_mut(first) {
                add_left_out(member, rest);
            }
        }
        _ => {}
    }
}

fn reasons(left_out: &[Reasons]) -> impl Fn(&str) -> bool {
    let all: Vec<&'static str> = left_out
        .iter()
        .copied()
        .flatten()
        .map(|(path, _)| *path)
        .collect();
    move |path: &str| all.iter().any(|pattern| fits(pattern, path))
}

proptest! {
    #[test]
    fn a_body_keeps_every_member_that_was_read(name in "new[A-Z][a-z]{0,3}", member in unknown_member()) {
        for kind in kinds() {
            let mut seen = kind.seen.clone();
            let patterns = kind.left_out.iter().copied().flatten();
            patterns.for_each(|(pattern, _)| add_left_out(&mut seen, pattern));
            add_everywhere(&mut seen, &name, &member);
            let edit = Edit::set("/tags/edited", "yes");
            let body = written_back(&kind.id, &seen, std::slice::from_ref(&edit));
            let is_allowed = reasons(&kind.left_out);
            let missing = lost(&seen, Some(&body), "", &is_allowed);
            prop_assert!(missing.is_empty(), "{}: {missing:?}", kind.id);
            // What has a reason to be left out is left out, and nothing else is new.
            let added = lost(&body, Some(&seen), "", &|path| path == "tags/edited");
            prop_assert!(added.is_empty(), "{}: {added:?}", kind.id);
        }
    }

    #[test]
    fn a_planned_change_keeps_every_member_but_those_it_edits(member in unknown_member()) {
        for change in changes() {
            for good in [classic(change.clone()), moving(change.clone())] {
                check_plan(&good, &member);
            }
        }
    }
}

fn changes() -> Vec<Change> {
    vec![
        scale(5),
        autoscale(3, 5),
        autoscale_off(),
        upgrade("1.36", false),
        tags(good::cluster().id, &[("a", "b")]),
        tags(classic_id(), &[("a", "b")]),
        secure(classic_id(), Tls::None),
        balance(classic_id(), LoadBalancer::Public),
    ]
}

/// Compares each whole body of a plan with the answers that it is made of.
fn check_plan(good: &Good, member: &Value) {
    let mut facts = good.facts.clone();
    for answer in [&mut facts.change.cluster, &mut facts.change.compute] {
        if let Fact::Known(Some(answer)) = answer {
            add_everywhere(answer, "newMember", member);
        }
    }
    let answers = [&facts.change.cluster, &facts.change.compute].map(|fact| fact.known().cloned().flatten());
    let planned = plan(&good.goal(), &facts, "p-1").expect("a plan");
    for step in &planned.steps {
        let StepKind::ChangeResource {
            resource_id, edits, ..
        } = &step.kind
        else {
            continue;
        };
        let request = step.request.as_ref().expect("a request");
        let seen = answers
            .iter()
            .flatten()
            .find(|answer| answer["id"] == resource_id.as_str());
        let (Some(seen), "PUT") = (seen, request.method.as_str()) else {
            continue;
        };
        let edited: Vec<String> = edits
            .iter()
            .filter_map(|edit| {
                serde_json::to_value(edit).ok()?["at"]
                    .as_str()
                    .map(|at| at[1..].to_owned())
            })
            .collect();
        let is_reasoned = reasons(&[ANY, CLUSTER, COMPUTE, AKS_COMPUTE]);
        let is_allowed = |path: &str| is_reasoned(path) || edited.iter().any(|at| at == path);
        let missing = lost(seen, request.body.as_ref(), "", &is_allowed);
        assert!(missing.is_empty(), "{}: {missing:?}", step.id);
    }
}

#[test]
fn what_is_left_out_has_a_reason_and_is_left_out() {
    for kind in kinds() {
        let mut seen = kind.seen.clone();
        let patterns: Vec<&str> = kind
            .left_out
            .iter()
            .copied()
            .flatten()
            .map(|(path, _)| *path)
            .collect();
        patterns
            .iter()
            .for_each(|pattern| add_left_out(&mut seen, pattern));
        let body = written_back(&kind.id, &seen, &[]);
        let gone = lost(&seen, Some(&body), "", &|_| false);
        let unexplained: Vec<&String> = gone
            .iter()
            .filter(|path| !patterns.iter().any(|pattern| fits(pattern, path)))
            .collect();
        assert!(unexplained.is_empty(), "{}: {unexplained:?}", kind.id);
        assert!(!gone.is_empty(), "{}", kind.id);
    }
}
