//! The kinds of object that clusters have here.

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    /// `v1`, `apps/v1`.
    pub(crate) group_version: &'static str,
    /// As in paths.
    pub(crate) plural: &'static str,
    /// As in bodies.
    pub(crate) kind: &'static str,
    /// Short name for kubectl; empty if there is none.
    pub(crate) short: &'static str,
    pub(crate) namespaced: bool,
    /// Whether objects are stored; otherwise `derived` computes them.
    pub(crate) kept: bool,
}

macro_rules! kinds {
    ($($constant:ident = $group:literal $plural:literal $kind:literal $short:literal $namespaced:literal $kept:literal;)*) => {
        $(
            #[doc = concat!("`", $plural, "` of `", $group, "`.")]
            pub(crate) const $constant: &Kind =
                &Kind { group_version: $group, plural: $plural, kind: $kind, short: $short, namespaced: $namespaced, kept: $kept };
        )*
        pub(crate) const KINDS: &[&Kind] = &[$($constant),*];
    };
}

kinds! {
    NAMESPACE = "v1" "namespaces" "Namespace" "ns" false true;
    SERVICE = "v1" "services" "Service" "svc" true true;
    SECRET = "v1" "secrets" "Secret" "" true true;
    CONFIG_MAP = "v1" "configmaps" "ConfigMap" "cm" true true;
    SERVICE_ACCOUNT = "v1" "serviceaccounts" "ServiceAccount" "sa" true true;
    EVENT = "v1" "events" "Event" "ev" true true;
    NODE = "v1" "nodes" "Node" "no" false false;
    POD = "v1" "pods" "Pod" "po" true false;
    DEPLOYMENT = "apps/v1" "deployments" "Deployment" "deploy" true true;
    ENDPOINT_SLICE = "discovery.k8s.io/v1" "endpointslices" "EndpointSlice" "" true false;
    POD_DISRUPTION_BUDGET = "policy/v1" "poddisruptionbudgets" "PodDisruptionBudget" "pdb" true true;
    INGRESS_CLASS = "networking.k8s.io/v1" "ingressclasses" "IngressClass" "" false true;
    CLUSTER_ROLE = "rbac.authorization.k8s.io/v1" "clusterroles" "ClusterRole" "" false true;
    CLUSTER_ROLE_BINDING = "rbac.authorization.k8s.io/v1" "clusterrolebindings" "ClusterRoleBinding" "" false true;
}

pub(crate) fn find(group_version: &str, plural: &str) -> Option<&'static Kind> {
    let fits = |kind: &&&Kind| kind.group_version == group_version && kind.plural == plural;
    KINDS.iter().find(fits).copied()
}
