//! Endpoints: what answers for models, with its versions and their traffic. An endpoint is an online endpoint on the extension
//! route and a web service on the classic route.

use crate::deployment_spec::Auth;
use crate::diagnosis::ReportedError;
use crate::facts::is_service;
use crate::spec::Route;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use ts_rs::TS;

/// An online endpoint (extension route) or a web service (classic route).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Endpoint {
    /// `{workspace id}/onlineEndpoints/{name}`, or `{workspace id}/services/{name}`, which Azure Resource Manager does not know.
    pub id: String,
    pub name: String,
    pub route: Route,
    pub workspace_id: String,
    /// Id of the compute it runs on; `None` if Azure does not say.
    pub compute_id: Option<String>,
    pub compute_name: Option<String>,
    /// Id of the compute's cluster; `None` if the compute is gone or its cluster is unknown.
    pub cluster_id: Option<String>,
    /// Scoring URL, once it has one.
    pub url: Option<String>,
    pub auth: EndpointAuth,
    /// State in Azure's spelling; empty if Azure does not say.
    pub state: String,
    /// Sorted by name.
    pub versions: Vec<EndpointVersion>,
    /// Why versions are missing; `None` if all were read.
    pub versions_unread: Option<String>,
    /// Name of the default version of a classic endpoint, which also gets the traffic that no version is assigned.
    pub unassigned: Option<String>,
    /// Errors that Azure reports for the endpoint itself.
    pub errors: Vec<ReportedError>,
    /// RFC 3339.
    pub created_at: Option<String>,
    /// RFC 3339.
    pub changed_at: Option<String>,
}

/// How callers of an endpoint identify themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum EndpointAuth {
    Key,
    /// By a token that expires.
    Token,
    KeyAndToken,
    /// Not at all: whoever reaches the address may call it.
    None,
    /// Azure does not say, or in a way that Berth does not know.
    Unknown,
}

impl EndpointAuth {
    /// Of an online endpoint or a service in Azure's JSON. Endpoints on Kubernetes take keys or tokens of Azure ML
    /// (learn.microsoft.com/azure/machine-learning/how-to-authenticate-online-endpoint). For services, keys (`authEnabled`) and
    /// tokens (`aadAuthEnabled`) are switched on separately.
    pub fn of_resource(resource: &Value) -> Self {
        if is_service(resource) {
            let on = |member: &str| resource[member].as_bool();
            return match (on("authEnabled"), on("aadAuthEnabled")) {
                (Some(true), Some(false)) => Self::Key,
                (Some(false), Some(true)) => Self::Token,
                (Some(true), Some(true)) => Self::KeyAndToken,
                (Some(false), Some(false)) => Self::None,
                (None, _) | (_, None) => Self::Unknown,
            };
        }
        let mode = resource["properties"]["authMode"].as_str();
        match mode.map(str::to_ascii_lowercase).as_deref() {
            Some("key") => Self::Key,
            Some("amltoken") => Self::Token,
            _ => Self::Unknown,
        }
    }
}

impl EndpointAuth {
    /// Whether it is exactly this way.
    pub fn is(self, auth: Auth) -> bool {
        matches!(
            (self, auth),
            (Self::Key, Auth::Key) | (Self::Token, Auth::Token) | (Self::None, Auth::None)
        )
    }
}

/// One of the two keys of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum EndpointKey {
    Primary,
    Secondary,
}

impl EndpointKey {
    /// As Azure calls it (`RegenerateEndpointKeysRequest.keyType`).
    pub const fn as_azure(self) -> &'static str {
        match self {
            Self::Primary => "Primary",
            Self::Secondary => "Secondary",
        }
    }

    /// Serialized name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
        }
    }
}

/// Tells a run whether a key has changed since its request. Keeps only 16 bits of the digest, from which no key can be found.
pub fn key_mark(plan_id: &str, key: &str) -> String {
    let digest = Sha256::digest(format!("{plan_id}\n{key}"));
    format!("key {:02x}{:02x}", digest[0], digest[1])
}

/// A deployment of an online endpoint, or a version of a classic endpoint. A plain web service has exactly one version, with
/// its own name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct EndpointVersion {
    pub name: String,
    /// Assigned share of the traffic, in percent; `None` if unknown.
    pub traffic: Option<u32>,
    /// State in Azure's spelling; empty if Azure does not say.
    pub state: String,
    /// The model as `name:version`, or in Azure's spelling if it has another form.
    pub model: Option<String>,
    /// The environment as `name:version`, or in Azure's spelling if it has another form.
    pub environment: Option<String>,
    /// Extension route only.
    pub instance_type: Option<String>,
    /// `None` if unknown.
    pub scale: Option<VersionScale>,
    /// Address of this version alone (classic endpoints with several versions).
    pub url: Option<String>,
    /// Classic endpoints with several versions only.
    pub role: Option<VersionRole>,
    /// Errors that Azure reports for this version.
    pub errors: Vec<ReportedError>,
}

