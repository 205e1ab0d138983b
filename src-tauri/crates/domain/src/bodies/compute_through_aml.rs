//! `PUT …/computes/{c}` of type `AKS` without `resourceId`: Azure ML creates the cluster itself. Legacy: it is
//! documented to request a Basic load balancer, which AKS has refused since 2025-03-31
//! (learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes; Azure/AKS CHANGELOG 2025-04-27).

use super::compute_aks::properties;
use super::managed_cluster::subnet_id;
use super::tagged;
use crate::spec::Spec;
use serde_json::{Value, json};

/// Default VM size of the nodes (package azureml-core 1.61, core/compute/aks.py).
pub(crate) const DEFAULT_SIZE: &str = "Standard_D3_v2";

/// A compute whose cluster Azure ML creates. `location` is the workspace's.
pub fn compute_through_aml(spec: &Spec, location: &str, plan_id: &str) -> Value {
    let mut inner = properties(spec);
    inner.insert("agentCount".to_owned(), json!(spec.size.nodes));
    if !spec.size.vm_size.is_empty() {
        inner.insert("agentVmSize".to_owned(), json!(spec.size.vm_size));
    }
    if let Some(vnet) = &spec.network.vnet {
        // The SDK builds this id with the workspace's subscription.
        let subnet = subnet_id(&spec.place.workspace.subscription_id, vnet);
        inner.insert(
            "aksNetworkingConfiguration".to_owned(),
            json!({
                "subnetId": subnet,
                "serviceCidr": vnet.service_cidr,
                "dnsServiceIP": vnet.dns_service_ip,
                "dockerBridgeCidr": vnet.docker_bridge_cidr,
            }),
        );
    }
    let mut outer = json!({ "computeType": "AKS", "properties": inner });
    if !spec.place.location.is_empty() {
        outer["computeLocation"] = json!(spec.place.location);
    }
    json!({ "location": location, "tags": tagged(&spec.place.tags, plan_id), "properties": outer })
}
