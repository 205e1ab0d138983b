//! Kubernetes versions offered in a location, as of November 2026
//! (learn.microsoft.com/azure/aks/supported-kubernetes-versions; shape: containerservice aks 2024-02-01).

use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use serde_json::{Map, Value, json};

pub(crate) struct Minor {
    /// For example `1.35`.
    pub(crate) name: &'static str,
    /// Patch numbers, oldest first.
    pub(crate) patches: &'static [u32],
    /// Whether it still has community support.
    pub(crate) community: bool,
    pub(crate) preview: bool,
}

const fn minor(name: &'static str, patches: &'static [u32], community: bool, preview: bool) -> Minor {
    Minor {
        name,
        patches,
        community,
        preview,
    }
}

/// The version AKS uses when the request names none.
pub(crate) const DEFAULT: &str = "1.35";

/// Every minor version offered, oldest first.
pub(crate) const MINORS: &[Minor] = &[
    minor("1.31", &[9, 13], false, false),
    minor("1.32", &[7, 11], false, false),
    minor("1.33", &[5, 8], false, false),
    minor("1.34", &[4, 7], true, false),
    minor("1.35", &[2, 4], true, false),
    minor("1.36", &[1, 2], true, false),
    minor("1.37", &[0], true, true),
];

impl Minor {
    /// The newest patch, such as `1.35.4`.
    pub(crate) fn newest(&self) -> String {
        format!(
            "{}.{}",
            self.name,
            self.patches.last().copied().unwrap_or_default()
        )
    }

    fn plans(&self) -> Vec<&'static str> {
        let community = self.community.then_some("KubernetesOfficial");
        let long_term = (!self.preview).then_some("AKSLongTermSupport");
        community.into_iter().chain(long_term).collect()
    }
}

/// Finds the minor version of `1.35` or `1.35.4`.
pub(crate) fn find(version: &str) -> Option<&'static Minor> {
    MINORS.iter().find(|minor| {
        let patch = version
            .strip_prefix(minor.name)
            .and_then(|rest| rest.strip_prefix('.'));
        version == minor.name
            || patch
                .and_then(|patch| patch.parse().ok())
                .is_some_and(|patch: u32| minor.patches.contains(&patch))
    })
}

/// The version that runs when one is requested: a minor's newest patch, or the exact patch.
pub(crate) fn resolve(version: &str) -> Option<String> {
    let minor = find(version)?;
    Some(if version == minor.name {
        minor.newest()
    } else {
        version.to_string()
    })
}

/// Versions a cluster can be upgraded to: newer patches, and patches of the next minor. Out of community support, it can
/// also skip to the lowest minor that has it.
pub(crate) fn upgrades(version: &str) -> Vec<String> {
    let Some(at) = MINORS
        .iter()
        .position(|minor| version.starts_with(&format!("{}.", minor.name)))
    else {
        return Vec::new();
    };
    let patch: u32 = version
        .rsplit('.')
        .next()
        .and_then(|text| text.parse().ok())
        .unwrap_or_default();
    let own = &MINORS[at];
    let newer = own
        .patches
        .iter()
        .filter(|number| **number > patch)
        .map(|number| format!("{}.{number}", own.name));
    let lowest = MINORS.iter().position(|minor| minor.community);
    let skipped = lowest.filter(|lowest| *lowest > at + 1 && !own.community);
    let next = [Some(at + 1), skipped].into_iter().flatten();
    let next = next.filter_map(|at| MINORS.get(at)).flat_map(|minor| {
        minor
            .patches
            .iter()
            .map(|number| format!("{}.{number}", minor.name))
    });
    newer.chain(next).collect()
}

/// A cluster whose version is out of support is upgraded together with its pools
/// (hashicorp/terraform-provider-azurerm issue 23436).
pub(super) fn check_whole(body: &Value, old: Option<&Value>) -> Result<(), Refusal> {
    let Some(old) = old else { return Ok(()) };
    let text = |of: &Value| {
        of["properties"]["kubernetesVersion"]
            .as_str()
            .unwrap_or_default()
            .to_string()
    };
    let (wanted, had) = (text(body), text(old));
    let supported = find(&had).is_none_or(|minor| minor.community);
    let long_term = body["properties"]["supportPlan"].as_str() == Some("AKSLongTermSupport");
    let pools = body["properties"]["agentPoolProfiles"].as_array();
    let whole = pools
        .into_iter()
        .flatten()
        .all(|pool| pool["orchestratorVersion"].as_str() == Some(wanted.as_str()));
    if wanted == had || supported || long_term || whole {
        return Ok(());
    }
    Err(super::refuse(
        "NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged",
        "Using managed cluster api, all Agent pools' OrchestratorVersion must be all specified or all unspecified. If all specified, they must be stay unchanged or the same with control plane.",
    ))
}

pub(crate) fn list() -> Handled {
    Ok(Answer::ok(
        json!({ "values": MINORS.iter().map(response_body).collect::<Vec<_>>() }),
    ))
}

/// `GET …/locations/{l}/orchestrators` (2019-08-01).
pub(crate) fn orchestrators(call: &Call) -> Handled {
    let all = MINORS.iter().flat_map(|minor| {
        minor.patches.iter().map(|patch| {
            let version = format!("{}.{patch}", minor.name);
            let upgrades: Vec<Value> = upgrades(&version)
                .into_iter()
                .map(|to| json!({ "orchestratorType": "Kubernetes", "orchestratorVersion": to }))
                .collect();
            let mut one = json!({ "orchestratorType": "Kubernetes", "orchestratorVersion": version, "upgrades": upgrades });
            if minor.name == DEFAULT && Some(patch) == minor.patches.last() {
                one["default"] = json!(true);
            }
            if minor.preview {
                one["isPreview"] = json!(true);
            }
            one
        })
    });
    Ok(Answer::ok(json!({
        "id": call.path,
        "name": "default",
        "type": "Microsoft.ContainerService/locations/orchestrators",
        "properties": { "orchestrators": all.collect::<Vec<_>>() },
    })))
}

fn response_body(minor: &Minor) -> Value {
    let patches: Map<String, Value> = minor
        .patches
        .iter()
        .map(|patch| format!("{}.{patch}", minor.name))
        .map(|version| (version.clone(), json!({ "upgrades": upgrades(&version) })))
        .collect();
    let mut body = json!({
        "version": minor.name,
        "capabilities": { "supportPlan": minor.plans() },
        "patchVersions": patches,
    });
    if minor.name == DEFAULT {
        body["isDefault"] = json!(true);
    }
    if minor.preview {
        body["isPreview"] = json!(true);
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_resolve_and_list_their_upgrades() {
        assert_eq!(resolve("1.35").as_deref(), Some("1.35.4"));
        assert_eq!(resolve("1.35.2").as_deref(), Some("1.35.2"));
        assert_eq!(resolve("1.30"), None);
        assert_eq!(resolve("1.35.99"), None);
        assert_eq!(upgrades("1.35.2"), ["1.35.4", "1.36.1", "1.36.2"]);
        assert_eq!(
            upgrades("1.31.13"),
            ["1.32.7", "1.32.11", "1.34.4", "1.34.7"],
            "out of support"
        );
        assert!(upgrades("1.37.0").is_empty());
    }
}
