use super::*;
use crate::facts::ProviderResourceType;

const GROUP: &str = "/subscriptions/s/resourcegroups/providers";
const CLUSTER: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/providers";

fn offering(versions: &[&str]) -> ProviderFacts {
    ProviderFacts {
        namespace: "microsoft.containerservice".to_owned(),
        registration_state: "Registered".to_owned(),
        resource_types: vec![ProviderResourceType {
            resource_type: "managedclusters".to_owned(),
            locations: vec![],
            api_versions: versions.iter().map(|&version| version.to_owned()).collect(),
        }],
    }
}

fn with(versions: &[&str]) -> ApiVersions {
    let mut found = ApiVersions::default();
    found.learn(&offering(versions));
    found
}

#[test]
fn every_row_is_found_by_its_own_type() {
    for (at, (namespace, kind, versions)) in TABLE.iter().enumerate() {
        assert!((1..=8).contains(&versions.len()), "{namespace}/{kind}");
        if *namespace != RESOURCES {
            let kind = if kind.is_empty() { "anything" } else { *kind };
            let path = format!(
                "/subscriptions/s/providers/{namespace}/{}",
                if kind.is_empty() {
                    "anything".to_owned()
                } else {
                    kind.replace('/', "/name/")
                }
            );
            assert_eq!(row_of(&path), at, "{path}");
        }
    }
}

#[test]
fn the_innermost_resource_determines_the_version() {
    let kind = |path: &str| {
        let (namespace, kind, _) = TABLE[row_of(path)];
        format!("{namespace}/{kind}")
    };
    let clusters = "Microsoft.ContainerService/managedClusters";
    for (path, expected) in [
        ("/subscriptions", "Microsoft.Resources/subscriptions"),
        ("/subscriptions/s", "Microsoft.Resources/subscriptions"),
        ("/subscriptions/s/locations", "Microsoft.Resources/subscriptions"),
        ("/tenants", "Microsoft.Resources/tenants"),
        (
            "/subscriptions/s/resourcegroups",
            "Microsoft.Resources/resourceGroups",
        ),
        (GROUP, "Microsoft.Resources/resourceGroups"),
        (
            "/subscriptions/s/resourceGroups/g/resources",
            "Microsoft.Resources/resourceGroups",
        ),
        (
            "/subscriptions/s/providers/Microsoft.Network",
            "Microsoft.Resources/providers",
        ),
        (
            "/subscriptions/s/providers/Microsoft.ContainerService/register",
            "Microsoft.Resources/providers",
        ),
        (
            "/subscriptions/s/providers/microsoft.containerservice/MANAGEDCLUSTERS",
            clusters,
        ),
        (CLUSTER, clusters),
        (&format!("{CLUSTER}/upgradeProfiles/default"), clusters),
        (&format!("{CLUSTER}/runCommand?x=/providers/A/b"), clusters),
        (
            &format!("{CLUSTER}/providers/Microsoft.KubernetesConfiguration/extensions/e"),
            "Microsoft.KubernetesConfiguration/extensions",
        ),
        (
            &format!("{CLUSTER}/providers/Microsoft.Authorization/permissions"),
            "Microsoft.Authorization/permissions",
        ),
        (
            "/subscriptions/s/providers/Microsoft.MachineLearningServices/workspaces/w/computes/c",
            "Microsoft.MachineLearningServices/workspaces/computes",
        ),
        (
            "/subscriptions/s/providers/Microsoft.MachineLearningServices/workspacesX",
            "Microsoft.Resources/providers",
        ),
        (
            "/subscriptions/s/providers/Microsoft.Network/virtualNetworks/v/usages",
            "Microsoft.Network/",
        ),
    ] {
        assert_eq!(kind(path), expected, "{path}");
    }
}

#[test]
fn the_most_preferred_common_version_is_used() {
    let pick = |versions: &[&str]| with(versions).of(CLUSTER);
    assert_eq!(pick(&["2026-08-01", "2026-05-01", "2024-02-01"]), "2026-05-01");
    assert_eq!(
        pick(&["2024-02-01", "2023-01-01"]),
        "2024-02-01",
        "a cloud that lags"
    );
    assert_eq!(
        pick(&["2019-01-01"]),
        "2026-05-01",
        "no common version: Azure's own error explains it"
    );
    let path = ApiVersions::default().path(CLUSTER);
    assert_eq!(path, format!("{CLUSTER}?api-version=2026-05-01"));
    assert_eq!(
        with(&["2024-02-01"]).of(GROUP),
        "2024-03-01",
        "only its own type changes"
    );
}

#[test]
fn versions_differ_only_if_a_version_in_use_is_unsupported() {
    assert_eq!(with(&["2026-05-01"]), ApiVersions::default());
    assert_ne!(with(&["2024-02-01"]), ApiVersions::default());
}

#[test]
fn a_refusal_names_the_version_to_use_instead() {
    let refused = |code: &str, listed: &str| {
        let message = format!(
            "No registered resource provider found for location '' and API version '2026-05-01' for type \
             'managedClusters'. The supported api-versions are '{listed}'."
        );
        let mut versions = ApiVersions::default();
        let next = versions.learn_refused(CLUSTER, "2026-05-01", code, &message);
        (next, versions.of(CLUSTER))
    };
    let found = Some("2025-10-01");
    for code in ["NoRegisteredProviderFound", "invalidapiversionparameter"] {
        let listed = "2024-02-01, 2025-10-01,2026-05-01-preview";
        assert_eq!(refused(code, listed), (found, "2025-10-01"), "{code}");
    }
    for (code, listed) in [
        ("ResourceNotFound", "2024-02-01"),
        ("NoRegisteredProviderFound", "2019-01-01, 2024-02-01-preview"),
        ("NoRegisteredProviderFound", ""),
    ] {
        assert_eq!(refused(code, listed), (None, "2026-05-01"), "{code} {listed}");
    }
}

#[test]
fn a_list_that_contradicts_a_refusal_does_not_bring_a_version_back() {
    let mut versions = ApiVersions::default();
    let message = "The supported api-versions are '2024-02-01'.";
    versions.learn_refused(CLUSTER, "2026-05-01", "NoRegisteredProviderFound", message);
    versions.learn(&offering(&["2026-05-01", "2024-02-01"]));
    assert_eq!(versions.of(CLUSTER), "2024-02-01");
}

#[test]
fn a_run_uses_the_versions_of_its_plan() {
    let mut versions = with(&["2026-05-01"]);
    let planned = [
        format!("{CLUSTER}?x=1&api-version=2024-02-01"),
        format!("{GROUP}?api-version=1999-01-01"),
        GROUP.to_owned(),
    ];
    versions.follow(planned.iter().map(String::as_str));
    assert_eq!(versions.of(CLUSTER), "2024-02-01");
    assert_eq!(versions.of(GROUP), "2024-03-01", "Berth knows no such version");
    versions.learn(&offering(&["2026-05-01"]));
    assert_eq!(versions.of(CLUSTER), "2024-02-01");
}
