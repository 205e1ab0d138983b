//! The rules that policies can assign here. The first four are built-in definitions of Azure Policy with
//! their real ids (learn.microsoft.com/azure/governance/policy/samples/built-in-policies); the last is the
//! custom one that the Azure Machine Learning documentation mentions ("Load Balancers should not have public
//! IPs").

use crate::resources::locations::normal;
use serde_json::{Value, json};

/// Definition id of "Allowed locations".
pub(crate) const ALLOWED_LOCATIONS: &str =
    "/providers/Microsoft.Authorization/policyDefinitions/e56962a6-4747-49cd-b67b-bf8b01975c4c";
/// Definition id of "Require a tag on resources".
pub(crate) const REQUIRE_TAG: &str =
    "/providers/Microsoft.Authorization/policyDefinitions/871b6d14-10aa-478d-b590-94f262ecfa99";
/// Definition id of "Not allowed resource types".
pub(crate) const NOT_ALLOWED_TYPES: &str =
    "/providers/Microsoft.Authorization/policyDefinitions/6c112d4e-5bc7-47ae-a041-ea2d9dccd749";
/// Definition id of "Azure Kubernetes Service Private Clusters should be enabled".
pub(crate) const PRIVATE_CLUSTERS: &str =
    "/providers/Microsoft.Authorization/policyDefinitions/040732e8-d947-40b8-95d6-854c95024bf8";
/// Definition id of the custom "Load Balancers should not have public IPs".
pub(crate) const NO_PUBLIC_LOAD_BALANCER: &str = "/providers/Microsoft.Management/managementGroups/contoso/providers/Microsoft.Authorization/policyDefinitions/no-public-load-balancers";

/// What happens when a rule is violated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Deny,
    /// The resource is reported as not compliant.
    Audit,
}

impl Effect {
    /// As the service spells it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Deny => "Deny",
            Self::Audit => "Audit",
        }
    }
}

/// A rule with its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Rule {
    /// `location` must be one of these.
    AllowedLocations(Vec<String>),
    /// The resource must have this tag.
    RequireTag(String),
    /// `type` must not be one of these.
    NotAllowedTypes(Vec<String>),
    PrivateClusters(Effect),
    NoPublicLoadBalancer,
}

impl Rule {
    /// Parses a definition id and its parameters; `None` for definitions that the sandbox does not know.
    pub(crate) fn of(definition: &str, parameters: &Value) -> Option<Self> {
        let value = |name: &str| &parameters[name]["value"];
        let texts = |name: &str| -> Vec<String> {
            let items = value(name).as_array().into_iter().flatten();
            items.filter_map(Value::as_str).map(str::to_string).collect()
        };
        let is = |known: &str| definition.eq_ignore_ascii_case(known);
        if is(ALLOWED_LOCATIONS) {
            Some(Self::AllowedLocations(texts("listOfAllowedLocations")))
        } else if is(REQUIRE_TAG) {
            value("tagName")
                .as_str()
                .map(|tag| Self::RequireTag(tag.to_string()))
        } else if is(NOT_ALLOWED_TYPES) {
            Some(Self::NotAllowedTypes(texts("listOfResourceTypesNotAllowed")))
        } else if is(PRIVATE_CLUSTERS) {
            let deny = value("effect")
                .as_str()
                .is_some_and(|effect| effect.eq_ignore_ascii_case("deny"));
            Some(Self::PrivateClusters(if deny {
                Effect::Deny
            } else {
                Effect::Audit
            }))
        } else if is(NO_PUBLIC_LOAD_BALANCER) {
            Some(Self::NoPublicLoadBalancer)
        } else {
            None
        }
    }

