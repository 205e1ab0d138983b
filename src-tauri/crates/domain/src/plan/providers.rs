//! The resource providers a specification needs, and those the plan must register.

use crate::facts::ProviderFacts;
use crate::spec::{ClusterChoice, Route, Spec};

const CONTAINER_SERVICE: &str = "Microsoft.ContainerService";
pub(crate) const KUBERNETES_CONFIGURATION: &str = "Microsoft.KubernetesConfiguration";
const COMPUTE: &str = "Microsoft.Compute";
const NETWORK: &str = "Microsoft.Network";

/// Providers the cluster's subscription needs (learn.microsoft.com/azure/aks/deploy-extensions-az-cli; nodes and load
/// balancers belong to Compute and Network). Azure ML's own provider is not listed: the workspace exists, so it is
/// already registered.
pub(crate) fn needed(spec: &Spec) -> Vec<&'static str> {
    let mut needed = vec![CONTAINER_SERVICE];
    if spec.route == Route::Extension {
        needed.push(KUBERNETES_CONFIGURATION);
    }
    if !matches!(spec.cluster, ClusterChoice::Existing { .. }) {
        needed.extend([COMPUTE, NETWORK]);
    }
    needed
}

/// Needed providers whose state was read and is not `Registered`, with that state.
pub(crate) fn missing<'a>(spec: &Spec, known: &'a [ProviderFacts]) -> Vec<(&'static str, &'a str)> {
    let state = |namespace: &str| {
        let found = known
            .iter()
            .find(|provider| provider.namespace.eq_ignore_ascii_case(namespace))?;
        let state = found.registration_state.as_str();
        (!state.eq_ignore_ascii_case("Registered")).then_some(state)
    };
    needed(spec)
        .into_iter()
        .filter_map(|namespace| Some((namespace, state(namespace)?)))
        .collect()
}