/// How the number of a version's replicas is determined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum VersionScale {
    Fixed {
        replicas: u32,
    },
    Auto {
        min: u32,
        max: u32,
        /// Target utilization in percent.
        target: u32,
    },
}

/// The part that a version has in an experiment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum VersionRole {
    /// The default version, if it has neither of the other roles. [`Endpoint::unassigned`] names the default version in any case.
    Default,
    Control,
    Treatment,
}

impl Endpoint {
    /// The versions that are something else than the endpoint itself; none for a plain service.
    pub fn own_versions(&self) -> &[EndpointVersion] {
        match self.versions.as_slice() {
            [only] if self.route == Route::Classic && only.name == self.name => &[],
            all => all,
        }
    }

    /// Share of the traffic that a version gets: the assigned one, and for the default version also what no version is
    /// assigned. `None` if unknown.
    pub fn share(&self, version: &EndpointVersion) -> Option<u32> {
        let own = version.traffic?;
        if self.unassigned.as_ref() != Some(&version.name) {
            return Some(own);
        }
        if self.versions_unread.is_some() {
            return None;
        }
        let mut versions = self.versions.iter();
        let assigned = versions.try_fold(0_u32, |sum, version| sum.checked_add(version.traffic?))?;
        Some(own.saturating_add(100_u32.saturating_sub(assigned)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(name: &str, traffic: Option<u32>) -> EndpointVersion {
        EndpointVersion {
            name: name.to_owned(),
            traffic,
            state: "Healthy".to_owned(),
            ..EndpointVersion::default()
        }
    }

    fn endpoint(versions: Vec<EndpointVersion>, unassigned: Option<&str>) -> Endpoint {
        Endpoint {
            id: "/subscriptions/s/w/services/fraud".to_owned(),
            name: "fraud".to_owned(),
            route: Route::Classic,
            workspace_id: "/subscriptions/s/w".to_owned(),
            compute_id: None,
            compute_name: None,
            cluster_id: None,
            url: None,
            auth: EndpointAuth::Key,
            state: "Healthy".to_owned(),
            versions,
            versions_unread: None,
            unassigned: unassigned.map(str::to_owned),
            errors: Vec::new(),
            created_at: None,
            changed_at: None,
        }
    }

    fn shares(endpoint: &Endpoint) -> Vec<Option<u32>> {
        let versions = endpoint.versions.iter();
        versions.map(|version| endpoint.share(version)).collect()
    }

    #[test]
    fn the_default_version_also_gets_the_unassigned_traffic() {
        let two = |one, other| vec![version("a", one), version("b", other)];
        for (versions, unassigned, expected) in [
            (two(Some(60), Some(20)), Some("a"), [Some(80), Some(20)]),
            (two(Some(0), Some(0)), Some("b"), [Some(0), Some(100)]),
            (two(Some(60), Some(40)), Some("a"), [Some(60), Some(40)]),
            (two(Some(60), Some(20)), None, [Some(60), Some(20)]),
            // More than everything is shown as it is.
            (two(Some(90), Some(90)), Some("a"), [Some(90), Some(90)]),
            // The rest is unknown if any part is.
            (two(Some(60), None), Some("a"), [None, None]),
            (two(Some(60), None), None, [Some(60), None]),
        ] {
            let found = endpoint(versions, unassigned);
            assert_eq!(shares(&found), expected, "{found:?}");
        }
    }

    #[test]
    fn a_mark_tells_keys_apart() {
        let mark = key_mark("p-1", "secret");
        assert_eq!(mark.len(), "key 0123".len());
        assert_eq!(mark, key_mark("p-1", "secret"));
        assert_ne!(mark, key_mark("p-1", "other"));
        assert_ne!(mark, key_mark("p-2", "secret"));
    }

    #[test]
    fn a_plain_service_has_no_versions_besides_itself() {
        let plain = endpoint(vec![version("fraud", Some(100))], None);
        assert!(plain.own_versions().is_empty());
        let online = Endpoint {
            route: Route::Extension,
            ..plain
        };
        assert_eq!(online.own_versions().len(), 1);
        let several = endpoint(vec![version("fraud", Some(60)), version("b", Some(40))], None);
        assert_eq!(several.own_versions().len(), 2);
    }

    #[test]
    fn the_rest_is_unknown_while_versions_are_unread() {
        let mut found = endpoint(vec![version("a", Some(60)), version("b", Some(20))], Some("a"));
        found.versions_unread = Some("403".to_owned());
        assert_eq!(shares(&found), [None, Some(20)]);
    }
}
