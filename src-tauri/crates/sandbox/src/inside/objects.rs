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
}

macro_rules! kinds {
    ($($constant:ident = $group:literal $plural:literal $kind:literal $namespaced:literal;)*) => {
        $(
            #[doc = concat!("`", $plural, "` of `", $group, "`.")]
            pub const $constant: &Kind =
                &Kind { group_version: $group, plural: $plural, kind: $kind, namespaced: $namespaced };
        )*
        /// Every kind.
        pub const KINDS: &[&Kind] = &[$($constant),*];
    };
}

kinds! {
    NAMESPACE = "v1" "namespaces" "Namespace" false;
    SERVICE = "v1" "services" "Service" true;
    SECRET = "v1" "secrets" "Secret" true;
    CONFIG_MAP = "v1" "configmaps" "ConfigMap" true;
    SERVICE_ACCOUNT = "v1" "serviceaccounts" "ServiceAccount" true;
    DEPLOYMENT = "apps/v1" "deployments" "Deployment" true;
    CLUSTER_ROLE = "rbac.authorization.k8s.io/v1" "clusterroles" "ClusterRole" false;
    CLUSTER_ROLE_BINDING = "rbac.authorization.k8s.io/v1" "clusterrolebindings" "ClusterRoleBinding" false;
}

/// The kind at a place in the API.
pub fn find(group_version: &str, plural: &str) -> Option<&'static Kind> {
    let fits = |kind: &&&Kind| kind.group_version == group_version && kind.plural == plural;
    KINDS.iter().find(fits).copied()
}
