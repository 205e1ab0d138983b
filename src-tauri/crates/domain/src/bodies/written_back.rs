//! What is sent to change a resource: the resource as Azure answered it without what only Azure writes, and the edits.

use crate::change::{Edit, apply};
use crate::resource_id::ResourceId;
use serde_json::Value;

/// Members that only Azure writes, of any resource.
const OF_ALL: [&str; 6] = ["id", "name", "type", "systemData", "eTag", "etag"];
/// The same, further inside; `*` is any member or item.
const INSIDE_ALL: [&str; 4] = [
    "identity/principalId",
    "identity/tenantId",
    "identity/userAssignedIdentities/*/principalId",
    "identity/userAssignedIdentities/*/clientId",
];
/// Of clusters (containerservice aks 2024-02-01, managedClusters.json, members marked `readOnly`).
const OF_CLUSTERS: [&str; 10] = [
    "provisioningState",
    "powerState",
    "currentKubernetesVersion",
    "fqdn",
    "fqdnSubdomain",
    "privateFQDN",
    "azurePortalFQDN",
    "maxAgentPools",
    "resourceUID",
    "status",
];
const INSIDE_CLUSTERS: [&str; 6] = [
    "addonProfiles/*/identity",
    "ingressProfile/webAppRouting/identity",
    "networkProfile/loadBalancerProfile/effectiveOutboundIPs",
    "networkProfile/natGatewayProfile/effectiveOutboundIPs",
    "oidcIssuerProfile/issuerURL",
    "privateLinkResources/*/privateLinkServiceID",
];
/// Of node pools (the same description).
const OF_POOLS: [&str; 6] = [
    "provisioningState",
    "powerState",
    "currentOrchestratorVersion",
    "nodeImageVersion",
    "eTag",
    "status",
];
/// Of computes (machinelearningservices 2024-04-01, machineLearningServices.json).
const OF_COMPUTES: [&str; 5] = [
    "provisioningState",
    "provisioningErrors",
    "createdOn",
    "modifiedOn",
    "isAttachedCompute",
];
/// Of computes of type AKS: what only the service writes, and what means "change it" when it is sent. Left out, TLS and load
/// balancer stay as they are (package azureml-core 1.61, core/compute/aks.py, `update`).
const OF_AKS_COMPUTES: [&str; 5] = [
    "systemServices",
    "clusterFqdn",
    "sslConfiguration",
    "loadBalancerType",
    "loadBalancerSubnet",
];

/// The body of a `PUT` that changes a resource.
pub fn written_back(resource_id: &str, seen: &Value, edits: &[Edit]) -> Value {
    let mut body = seen.clone();
    drop_members(&mut body, &OF_ALL);
    drop_inside(&mut body, &INSIDE_ALL);
    let kind =
        ResourceId::parse(resource_id).and_then(|id| id.types.last().map(|(kind, _)| kind.to_lowercase()));
    match kind.as_deref() {
        Some("managedclusters") => {
            drop_members(&mut body["properties"], &OF_CLUSTERS);
            drop_inside(&mut body["properties"], &INSIDE_CLUSTERS);
            let pools = body
                .pointer_mut("/properties/agentPoolProfiles")
                .and_then(Value::as_array_mut);
            pools
                .into_iter()
                .flatten()
                .for_each(|pool| drop_members(pool, &OF_POOLS));
        }
        Some("agentpools") => drop_members(&mut body["properties"], &OF_POOLS),
        Some("computes") => {
            drop_members(&mut body["properties"], &OF_COMPUTES);
            if body["properties"]["computeType"] == "AKS" {
                drop_members(&mut body["properties"]["properties"], &OF_AKS_COMPUTES);
            }
        }
        _ => {}
    }
    apply(&body, edits)
}

fn drop_members(body: &mut Value, names: &[&str]) {
    if let Some(members) = body.as_object_mut() {
        members.retain(|name, value| !names.contains(&name.as_str()) && !value.is_null());
    }
}

fn drop_inside(body: &mut Value, paths: &[&str]) {
    for path in paths {
        drop_at(body, path);
    }
}

fn drop_at(body: &mut Value, path: &str) {
    match (path.split_once('/'), body) {
        (None, Value::Object(members)) => {
            members.remove(path);
        }
        (Some(("*", rest)), Value::Object(members)) => {
            members.values_mut().for_each(|member| drop_at(member, rest));
        }
        (Some(("*", rest)), Value::Array(items)) => items.iter_mut().for_each(|item| drop_at(item, rest)),
        (Some((name, rest)), Value::Object(members)) => {
            if let Some(member) = members.get_mut(name) {
                drop_at(member, rest);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_compute_goes_back_without_what_would_change_it() {
        let seen = json!({
            "id": "/x", "name": "c", "location": "westeurope", "tags": { "a": "b" },
            "properties": {
                "computeType": "AKS", "resourceId": "/k", "provisioningState": "Succeeded", "createdOn": "then",
                "properties": { "clusterPurpose": "FastProd", "loadBalancerType": "PublicIp",
                    "sslConfiguration": { "status": "Enabled", "cname": "a" }, "systemServices": [], "newMember": 1 }
            }
        });
        let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/computes/c";
        let body = written_back(id, &seen, &[Edit::set("/tags/a", "c")]);
        let wanted = json!({
            "location": "westeurope", "tags": { "a": "c" },
            "properties": { "computeType": "AKS", "resourceId": "/k",
                "properties": { "clusterPurpose": "FastProd", "newMember": 1 } }
        });
        assert_eq!(body, wanted);
    }

    #[test]
    fn pools_of_a_cluster_go_back_bare() {
        let seen = json!({ "properties": { "kubernetesVersion": "1.35", "fqdn": "x",
            "agentPoolProfiles": [{ "name": "system", "count": 3, "powerState": { "code": "Running" } }] } });
        let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/k";
        let body = written_back(id, &seen, &[Edit::set("/properties/kubernetesVersion", "1.36")]);
        assert_eq!(
            body,
            json!({ "properties": { "kubernetesVersion": "1.36", "agentPoolProfiles": [{ "name": "system", "count": 3 }] } })
        );
    }

    #[test]
    fn nothing_that_only_azure_writes_goes_back_from_further_inside() {
        let seen = json!({
            "identity": { "type": "UserAssigned", "principalId": "p", "tenantId": "t",
                "userAssignedIdentities": { "/i": { "principalId": "p", "clientId": "c" } } },
            "properties": {
                "addonProfiles": { "azurepolicy": { "enabled": true, "identity": { "clientId": "c" } } },
                "networkProfile": { "networkPlugin": "azure", "loadBalancerProfile": {
                    "managedOutboundIPs": { "count": 1 }, "effectiveOutboundIPs": [{ "id": "/ip" }] } },
                "oidcIssuerProfile": { "enabled": true, "issuerURL": "https://x" },
                "privateLinkResources": [{ "name": "management", "privateLinkServiceID": "/p" }],
            }
        });
        let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/k";
        let wanted = json!({
            "identity": { "type": "UserAssigned", "userAssignedIdentities": { "/i": {} } },
            "properties": {
                "addonProfiles": { "azurepolicy": { "enabled": true } },
                "networkProfile": { "networkPlugin": "azure", "loadBalancerProfile": {
                    "managedOutboundIPs": { "count": 1 } } },
                "oidcIssuerProfile": { "enabled": true },
                "privateLinkResources": [{ "name": "management" }],
            }
        });
        assert_eq!(written_back(id, &seen, &[]), wanted);
    }
}
