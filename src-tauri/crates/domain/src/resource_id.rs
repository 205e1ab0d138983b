//! Azure resource ids: read in parts, compared without regard to case (Azure ML answers `resourcegroups`).

/// The parts of a resource id that Berth needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceId<'a> {
    /// Subscription id.
    pub subscription: &'a str,
    /// Resource group, where the id has one.
    pub resource_group: Option<&'a str>,
    /// Provider namespace of the innermost resource (`Microsoft.ContainerService`).
    pub provider: &'a str,
    /// Type and name pairs, outermost first.
    pub types: Vec<(&'a str, &'a str)>,
}

impl<'a> ResourceId<'a> {
    /// Reads an id; `None` when it is not one.
    pub fn parse(id: &'a str) -> Option<Self> {
        let parts: Vec<&str> = id.strip_prefix('/')?.split('/').collect();
        if parts.iter().any(|part| part.is_empty()) || parts.len() < 6 {
            return None;
        }
        if !parts[0].eq_ignore_ascii_case("subscriptions") {
            return None;
        }
        let at = parts
            .iter()
            .rposition(|part| part.eq_ignore_ascii_case("providers"))?;
        let tail = parts.get(at + 2..)?;
        if tail.is_empty() || tail.len() % 2 != 0 {
            return None;
        }
        let has_group = parts.len() > 3 && parts[2].eq_ignore_ascii_case("resourceGroups");
        Some(Self {
            subscription: parts[1],
            resource_group: has_group.then(|| parts[3]),
            provider: parts[at + 1],
            types: tail.chunks(2).map(|pair| (pair[0], pair[1])).collect(),
        })
    }

    /// Name of the innermost resource.
    pub fn name(&self) -> &'a str {
        self.types.last().map_or("", |(_, name)| name)
    }

    /// Whether this is the id of a compute of a workspace.
    pub fn is_compute(&self) -> bool {
        self.provider
            .eq_ignore_ascii_case("Microsoft.MachineLearningServices")
            && self.types.len() == 2
            && self.types[1].0.eq_ignore_ascii_case("computes")
            && self.resource_group.is_some()
    }

    /// Whether this is the id of an extension on a cluster.
    pub fn is_extension(&self) -> bool {
        self.provider
            .eq_ignore_ascii_case("Microsoft.KubernetesConfiguration")
            && self.types.len() == 1
            && self.types[0].0.eq_ignore_ascii_case("extensions")
    }

    /// Whether this is the id of a workspace of Azure ML.
    pub fn is_workspace(&self) -> bool {
        self.provider
            .eq_ignore_ascii_case("Microsoft.MachineLearningServices")
            && self.types.len() == 1
            && self.types[0].0.eq_ignore_ascii_case("workspaces")
            && self.resource_group.is_some()
    }

    /// Whether this is the id of an AKS cluster.
    pub fn is_cluster(&self) -> bool {
        self.provider.eq_ignore_ascii_case("Microsoft.ContainerService")
            && self.types.len() == 1
            && self.types[0].0.eq_ignore_ascii_case("managedClusters")
            && self.resource_group.is_some()
    }
}

/// The parts of a resource group's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceGroupId<'a> {
    /// Subscription id.
    pub subscription: &'a str,
    /// Its name.
    pub name: &'a str,
}

impl<'a> ResourceGroupId<'a> {
    /// Reads an id; `None` when it is not one.
    pub fn parse(id: &'a str) -> Option<Self> {
        let mut parts = id.strip_prefix('/')?.split('/');
        let (word, subscription) = (parts.next()?, parts.next()?);
        let (group_word, name) = (parts.next()?, parts.next()?);
        let is_id = parts.next().is_none()
            && word.eq_ignore_ascii_case("subscriptions")
            && group_word.eq_ignore_ascii_case("resourceGroups")
            && [subscription, name].into_iter().all(is_name);
        is_id.then_some(Self { subscription, name })
    }
}

/// Whether a text can be a part of an id without changing where a URL made of it leads.
fn is_name(part: &str) -> bool {
    let odd = |letter: char| letter.is_control() || letter.is_whitespace() || "%?#\\".contains(letter);
    !matches!(part, "" | "." | "..") && !part.contains(odd)
}

/// Whether two ids name the same resource.
pub fn same_resource(left: &str, right: &str) -> bool {
    left.trim_end_matches('/')
        .eq_ignore_ascii_case(right.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_cluster_id_in_any_case() {
        let id = "/subscriptions/S/resourcegroups/G/providers/microsoft.containerservice/managedclusters/K";
        let parsed = ResourceId::parse(id).expect("an id");
        assert!(parsed.is_cluster());
        assert_eq!(
            (parsed.subscription, parsed.resource_group, parsed.name()),
            ("S", Some("G"), "K")
        );
    }

    #[test]
    fn reads_the_id_of_a_resource_group() {
        let parsed = ResourceGroupId::parse("/Subscriptions/S/resourcegroups/G").expect("an id");
        assert_eq!((parsed.subscription, parsed.name), ("S", "G"));
        for id in [
            "",
            "/",
            "/subscriptions/S",
            "/subscriptions/S/resourceGroups/",
            "/subscriptions/S/resourceGroups/G/",
            "/subscriptions//resourceGroups/G",
            "/subscriptions/S/resourceGroups/..",
            "/subscriptions/S/resourceGroups/G?x",
            "/subscriptions/S/resourceGroups/G/providers/A/b/c",
            "/subscriptions/S/providers/Microsoft.Resources",
            "/providers/Microsoft.Management/managementGroups/M",
        ] {
            assert_eq!(ResourceGroupId::parse(id), None, "{id}");
        }
    }

    #[test]
    fn refuses_what_is_no_resource_id() {
        for id in [
            "",
            "K",
            "/subscriptions/S",
            "/subscriptions/S/resourceGroups/G",
            "/subscriptions//x/providers/A/b/c",
        ] {
            assert_eq!(ResourceId::parse(id), None, "{id}");
        }
    }
}
