//! Every api-version that Berth uses, and which of them a cloud supports.
//!
//! Sovereign clouds get new versions late. Reads and writes of a resource must use the same version: otherwise the preview
//! shows a body that Azure never returned, and writing it back drops members that only one version knows.

use crate::facts::ProviderFacts;

/// A resource type, including its subtypes, and its versions, preferred first.
type Row = (&'static str, &'static str, &'static [&'static str]);

const RESOURCES: &str = "Microsoft.Resources";
const CLUSTERS: &[&str] = &["2026-05-01", "2025-10-01", "2024-02-01"];
const WORKSPACES: &[&str] = &["2025-12-01", "2026-05-01", "2024-04-01"];
const NETWORK: &[&str] = &["2024-01-01"];
const GROUPS: &[&str] = &["2024-03-01", "2022-09-01"];

/// The first row is the fallback for paths that no other row matches.
const TABLE: [Row; 18] = [
    (RESOURCES, "providers", GROUPS),
    (RESOURCES, "resourceGroups", GROUPS),
    (RESOURCES, "subscriptions", &["2022-12-01"]),
    (RESOURCES, "tenants", &["2022-12-01"]),
    ("Microsoft.Authorization", "locks", &["2016-09-01"]),
    ("Microsoft.Authorization", "permissions", &["2022-04-01"]),
    ("Microsoft.Authorization", "roleAssignments", &["2022-04-01"]),
    ("Microsoft.Compute", "locations/usages", &["2024-03-01"]),
    ("Microsoft.Compute", "skus", &["2021-07-01"]),
    ("Microsoft.ContainerService", "managedClusters", CLUSTERS),
    (
        "Microsoft.ContainerService",
        "locations/kubernetesVersions",
        CLUSTERS,
    ),
    ("Microsoft.KeyVault", "vaults", &["2023-07-01"]),
    (
        "Microsoft.KubernetesConfiguration",
        "extensions",
        &["2025-03-01", "2023-05-01"],
    ),
    ("Microsoft.MachineLearningServices", "workspaces", WORKSPACES),
    (
        "Microsoft.MachineLearningServices",
        "workspaces/computes",
        WORKSPACES,
    ),
    (
        "Microsoft.MachineLearningServices",
        "workspaces/onlineEndpoints",
        WORKSPACES,
    ),
    ("Microsoft.Network", "", NETWORK),
    (
        "Microsoft.PolicyInsights",
        "checkPolicyRestrictions",
        &["2023-03-01"],
    ),
];

/// Version of Key Vault's data plane API, which is separate from Azure Resource Manager
/// (learn.microsoft.com/rest/api/keyvault).
pub const KEY_VAULT_DATA: &str = "7.4";

/// Version of the signatures that Berth makes for Blob Storage. It decides which lines are signed
/// (learn.microsoft.com/rest/api/storageservices/create-service-sas).
pub const BLOB_SIGNATURE: &str = "2022-11-02";

/// Error codes for an api-version that Azure does not support.
const UNKNOWN_VERSION: [&str; 6] = [
    "InvalidApiVersion",
    "InvalidApiVersionParameter",
    "InvalidResourceType",
    "NoRegisteredProviderFound",
    "UnsupportedApiVersion",
    "UnsupportedApiVersionParameter",
];

/// The versions to use with a cloud: the preferred ones, except those the cloud does not support.
#[derive(Debug, Clone, Copy)]
pub struct ApiVersions {
    /// For each row, a bit for each version that the cloud may support.
    supported: [u8; TABLE.len()],
}

impl Default for ApiVersions {
    fn default() -> Self {
        Self {
            supported: [u8::MAX; TABLE.len()],
        }
    }
}

/// Equal if they use the same versions, whatever else is known about the cloud.
impl PartialEq for ApiVersions {
    fn eq(&self, other: &Self) -> bool {
        (0..TABLE.len()).all(|row| self.of_row(row) == other.of_row(row))
    }
}

