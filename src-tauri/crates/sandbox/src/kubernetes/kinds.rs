//! The kinds of object a cluster keeps here.

/// A kind of object.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    /// `v1`, `apps/v1`.
    pub(crate) group_version: &'static str,
    /// As paths have it.
    pub(crate) plural: &'static str,
    /// As bodies have it.
    pub(crate) kind: &'static str,
    /// As people type it; empty where there is no short name.
    pub(crate) short: &'static str,
    /// Whether objects stand in a namespace.
    pub(crate) namespaced: bool,
    /// Whether they are kept here; else they follow from something else, see `machines`.
    pub(crate) kept: bool,
}

macro_rules! kinds {
    ($($constant:ident = $group:literal $plural:literal $kind:literal $short:literal $namespaced:literal $kept:literal;)*) => {
        $(
            #[doc = concat!("`", $plural, "` of `", $group, "`.")]
            pub(crate) const $constant: &Kind =
                &Kind { group_version: $group, plural: $plural, kind: $kind, short: $short, namespaced: $namespaced, kept: $kept };
        )*
        /// Every kind.
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
    CLUSTER_ROLE = "rbac.authorization.k8s.io/v1" "clusterroles" "ClusterRole" "" false true;
    CLUSTER_ROLE_BINDING = "rbac.authorization.k8s.io/v1" "clusterrolebindings" "ClusterRoleBinding" "" false true;
}

/// The kind at a place in the API.
pub(crate) fn find(group_version: &str, plural: &str) -> Option<&'static Kind> {
    let fits = |kind: &&&Kind| kind.group_version == group_version && kind.plural == plural;
    KINDS.iter().find(fits).copied()
}
