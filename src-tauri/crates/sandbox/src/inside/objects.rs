//! The kinds of object a cluster keeps here.

/// A kind of object.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// `v1`, `apps/v1`.
    pub group_version: &'static str,
    /// As paths have it.
    pub plural: &'static str,
    /// As bodies have it.
    pub kind: &'static str,
    /// Whether objects stand in a namespace.
    pub namespaced: bool,
    /// Whether they are kept here; else they follow from something else, see `machines`.
    pub kept: bool,
}

macro_rules! kinds {
    ($($constant:ident = $group:literal $plural:literal $kind:literal $namespaced:literal $kept:literal;)*) => {
        $(
            #[doc = concat!("`", $plural, "` of `", $group, "`.")]
            pub const $constant: &Kind =
                &Kind { group_version: $group, plural: $plural, kind: $kind, namespaced: $namespaced, kept: $kept };
        )*
        /// Every kind.
        pub const KINDS: &[&Kind] = &[$($constant),*];
    };
}

kinds! {
    NAMESPACE = "v1" "namespaces" "Namespace" false true;
    SERVICE = "v1" "services" "Service" true true;
    SECRET = "v1" "secrets" "Secret" true true;
    CONFIG_MAP = "v1" "configmaps" "ConfigMap" true true;
    SERVICE_ACCOUNT = "v1" "serviceaccounts" "ServiceAccount" true true;
    NODE = "v1" "nodes" "Node" false false;
    POD = "v1" "pods" "Pod" true false;
    DEPLOYMENT = "apps/v1" "deployments" "Deployment" true true;
    CLUSTER_ROLE = "rbac.authorization.k8s.io/v1" "clusterroles" "ClusterRole" false true;
    CLUSTER_ROLE_BINDING = "rbac.authorization.k8s.io/v1" "clusterrolebindings" "ClusterRoleBinding" false true;
}

/// The kind at a place in the API.
pub fn find(group_version: &str, plural: &str) -> Option<&'static Kind> {
    let fits = |kind: &&&Kind| kind.group_version == group_version && kind.plural == plural;
    KINDS.iter().find(fits).copied()
}
