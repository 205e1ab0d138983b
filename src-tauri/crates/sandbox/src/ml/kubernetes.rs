//! Computes of type Kubernetes, served by the extension
//! (learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace).

use super::computes::{RequestedCompute, check_same, cluster_of};
use super::workspaces;
use crate::answer::{ErrorBody, Refusal};
use crate::authorization::access;
use crate::call::Call;
use crate::extensions;
use crate::resource_id::name_of;
use crate::world::{Resource, World};
use serde_json::json;

/// The compute that a request asks for.
///
/// # Errors
/// Refusals that the service gives at once.
pub(super) fn requested(
    world: &World,
    call: &Call,
    old: Option<&Resource>,
) -> Result<RequestedCompute, Refusal> {
    let cluster = cluster_of(world, call)?;
    check_same(call, old)?;
    check_identity(world, call, &cluster.id)?;
    let mut properties = call.body["properties"].clone();
    let own = &mut properties["properties"];
    if own["namespace"].as_str().unwrap_or_default().is_empty() {
        own["namespace"] = json!("default");
    }
    if own["instanceTypes"].is_null() {
        let resources = json!({ "requests": { "cpu": "100m", "memory": "2Gi" }, "limits": { "cpu": "2", "memory": "8Gi" } });
        own["defaultInstanceType"] = json!("defaultinstancetype");
        own["instanceTypes"] = json!({ "defaultinstancetype": { "resources": resources } });
    }
    own["extensionInstanceReleaseTrain"] = json!("stable");
    properties["isAttachedCompute"] = json!(true);
    properties["computeLocation"] = json!(cluster.location());
    Ok(RequestedCompute {
        properties,
        secrets: json!(null),
        fails: missing_extension(world, cluster),
    })
}

/// A user-assigned identity of the workspace must have its roles on the cluster before it is attached.
///
/// # Errors
/// 400, with the message of Azure/AML-Kubernetes issue 279.
fn check_identity(world: &World, call: &Call, cluster: &str) -> Result<(), Refusal> {
    let Some(identity) = workspaces::user_assigned(workspaces::find(world, call)?) else {
        return Ok(());
    };
    let needed = [
        "Microsoft.ContainerService/managedClusters/read",
        "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action",
        "Microsoft.KubernetesConfiguration/extensions/write",
    ];
    if needed
        .iter()
        .all(|action| access::allows(world, identity, cluster, action))
    {
        return Ok(());
    }
    let message =
        format!("AKS role check failed for user assigned identity '{identity}' on the cluster '{cluster}'.");
    Err(Refusal::bad_request("BadRequest", message))
}

fn missing_extension(world: &World, cluster: &Resource) -> Option<ErrorBody> {
    let ready = |found: &Resource| found.provisioning_state() == "Succeeded";
    if extensions::of_machine_learning(world, &cluster.id).is_some_and(ready) {
        return None;
    }
    let message = format!(
        "The AzureML extension is not installed on the cluster '{}', or its installation has not succeeded. Install the extension Microsoft.AzureML.Kubernetes first.",
        name_of(&cluster.id)
    );
    Some(ErrorBody::new("BadRequest", message))
}
