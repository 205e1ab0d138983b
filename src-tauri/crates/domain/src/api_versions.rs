//! Which api-version goes on which request: what Berth was built for, cut with what the cloud offers.
//!
//! Sovereign clouds get new versions late, so the provider's own list decides
//! (learn.microsoft.com/rest/api/resources/providers/get).

use crate::facts::ProviderFacts;

/// Versions Berth was built for, preferred first.
const BUILT_FOR: &[(&str, &str, &[&str])] = &[
    (
        "Microsoft.Resources",
        "resourceGroups",
        &["2024-03-01", "2022-09-01"],
    ),
    (
        "Microsoft.ContainerService",
        "managedClusters",
        &["2026-05-01", "2025-10-01", "2024-02-01"],
    ),
    (
        "Microsoft.KubernetesConfiguration",
        "extensions",
        &["2025-03-01", "2023-05-01"],
    ),
    (
        "Microsoft.MachineLearningServices",
        "workspaces/computes",
        &["2025-12-01", "2026-05-01", "2024-04-01"],
    ),
];

/// The version for a resource type: the first Berth was built for that the provider lists, else Berth's own first.
pub fn negotiate(providers: Option<&[ProviderFacts]>, namespace: &str, resource_type: &str) -> &'static str {
    let built_for = BUILT_FOR
        .iter()
        .find(|(space, kind, _)| *space == namespace && *kind == resource_type)
        .map_or(&["2024-03-01"] as &[&str], |(_, _, versions)| versions);
    let offered = providers
        .into_iter()
        .flatten()
        .find(|provider| provider.namespace.eq_ignore_ascii_case(namespace))
        .into_iter()
        .flat_map(|provider| &provider.resource_types)
        .find(|kind| kind.resource_type.eq_ignore_ascii_case(resource_type))
        .map(|kind| kind.api_versions.as_slice())
        .unwrap_or_default();
    let common = built_for
        .iter()
        .find(|version| offered.iter().any(|candidate| candidate == *version));
    common.or(built_for.first()).copied().unwrap_or("2024-03-01")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::ProviderResourceType;

    fn offering(versions: &[&str]) -> Vec<ProviderFacts> {
        vec![ProviderFacts {
            namespace: "Microsoft.ContainerService".to_owned(),
            registration_state: "Registered".to_owned(),
            resource_types: vec![ProviderResourceType {
                resource_type: "managedClusters".to_owned(),
                locations: vec![],
                api_versions: versions.iter().map(|&version| version.to_owned()).collect(),
            }],
        }]
    }

    #[test]
    fn takes_the_newest_that_both_know() {
        let pick = |versions: &[&str]| {
            negotiate(
                Some(&offering(versions)),
                "Microsoft.ContainerService",
                "managedClusters",
            )
        };
        assert_eq!(pick(&["2026-08-01", "2026-05-01", "2024-02-01"]), "2026-05-01");
        assert_eq!(
            pick(&["2024-02-01", "2023-01-01"]),
            "2024-02-01",
            "a sovereign cloud that lags behind"
        );
        assert_eq!(
            pick(&["2019-01-01"]),
            "2026-05-01",
            "no common one: ours, and the service says what it thinks"
        );
        assert_eq!(
            negotiate(None, "Microsoft.ContainerService", "managedClusters"),
            "2026-05-01"
        );
    }
}