impl ApiVersions {
    /// The version for the path of a resource, a list of resources, or an action.
    pub fn of(&self, path: &str) -> &'static str {
        self.of_row(row_of(path))
    }

    /// Appends the version to a path.
    pub fn path(&self, path: &str) -> String {
        format!("{path}?api-version={}", self.of(path))
    }

    /// Learns the supported versions from a provider's own list
    /// (learn.microsoft.com/rest/api/resources/providers/get).
    pub fn learn(&mut self, provider: &ProviderFacts) {
        for (row, (namespace, kind, _)) in TABLE.iter().enumerate() {
            let mut kinds = provider.resource_types.iter();
            let listed = kinds.find(|listed| listed.resource_type.eq_ignore_ascii_case(kind));
            let Some(listed) = listed.filter(|_| provider.namespace.eq_ignore_ascii_case(namespace)) else {
                continue;
            };
            self.keep(row, |version| {
                listed.api_versions.iter().any(|one| one == version)
            });
        }
    }

    /// Learns the supported versions from Azure's refusal of one. Returns the version to use instead; `None` if the refusal
    /// has another cause or names no version that Berth knows.
    pub fn learn_refused(
        &mut self,
        path: &str,
        version: &str,
        code: &str,
        message: &str,
    ) -> Option<&'static str> {
        if !UNKNOWN_VERSION
            .iter()
            .any(|known| known.eq_ignore_ascii_case(code))
        {
            return None;
        }
        let row = row_of(path);
        let named = |wanted: &str| {
            let words = message.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
            wanted != version && words.into_iter().any(|word| word == wanted)
        };
        self.keep(row, named);
        Some(self.of_row(row)).filter(|now| named(now))
    }

    /// Fixes the versions to those of a plan, so that its run reads with the same versions as the plan writes.
    pub fn follow<'a>(&mut self, paths_and_queries: impl Iterator<Item = &'a str>) {
        for sent in paths_and_queries {
            let (path, query) = sent.split_once('?').unwrap_or((sent, ""));
            let mut values = query
                .split('&')
                .filter_map(|pair| pair.strip_prefix("api-version="));
            let planned = values.next().unwrap_or_default();
            let row = row_of(path);
            let (_, _, versions) = TABLE[row];
            if let Some(at) = versions.iter().position(|version| *version == planned) {
                self.supported[row] = 1 << at;
            }
        }
    }

    fn of_row(&self, row: usize) -> &'static str {
        let (_, _, versions) = TABLE[row];
        let supported = self.supported[row];
        let mut versions = versions.iter().enumerate();
        let first = versions.find(|(at, _)| supported & (1 << at) != 0);
        first.map_or("", |(_, version)| version)
    }

    /// Drops the versions of a row that the cloud does not support, unless that would leave none.
    fn keep(&mut self, row: usize, supports: impl Fn(&str) -> bool) {
        let (_, _, versions) = TABLE[row];
        let kept = versions
            .iter()
            .enumerate()
            .filter(|(_, version)| supports(version));
        let left = kept.fold(0, |left, (at, _)| left | (1 << at)) & self.supported[row];
        if left != 0 {
            self.supported[row] = left;
        }
    }
}

/// The table row for a path: the most specific one of its innermost provider.
fn row_of(path: &str) -> usize {
    let (namespace, kind) = type_of(path);
    let rows = TABLE.iter().enumerate();
    let matching = rows.filter(|(_, (space, row, _))| {
        namespace.eq_ignore_ascii_case(space) && (row.is_empty() || is_same_or_below(&kind, row))
    });
    let best = matching.max_by_key(|(_, (_, row, _))| row.len());
    best.map_or(0, |(at, _)| at)
}

/// Whether a type equals another or is a subtype of it.
fn is_same_or_below(kind: &str, outer: &str) -> bool {
    let outermost = kind.get(..outer.len());
    outermost.is_some_and(|start| start.eq_ignore_ascii_case(outer))
        && matches!(kind.as_bytes().get(outer.len()), None | Some(b'/'))
}

/// Namespace and type of the resource at a path: `…/providers/A.B/c/<name>/d` is `c/d` of `A.B`.
fn type_of(path: &str) -> (&str, String) {
    let path = path.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let is = |part: &str, word: &str| part.eq_ignore_ascii_case(word);
    let (own, mut rest) = match parts.as_slice() {
        [_, _, word, _, rest @ ..] if is(word, "resourceGroups") => ("resourceGroups", rest),
        [_, _, word] if is(word, "resourceGroups") => ("resourceGroups", &[] as &[&str]),
        [word, _, rest @ ..] if is(word, "subscriptions") => ("subscriptions", rest),
        [word, ..] => (*word, parts.as_slice()),
        [] => ("", &[] as &[&str]),
    };
    let mut found = (RESOURCES, own.to_owned());
    while let [word, namespace, resource @ ..] = rest {
        if !is(word, "providers") {
            break;
        }
        let pairs = resource.chunks(2).take_while(|pair| !is(pair[0], "providers"));
        let kinds: Vec<&str> = pairs.map(|pair| pair[0]).collect();
        rest = resource.get(kinds.len() * 2..).unwrap_or_default();
        found = match kinds.as_slice() {
            // Reading and registering providers are calls to Azure Resource Manager itself.
            [] | ["register"] => (RESOURCES, "providers".to_owned()),
            kinds => (namespace, kinds.join("/")),
        };
    }
    found
}

#[cfg(test)]
mod tests;
