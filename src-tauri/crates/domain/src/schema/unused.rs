//! Members of a specification that have no meaning beside the chosen cluster or route. Values that the wizard starts from pass,
//! because it writes every member.

use super::{Misfit, Problem};
use crate::spec::Spec;
use serde_json::{Value, json};

/// What only a cluster that Berth creates has.
const OF_NEW: [&str; 9] = [
    "version.kubernetes",
    "version.longTermSupport",
    "version.tier",
    "version.patchUpgrades",
    "size.autoscale",
    "network.plugin",
    "network.podCidr",
    "network.outbound",
    "place.newResourceGroup",
];
/// What a cluster that Azure ML creates has too, but no existing one.
const OF_ANY_NEW: [&str; 3] = ["size.vmSize", "size.nodes", "network.vnet"];
/// Azure ML names its cluster itself.
const NAME: &str = "place.clusterName";
const NAMESPACE: &str = "place.namespace";

/// The first member that has no meaning.
pub(super) fn first(file: &Value) -> Option<Misfit> {
    let defaults = serde_json::to_value(Spec::default()).ok()?;
    let kind = file["cluster"]["kind"].as_str().unwrap_or_default();
    let of_cluster: Vec<&str> = match kind {
        "existing" => OF_NEW.into_iter().chain(OF_ANY_NEW).collect(),
        "create_through_aml" => OF_NEW.into_iter().chain([NAME]).collect(),
        _ => Vec::new(),
    };
    let of_cluster = of_cluster
        .into_iter()
        .map(|member| (member, "cluster.kind", kind));
    let classic = file["route"] == "classic";
    let of_route = classic.then_some((NAMESPACE, "route", "classic"));
    let mut all = of_cluster.chain(of_route);
    let (member, beside, value) = all.find(|(member, ..)| is_set(file, &defaults, member))?;
    Some(Misfit {
        path: member.to_owned(),
        problem: Problem::Unused {
            beside: format!("{beside} {}", json!(value)),
        },
    })
}

fn is_set(file: &Value, defaults: &Value, member: &str) -> bool {
    let at = format!("/{}", member.replace('.', "/"));
    let default = defaults.pointer(&at).unwrap_or(&Value::Null);
    // The wizard starts from one node for development.
    let starts = |value: &Value| member == "size.nodes" && file["purpose"] == "dev_test" && *value == 1;
    file.pointer(&at)
        .is_some_and(|value| value != default && !starts(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(file: &Value) -> Option<(String, String)> {
        first(file).map(|misfit| match misfit.problem {
            Problem::Unused { beside } => (misfit.path, beside),
            other => (misfit.path, format!("{other:?}")),
        })
    }

    fn with(kind: &str, member: &str, value: Value) -> Value {
        let mut file = json!({ "cluster": { "kind": kind } });
        let (group, name) = member.split_once('.').unwrap();
        file[group][name] = value;
        file
    }

    #[test]
    fn what_only_a_new_cluster_has_is_refused_beside_an_existing_one() {
        for (member, value) in [
            ("version.kubernetes", json!("1.35")),
            ("version.tier", json!("free")),
            ("size.nodes", json!(99)),
            ("size.vmSize", json!("Standard_D4s_v5")),
            ("size.autoscale", json!({ "min": 1, "max": 3 })),
            ("network.plugin", json!("kubenet")),
            ("network.podCidr", json!("bogus")),
            ("network.outbound", json!("user_defined_routing")),
            ("network.vnet", json!({ "name": "v" })),
            ("place.newResourceGroup", json!(true)),
        ] {
            let expected = (member.to_owned(), "cluster.kind \"existing\"".to_owned());
            assert_eq!(refused(&with("existing", member, value.clone())), Some(expected));
            assert_eq!(refused(&with("create", member, value)), None, "{member}");
        }
    }

    #[test]
    fn a_cluster_that_azure_ml_creates_has_nodes_but_neither_version_nor_name() {
        let kind = "create_through_aml";
        for (member, value) in [("version.kubernetes", json!("1.35")), (NAME, json!("aks-1"))] {
            let found = refused(&with(kind, member, value)).map(|(path, _)| path);
            assert_eq!(found.as_deref(), Some(member));
        }
        assert_eq!(refused(&with(kind, "size.nodes", json!(5))), None);
        let mut classic = with("create", NAMESPACE, json!("models"));
        assert_eq!(refused(&classic), None);
        classic["route"] = json!("classic");
        let expected = (NAMESPACE.to_owned(), "route \"classic\"".to_owned());
        assert_eq!(refused(&classic), Some(expected));
    }

    #[test]
    fn what_the_wizard_starts_from_passes() {
        let mut file = serde_json::to_value(Spec::default()).unwrap();
        for kind in ["existing", "create_through_aml"] {
            file["cluster"] = json!({ "kind": kind });
            assert_eq!(refused(&file), None);
        }
        file["purpose"] = json!("dev_test");
        file["size"] = json!({ "needVcpus": 2, "nodes": 1 });
        assert_eq!(refused(&file), None);
    }
}