    pub(crate) fn display_name(&self) -> &'static str {
        match self {
            Self::AllowedLocations(_) => "Allowed locations",
            Self::RequireTag(_) => "Require a tag on resources",
            Self::NotAllowedTypes(_) => "Not allowed resource types",
            Self::PrivateClusters(_) => "Azure Kubernetes Service Private Clusters should be enabled",
            Self::NoPublicLoadBalancer => "Load Balancers should not have public IPs",
        }
    }

    pub(crate) fn effect(&self) -> Effect {
        match self {
            Self::PrivateClusters(effect) => *effect,
            _ => Effect::Deny,
        }
    }

    /// The operator of its decisive expression.
    pub(crate) fn operator(&self) -> &'static str {
        match self {
            Self::AllowedLocations(_) => "NotIn",
            Self::RequireTag(_) => "Exists",
            Self::NotAllowedTypes(_) => "In",
            Self::PrivateClusters(_) => "NotEquals",
            Self::NoPublicLoadBalancer => "Exists",
        }
    }

    /// The field, its value and the reason when the content violates the rule; `None` otherwise.
    pub(crate) fn violation_by(&self, content: &Value) -> Option<(String, Value, String)> {
        let kind = content["type"].as_str().unwrap_or_default();
        match self {
            Self::AllowedLocations(allowed) => {
                let location = content["location"]
                    .as_str()
                    .filter(|location| normal(location) != "global")?;
                let fine = allowed.iter().any(|allowed| normal(allowed) == normal(location));
                let reason = || format!("location must be one of the following: {}", allowed.join(", "));
                (!fine).then(|| ("location".to_string(), json!(location), reason()))
            }
            Self::RequireTag(tag) => {
                // "Indexed" mode: applies only to types with tags and a location.
                content["location"].as_str()?;
                let tags = content["tags"].as_object();
                let there = tags.is_some_and(|tags| tags.keys().any(|key| key.eq_ignore_ascii_case(tag)));
                (!there).then(|| {
                    (
                        format!("tags['{tag}']"),
                        Value::Null,
                        format!("tags.{tag} is required"),
                    )
                })
            }
            Self::NotAllowedTypes(types) => {
                let denied = types.iter().any(|denied| denied.eq_ignore_ascii_case(kind));
                denied.then(|| {
                    (
                        "type".to_string(),
                        json!(kind),
                        format!("resources of type {kind} are not allowed"),
                    )
                })
            }
            Self::PrivateClusters(_) => {
                let cluster = kind.eq_ignore_ascii_case("Microsoft.ContainerService/managedClusters");
                let private = content["properties"]["apiServerAccessProfile"]["enablePrivateCluster"] == true;
                let field =
                    "Microsoft.ContainerService/managedClusters/apiServerAccessProfile.enablePrivateCluster";
                (cluster && !private).then(|| {
                    (
                        field.to_string(),
                        json!(false),
                        "clusters must be private".to_string(),
                    )
                })
            }
            Self::NoPublicLoadBalancer => {
                let balancer = kind.eq_ignore_ascii_case("Microsoft.Network/loadBalancers");
                let front_ends = content["properties"]["frontendIPConfigurations"].as_array();
                let public = front_ends
                    .into_iter()
                    .flatten()
                    .find(|front_end| !front_end["properties"]["publicIPAddress"].is_null());
                let field = "Microsoft.Network/loadBalancers/frontendIPConfigurations[*].publicIPAddress.id";
                let found = public.filter(|_| balancer)?["properties"]["publicIPAddress"]["id"].clone();
                Some((
                    field.to_string(),
                    found,
                    "load balancers must not have public addresses".to_string(),
                ))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_passes_and_fails() {
        let cluster = |location: &str, private: bool| {
            json!({"type": "Microsoft.ContainerService/managedClusters", "location": location, "tags": {"Owner": "x"},
                "properties": {"apiServerAccessProfile": {"enablePrivateCluster": private}}})
        };
        let allowed = Rule::AllowedLocations(vec!["westeurope".to_string()]);
        assert!(allowed.violation_by(&cluster("West Europe", false)).is_none());
        assert!(allowed.violation_by(&cluster("eastus", false)).is_some());
        assert!(
            Rule::RequireTag("owner".to_string())
                .violation_by(&cluster("eastus", false))
                .is_none()
        );
        assert!(
            Rule::RequireTag("cost".to_string())
                .violation_by(&cluster("eastus", false))
                .is_some()
        );
        assert!(
            Rule::PrivateClusters(Effect::Audit)
                .violation_by(&cluster("eastus", true))
                .is_none()
        );
        assert!(
            Rule::PrivateClusters(Effect::Audit)
                .violation_by(&cluster("eastus", false))
                .is_some()
        );
        let balancer = |front_end: Value| json!({"type": "Microsoft.Network/loadBalancers", "properties": {"frontendIPConfigurations": [{"properties": front_end}]}});
        assert!(
            Rule::NoPublicLoadBalancer
                .violation_by(&balancer(json!({"privateIPAddress": "10.0.0.4"})))
                .is_none()
        );
        assert!(
            Rule::NoPublicLoadBalancer
                .violation_by(&balancer(json!({"publicIPAddress": {"id": "/x"}})))
                .is_some()
        );
    }
}
