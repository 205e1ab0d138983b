//! How long steps usually take, in seconds, each with its source. These figures only scale the progress display; they are
//! not timeouts.

use super::UsualTime;

const fn usual(from_seconds: u32, to_seconds: u32) -> UsualTime {
    UsualTime {
        from_seconds,
        to_seconds,
    }
}

/// Generating a key: instant for ECDSA, a few seconds for RSA 4096.
pub(super) const CERTIFICATE: UsualTime = usual(0, 5);
/// Registration returns at once and continues in the background
/// (learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types); no figure is published.
pub(super) const PROVIDER: UsualTime = usual(30, 180);
/// A resource group is created within the request (learn.microsoft.com/rest/api/resources/resource-groups/create-or-update).
pub(super) const RESOURCE_GROUP: UsualTime = usual(1, 10);
/// "After a few minutes" (learn.microsoft.com/azure/aks/learn/quick-kubernetes-deploy-cli); seen: 4 to 10 minutes.
pub(super) const CLUSTER: UsualTime = usual(240, 600);
/// Getting credentials, and one request to the Kubernetes API.
pub(super) const NAMESPACE: UsualTime = usual(1, 10);
/// About 10 minutes (learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension).
pub(super) const EXTENSION: UsualTime = usual(300, 900);
/// About 5 minutes (learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes).
pub(super) const ATTACH_CLASSIC: UsualTime = usual(180, 420);
/// No figure is published (learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace). Creates only
/// the identity and the link; the components were installed with the extension.
pub(super) const ATTACH_EXTENSION: UsualTime = usual(60, 300);
/// About 10 minutes (learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes), for the cluster
/// and its attachment together.
pub(super) const THROUGH_AML: UsualTime = usual(480, 1200);
/// Read-only; waits for the load balancer's address.
pub(super) const PROOF: UsualTime = usual(5, 120);
/// "Can take about 5 hours" (learn.microsoft.com/azure/machine-learning/v1/how-to-secure-web-service).
pub(super) const RENEWAL: UsualTime = usual(3600, 18_000);
/// Nodes joining or leaving a pool: a few minutes, as for a new cluster (learn.microsoft.com/azure/aks/scale-cluster).
pub(super) const SCALE: UsualTime = usual(120, 600);
/// Upgrading the control plane (learn.microsoft.com/azure/aks/upgrade-aks-cluster); no figure is published.
pub(super) const CONTROL_PLANE: UsualTime = usual(300, 1200);
/// "Several minutes" (learn.microsoft.com/azure/aks/free-standard-pricing-tiers).
pub(super) const SUPPORT: UsualTime = usual(60, 600);
/// Starting or stopping takes minutes (learn.microsoft.com/azure/aks/start-stop-cluster).
pub(super) const POWER: UsualTime = usual(60, 600);
/// Tags are written within the request.
pub(super) const TAGS: UsualTime = usual(1, 60);
/// Updating a classic compute reinstalls its front end, which takes about as long as attaching.
pub(super) const CHANGE_CLASSIC: UsualTime = ATTACH_CLASSIC;
/// Changing the extension's settings restarts its components.
pub(super) const CHANGE_EXTENSION: UsualTime = usual(60, 600);
/// Detaching; no figure is published.
pub(super) const DETACH: UsualTime = usual(30, 180);
/// The resource disappears at once, its Helm release about 10 minutes later
/// (learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension).
pub(super) const REMOVE_EXTENSION: UsualTime = usual(60, 900);
/// Deleting a cluster with its nodes and load balancers; no figure is published.
pub(super) const DELETE_CLUSTER: UsualTime = usual(180, 900);
/// A role assignment is created within the request and takes effect within minutes
/// (learn.microsoft.com/azure/role-based-access-control/troubleshooting).
pub(super) const ROLE: UsualTime = usual(1, 10);
/// A few requests to the Kubernetes API.
pub(super) const INSIDE: UsualTime = usual(1, 20);

/// Nodes of a pool are replaced one surge at a time, about 5 to 10 minutes each
/// (learn.microsoft.com/azure/aks/upgrade-aks-cluster).
pub(super) const fn pool_upgrade(nodes: u32) -> UsualTime {
    let nodes = if nodes == 0 { 1 } else { nodes };
    usual(nodes * 180, nodes * 600)
}
/// Recorded: 10 to 12 seconds for a Kubernetes endpoint, and up to 23 for its creation.
pub(super) const TRAFFIC: UsualTime = usual(5, 60);
/// A key is replaced within the request; no figure is published.
pub(super) const KEY: UsualTime = usual(1, 60);

/// The calls before the first step at two a second, then each step with the write of its traffic.
pub(super) const fn canary(steps: u32, minutes: u32) -> UsualTime {
    let minutes = if minutes > 480 { 480 } else { minutes };
    let each = minutes * 60;
    usual(90 + steps * (each + 10), 240 + steps * (each + 90))
}
/// Removing a deployment ends its pods; no figure is published.
pub(super) const ENDPOINT_REMOVAL: UsualTime = usual(10, 180);
/// One request; the service only stores it.
pub(super) const ASSET: UsualTime = usual(1, 10);
/// Depends on the size and the line; a few files take seconds.
pub(super) const UPLOAD: UsualTime = usual(2, 600);
/// Recorded: up to 23 seconds.
pub(super) const ENDPOINT: UsualTime = usual(5, 60);
/// Recorded: 97 seconds. Azure ML gives up after 20 minutes
/// (learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints).
pub(super) const VERSION: UsualTime = usual(30, 1_200);
