//! Computes of type Kubernetes, served by the extension
//! (learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace).

use super::computes::{RequestedCompute, check_same, cluster_of};
use crate::answer::{ErrorBody, Refusal};
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
