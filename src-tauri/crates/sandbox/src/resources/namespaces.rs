//! The sandbox's providers: their resource types and supported api-versions.
//!
//! Versions: those that the stable Azure client libraries of 2024 to 2026 send (azure-mgmt packages,
//! azure-ai-ml, Azure CLI 2.91). Later versions than the newest are accepted too, because the Azure CLI runs
//! ahead of the documentation.

use super::locations::{LOCATIONS, Location};
use crate::answer::Refusal;

#[derive(Debug)]
pub(crate) struct ResourceType {
    /// As the provider spells it; nested types with a slash.
    pub(crate) name: &'static str,
    /// api-versions, newest first, separated by spaces.
    pub(crate) versions: &'static str,
    /// Whether it exists per location.
    pub(crate) located: bool,
}

/// A resource provider.
#[derive(Debug)]
pub(crate) struct Namespace {
    /// As Azure spells it.
    pub(crate) name: &'static str,
    /// Whether it must be registered before use.
    pub(crate) needs_registration: bool,
    pub(crate) types: &'static [ResourceType],
}

macro_rules! types {
    ($versions:expr, $located:literal, [$($name:literal),* $(,)?]) => {
        &[$(ResourceType { name: $name, versions: $versions, located: $located }),*]
    };
}

const AKS: &str = "2026-08-01 2026-06-01 2026-05-01 2026-03-01 2026-01-01 2025-10-01 2025-09-01 \
    2025-08-01 2025-07-01 2025-05-01 2025-04-01 2025-03-01 2025-02-01 2025-01-01 2024-10-01 2024-09-01 \
    2024-08-01 2024-07-01 2024-05-01 2024-02-01 2024-01-01 2023-11-01 2023-10-01 2023-09-01 2023-08-01 \
    2023-07-01 2023-06-01 2023-05-01 2023-04-01 2023-03-01 2023-02-01 2023-01-01 2022-11-01 2022-09-01 \
    2019-08-01";
const ML: &str = "2026-05-01 2026-03-01 2025-12-01 2025-09-01 2025-06-01 2024-10-01 2024-10-01-preview \
    2024-07-01-preview 2024-04-01 2024-04-01-preview 2024-01-01-preview 2023-10-01 2023-08-01-preview \
    2023-06-01-preview 2023-04-01 2023-04-01-preview 2023-02-01-preview 2022-10-01 2022-10-01-preview \
    2022-05-01 2022-02-01-preview 2021-07-01 2020-08-01 2020-02-02";
const EXTENSIONS: &str = "2025-03-01 2024-11-01 2023-05-01 2022-11-01 2022-03-01";
const COMPUTE: &str = "2026-04-01 2025-11-01 2025-04-01 2024-11-01 2024-07-01 2024-03-01 2023-09-01 \
    2023-07-01 2023-03-01 2022-11-01 2022-08-01 2022-03-01 2021-11-01 2021-07-01 2021-04-01 2021-03-01 \
    2020-12-01 2020-06-01 2019-12-01 2019-07-01 2019-04-01";
const NETWORK: &str = "2026-03-01 2026-01-01 2025-07-01 2025-05-01 2025-03-01 2025-01-01 2024-10-01 \
    2024-07-01 2024-05-01 2024-03-01 2024-01-01 2023-11-01 2023-09-01 2023-06-01 2023-05-01 2023-04-01 \
    2023-02-01 2022-11-01 2022-09-01 2022-07-01 2022-05-01 2022-01-01 2021-08-01 2021-02-01 2020-11-01";
const AUTHORIZATION: &str = "2026-06-01 2025-11-01 2025-03-01 2025-01-01 2024-05-01 2024-04-01 \
    2023-04-01 2022-06-01 2022-05-01-preview 2022-04-01 2021-06-01 2020-10-01 2020-09-01 2020-05-01 \
    2020-04-01-preview 2020-03-01 2019-09-01 2019-06-01 2018-07-01 2018-05-01 2017-04-01 2016-09-01 \
    2015-07-01 2015-01-01";
const KEY_VAULT: &str = "2024-11-01 2024-04-01-preview 2023-07-01 2023-02-01 2022-11-01 2022-07-01 \
    2021-10-01 2019-09-01 2018-02-14";
