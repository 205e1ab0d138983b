//! How long steps usually take, in seconds, each with where the figure is from. They size the progress that a person
//! sees; nothing is cut off by them.

use super::UsualTime;

const fn usual(from_seconds: u32, to_seconds: u32) -> UsualTime {
    UsualTime {
        from_seconds,
        to_seconds,
    }
}

/// Making a key: a moment for ECDSA, some seconds for RSA 4096.
pub(super) const CERTIFICATE: UsualTime = usual(0, 5);
/// Registering a provider answers at once and goes on by itself
/// (learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types); no figure is published.
pub(super) const PROVIDER: UsualTime = usual(30, 180);
/// A resource group is made within the request (learn.microsoft.com/rest/api/resources/resource-groups/create-or-update).
pub(super) const RESOURCE_GROUP: UsualTime = usual(1, 10);
/// "After a few minutes" (learn.microsoft.com/azure/aks/learn/quick-kubernetes-deploy-cli); seen: 4 to 10 minutes.
pub(super) const CLUSTER: UsualTime = usual(240, 600);
/// One request to the cluster's own API, and the way there.
pub(super) const NAMESPACE: UsualTime = usual(1, 10);
/// About 10 minutes (learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension).
pub(super) const EXTENSION: UsualTime = usual(300, 900);
/// About 5 minutes (learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes).
pub(super) const ATTACH_CLASSIC: UsualTime = usual(180, 420);
/// No figure is published (learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace); only the
/// identity and the link are made, the components came with the extension.
pub(super) const ATTACH_EXTENSION: UsualTime = usual(60, 300);
/// About 10 minutes (learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes), for the cluster
/// and its attachment in one.
pub(super) const THROUGH_AML: UsualTime = usual(480, 1200);
/// Reads only; the wait is for the load balancer's address.
pub(super) const PROOF: UsualTime = usual(5, 120);
