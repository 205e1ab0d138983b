//! `PUT …/computes/{c}` of type `AKS` for a cluster that exists (machinelearningservices 2025-12-01, AKS; field names
//! and defaults as in package azureml-core 1.61, core/compute/aks.py).

use super::managed_cluster::internal_subnet;
use super::tagged;
use crate::secrets::SecretPart;
use crate::spec::{LoadBalancer, Purpose, Spec, Tls};
use serde_json::{Map, Value, json};

/// The compute that attaches a cluster on the classic route. `location` is the workspace's.
pub fn compute_aks(spec: &Spec, cluster_id: &str, location: &str, plan_id: &str) -> Value {
    json!({
        "location": location,
        "tags": tagged(&spec.place.tags, plan_id),
        "properties": {
            "computeType": "AKS",
            "resourceId": cluster_id,
            "properties": properties(spec),
        }
    })
}

/// Members shared by attaching and creating on the classic route: purpose, load balancer, TLS.
pub(crate) fn properties(spec: &Spec) -> Map<String, Value> {
    let mut properties = Map::new();
    let purpose = match spec.purpose {
        Purpose::Production => "FastProd",
        Purpose::DevTest => "DevTest",
    };
    properties.insert("clusterPurpose".to_owned(), json!(purpose));
    match &spec.network.load_balancer {
        Some(internal @ LoadBalancer::Internal { .. }) => {
            properties.insert("loadBalancerType".to_owned(), json!("InternalLoadBalancer"));
            if let Some(subnet) = internal_subnet(internal) {
                properties.insert("loadBalancerSubnet".to_owned(), json!(subnet));
            }
        }
        Some(LoadBalancer::Public) | None => {
            properties.insert("loadBalancerType".to_owned(), json!("PublicIp"));
        }
    }
    if let Some(tls) = ssl(spec.tls.as_ref()) {
        properties.insert("sslConfiguration".to_owned(), tls);
    }
    properties
}

/// `sslConfiguration` for a TLS choice; `None` if TLS is off.
pub(crate) fn ssl(tls: Option<&Tls>) -> Option<Value> {
    match tls? {
        Tls::None => None,
        Tls::Microsoft {
            leaf_domain_label,
            overwrite_existing_domain,
        } => Some(json!({
            "status": "Auto",
            "leafDomainLabel": leaf_domain_label,
            "overwriteExistingDomain": overwrite_existing_domain,
        })),
        Tls::Own { cname, .. } | Tls::Generated { cname, .. } => Some(json!({
            "status": "Enabled",
            "cname": cname,
            "cert": SecretPart::CertificatePem.marker(),
            "key": SecretPart::KeyPem.marker(),
        })),
    }
}