const STORAGE: &str = "2025-06-01 2025-01-01 2024-01-01 2023-05-01 2023-04-01 2023-01-01 2022-09-01 2022-05-01 \
    2021-09-01 2021-08-01 2021-06-01 2021-04-01 2021-02-01 2021-01-01 2019-06-01 2018-11-01 2018-07-01";
const POLICY: &str = "2024-10-01 2023-03-01 2022-03-01 2020-07-01";
/// api-versions of Azure Resource Manager's own calls.
pub(crate) const RESOURCES: &str = "2025-04-01 2025-03-01 2024-11-01 2024-07-01 2024-03-01 2023-07-01 \
    2022-12-01 2022-09-01 2022-01-01 2021-04-01 2021-01-01 2020-10-01 2020-08-01 2020-06-01 2020-01-01 \
    2019-11-01 2019-10-01 2019-06-01 2019-05-01 2018-05-01 2018-02-01 2016-06-01";

pub(crate) const NAMESPACES: &[Namespace] = &[
    Namespace {
        name: "Microsoft.ContainerService",
        needs_registration: true,
        types: types!(
            AKS,
            true,
            [
                "managedClusters",
                "locations/kubernetesVersions",
                "locations/orchestrators",
                "locations/operations",
                "locations/operationresults",
                "locations/trustedAccessRoles",
                "locations",
            ]
        ),
    },
    Namespace {
        name: "Microsoft.MachineLearningServices",
        needs_registration: true,
        types: types!(
            ML,
            true,
            [
                "workspaces",
                "workspaces/computes",
                "workspaces/onlineEndpoints",
                "workspaces/onlineEndpoints/deployments",
                "workspaces/models",
                "workspaces/models/versions",
                "workspaces/environments",
                "workspaces/environments/versions",
                "workspaces/codes",
                "workspaces/codes/versions",
                "workspaces/datastores",
                "locations",
                "locations/usages",
                "locations/vmSizes",
                "locations/computeOperationsStatus",
            ]
        ),
    },
    Namespace {
        name: "Microsoft.KubernetesConfiguration",
        needs_registration: true,
        types: types!(
            EXTENSIONS,
            true,
            ["extensions", "extensionTypes", "fluxConfigurations", "operations"]
        ),
    },
    Namespace {
        name: "Microsoft.Compute",
        needs_registration: true,
        types: types!(
            COMPUTE,
            true,
            [
                "virtualMachines",
                "virtualMachineScaleSets",
                "skus",
                "locations",
                "locations/usages",
                "locations/vmSizes"
            ]
        ),
    },
    Namespace {
        name: "Microsoft.Storage",
        needs_registration: true,
        types: types!(STORAGE, true, ["storageAccounts", "locations"]),
    },
    Namespace {
        name: "Microsoft.KeyVault",
        needs_registration: true,
        types: types!(KEY_VAULT, true, ["vaults", "vaults/secrets", "locations"]),
    },
    Namespace {
        name: "Microsoft.Network",
        needs_registration: true,
        types: types!(
            NETWORK,
            true,
            [
                "virtualNetworks",
                "virtualNetworks/subnets",
                "publicIPAddresses",
                "loadBalancers",
                "networkSecurityGroups",
                "routeTables",
                "locations",
                "locations/operations",
            ]
        ),
    },
    Namespace {
        name: "Microsoft.Authorization",
        needs_registration: false,
        types: types!(
            AUTHORIZATION,
            false,
            [
                "permissions",
                "roleAssignments",
                "roleDefinitions",
                "locks",
                "policyAssignments",
                "policyDefinitions",
            ]
        ),
    },
    Namespace {
        name: "Microsoft.PolicyInsights",
        needs_registration: true,
        types: types!(POLICY, false, ["checkPolicyRestrictions"]),
    },
    Namespace {
        name: "Microsoft.Resources",
        needs_registration: false,
        types: types!(
            RESOURCES,
            false,
            [
                "subscriptions",
                "resourceGroups",
                "resources",
                "locations",
                "providers",
                "tenants"
            ]
        ),
    },
];

/// Finds a provider by name, ignoring case.
pub(crate) fn find(name: &str) -> Option<&'static Namespace> {
    NAMESPACES
        .iter()
        .find(|namespace| namespace.name.eq_ignore_ascii_case(name))
}

