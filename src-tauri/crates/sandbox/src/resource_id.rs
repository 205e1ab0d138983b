//! ARM paths: resource ids and the paths of calls. Ids ignore case
//! (learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules) and are returned as they
//! were first written.

use uuid::Uuid;

/// An ARM path, split at its last `/providers/{namespace}`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ArmPath {
    /// As written.
    pub(crate) subscription: Option<String>,
    /// As written.
    pub(crate) group: Option<String>,
    /// Everything before the last `/providers/{namespace}`; the whole path if there is none.
    pub(crate) scope: String,
    /// The namespace of the last provider, as written.
    pub(crate) namespace: Option<String>,
    /// What follows: type, name, type, name, ... or an action at the end.
    pub(crate) rest: Vec<String>,
}

impl ArmPath {
    /// Parses a path. It never fails: missing parts are `None` or empty.
    pub(crate) fn parse(path: &str) -> Self {
        let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let keyed = |index: usize, key: &str| -> Option<String> {
            let found = segments.get(index)?.eq_ignore_ascii_case(key);
            if found {
                segments.get(index + 1).map(ToString::to_string)
            } else {
                None
            }
        };
        let provider = (0..segments.len())
            .rev()
            .find(|i| segments[*i].eq_ignore_ascii_case("providers") && *i + 1 < segments.len());
        let scope_end = provider.unwrap_or(segments.len());
        Self {
            subscription: keyed(0, "subscriptions"),
            group: keyed(2, "resourceGroups"),
            scope: segments[..scope_end]
                .iter()
                .map(|part| format!("/{part}"))
                .collect(),
            namespace: provider.map(|i| segments[i + 1].to_string()),
            rest: provider
                .map(|i| segments[i + 2..].iter().map(ToString::to_string).collect())
                .unwrap_or_default(),
        }
    }

    /// The shape of `rest`: types and actions in lower case, names as `*`, such as
    /// `managedclusters/*/agentpools/*`.
    pub(crate) fn shape(&self) -> String {
        let parts = self.rest.iter().enumerate();
        let parts = parts.map(|(i, part)| {
            if i % 2 == 0 {
                part.to_ascii_lowercase()
            } else {
                "*".to_string()
            }
        });
        parts.collect::<Vec<_>>().join("/")
    }

    /// The type path of `rest` in lower case, such as `managedclusters/agentpools`.
    pub(crate) fn resource_type(&self) -> String {
        let types: Vec<String> = self
            .rest
            .iter()
            .step_by(2)
            .map(|part| part.to_ascii_lowercase())
            .collect();
        types.join("/")
    }

    /// A name in `rest`: 0 is the name of the outermost type.
    pub(crate) fn name(&self, index: usize) -> &str {
        self.rest
            .get(index * 2 + 1)
            .map(String::as_str)
            .unwrap_or_default()
    }
}

/// The key a resource is stored under: its id in lower case, without a trailing slash.
pub(crate) fn key(id: &str) -> String {
    id.trim_end_matches('/').to_ascii_lowercase()
}

/// A UUID derived from an id, for generated values that must stay the same: uids, principals, names.
pub(crate) fn stable_uuid(id: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, key(id).as_bytes())
}

/// The id of a resource group, in Azure's spelling of the keywords.
pub(crate) fn resource_group_id(subscription: &str, group: &str) -> String {
    format!("/subscriptions/{subscription}/resourceGroups/{group}")
}

/// The last segment of an id.
pub(crate) fn name_of(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nested_path_is_split_at_its_last_provider() {
        let cluster =
            "/subscriptions/S/resourcegroups/G/providers/Microsoft.ContainerService/managedClusters/K";
        let path = ArmPath::parse(&format!(
            "{cluster}/providers/Microsoft.KubernetesConfiguration/extensions/aml/operations/7"
        ));
        assert_eq!(path.scope, cluster);
        assert_eq!(
            path.namespace.as_deref(),
            Some("Microsoft.KubernetesConfiguration")
        );
        assert_eq!(
            (path.subscription.as_deref(), path.group.as_deref()),
            (Some("S"), Some("G"))
        );
        assert_eq!(path.shape(), "extensions/*/operations/*");
        assert_eq!(path.name(1), "7");
    }

    #[test]
    fn paths_without_provider_or_with_an_action_are_parsed() {
        let path = ArmPath::parse("/subscriptions/S/resourceGroups/G");
        assert_eq!(
            (path.namespace.as_deref(), path.scope.as_str()),
            (None, "/subscriptions/S/resourceGroups/G")
        );
        let path = ArmPath::parse("/subscriptions/S/providers/Microsoft.X/registers/N/Start");
        assert_eq!(path.shape(), "registers/*/start");
        let path = ArmPath::parse("/subscriptions/S/providers");
        assert_eq!(
            (path.namespace, path.scope.as_str()),
            (None, "/subscriptions/S/providers")
        );
    }
}