impl ResourceType {
    /// Its api-versions, newest first.
    pub(crate) fn versions(&self) -> impl Iterator<Item = &'static str> {
        self.versions.split_whitespace()
    }

    pub(crate) fn locations(&self) -> impl Iterator<Item = &'static Location> {
        LOCATIONS.iter().filter(|_| self.located)
    }
}

/// Whether a version is in the list, or later than its newest.
fn answers(versions: &str, version: &str) -> bool {
    let mut all = versions.split_whitespace();
    let newest = all
        .clone()
        .max()
        .and_then(|newest| newest.get(..10))
        .unwrap_or_default();
    let newer = || is_date(version) && version.get(..10).is_some_and(|date| date > newest);
    all.any(|known| known.eq_ignore_ascii_case(version)) || newer()
}

/// The versions as refusals list them.
fn listed(versions: &str) -> String {
    versions.split_whitespace().collect::<Vec<_>>().join(", ")
}

fn is_date(version: &str) -> bool {
    let bytes = version.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        bytes
            .get(range)
            .is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    let dashes = bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-');
    let tail = version.get(10..).unwrap_or_default();
    digits(0..4)
        && digits(5..7)
        && digits(8..10)
        && dashes
        && (tail.is_empty() || tail.eq_ignore_ascii_case("-preview"))
}

/// Checks the api-version of a call to Azure Resource Manager itself.
///
/// # Errors
/// 400 if it is missing or unknown.
pub(crate) fn check_own_version(version: &str) -> Result<(), Refusal> {
    check_given(version)?;
    if answers(RESOURCES, version) {
        return Ok(());
    }
    Err(Refusal::bad_request(
        "InvalidApiVersionParameter",
        format!(
            "The api-version '{version}' is invalid. The supported versions are '{}'.",
            listed(RESOURCES)
        ),
    ))
}

fn check_given(version: &str) -> Result<(), Refusal> {
    if version.is_empty() {
        let message = "The api-version query parameter (?api-version=) is required for all requests.";
        return Err(Refusal::bad_request("MissingApiVersionParameter", message));
    }
    Ok(())
}

/// Checks provider, type and api-version of a call.
///
/// # Errors
/// 404 for an unknown provider, 400 for an unknown version, in Azure Resource Manager's words.
pub(crate) fn check_version(namespace: &str, resource_type: &str, version: &str) -> Result<(), Refusal> {
    check_given(version)?;
    let Some(known) = find(namespace) else {
        let message = format!("The resource namespace '{namespace}' is invalid.");
        return Err(Refusal::not_found("InvalidResourceNamespace", message));
    };
    let outermost = resource_type.split('/').next().unwrap_or_default();
    let exact = known
        .types
        .iter()
        .find(|known| known.name.eq_ignore_ascii_case(resource_type));
    let Some(found) = exact.or_else(|| {
        known
            .types
            .iter()
            .find(|known| known.name.eq_ignore_ascii_case(outermost))
    }) else {
        return Err(Refusal::not_found(
            "InvalidResourceType",
            format!(
                "The resource type '{resource_type}' could not be found in the namespace '{}' for api version '{version}'.",
                known.name
            ),
        ));
    };
    if answers(found.versions, version) {
        return Ok(());
    }
    let locations: Vec<&str> = found.locations().map(|location| location.name).collect();
    Err(Refusal::bad_request(
        "NoRegisteredProviderFound",
        format!(
            "No registered resource provider found for location '' and API version '{version}' for type '{}'. The supported api-versions are '{}'. The supported locations are '{}'.",
            found.name,
            listed(found.versions),
            locations.join(", ")
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Answer;

    #[test]
    fn known_and_newer_versions_are_accepted_and_others_refused() {
        let check = |version| check_version("microsoft.containerservice", "managedclusters", version).is_ok();
        assert!(check("2026-05-01") && check("2024-02-01"));
        assert!(check("2027-01-01") && check("2027-01-02-preview"));
        assert!(!check("2010-01-01") && !check("latest") && !check(""));
    }

    #[test]
    fn a_refused_version_lists_the_supported_ones() {
        let refusal = check_version("Microsoft.Compute", "skus", "2000-01-01").unwrap_err();
        let error = &Answer::from(refusal).body.unwrap()["error"];
        assert_eq!(error["code"], "NoRegisteredProviderFound");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("2021-07-01"), "{message}");
    }
}
