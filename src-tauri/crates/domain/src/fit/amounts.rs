//! Amounts of resources: what a node can give, and what a pod requests.

use super::quantity::{QuantityProblem, in_thousandths, in_units};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use ts_rs::TS;

/// Amounts of resources.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Amounts {
    /// CPU in thousandths of a core.
    pub cpu: u64,
    /// Memory in bytes.
    pub memory: u64,
    pub pods: u64,
    /// Other resources by name, such as `nvidia.com/gpu`.
    pub others: BTreeMap<String, u64>,
}

/// Why a list of resources cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountsProblem {
    #[error("there is no list of resources")]
    Missing,
    #[error("the node does not say how much {resource} it has")]
    Without { resource: &'static str },
    #[error("{resource} is {value}: {problem}")]
    Quantity {
        resource: String,
        value: String,
        problem: QuantityProblem,
    },
}

impl Amounts {
    /// Reads a list of resources, such as `resources.requests` of a container. Absent resources are 0, as in
    /// Kubernetes.
    ///
    /// # Errors
    /// [`AmountsProblem`] if it is no list or one of its quantities cannot be read.
    pub fn read(list: &Value) -> Result<Self, AmountsProblem> {
        let list = match list {
            Value::Null => return Ok(Self::default()),
            list => list.as_object().ok_or(AmountsProblem::Missing)?,
        };
        let mut amounts = Self::default();
        for (resource, quantity) in list {
            match resource.as_str() {
                "cpu" => amounts.cpu = read(resource, quantity, in_thousandths)?,
                "memory" => amounts.memory = read(resource, quantity, in_units)?,
                "pods" => amounts.pods = read(resource, quantity, in_units)?,
                _ => drop(
                    amounts
                        .others
                        .insert(resource.clone(), read(resource, quantity, in_units)?),
                ),
            }
        }
        Ok(amounts)
    }

    /// Reads `status.allocatable` of a node, which always has CPU, memory and pods.
    ///
    /// # Errors
    /// [`AmountsProblem`] if one of them is missing or cannot be read.
    pub fn of_node(list: &Value) -> Result<Self, AmountsProblem> {
        let missing = ["cpu", "memory", "pods"]
            .into_iter()
            .find(|resource| list.get(resource).is_none());
        match missing {
            Some(_) if !list.is_object() => Err(AmountsProblem::Missing),
            Some(resource) => Err(AmountsProblem::Without { resource }),
            None => Self::read(list),
        }
    }

    /// All resources by name.
    pub fn each(&self) -> impl Iterator<Item = (&str, u64)> {
        let fixed = [("cpu", self.cpu), ("memory", self.memory), ("pods", self.pods)];
        fixed
            .into_iter()
            .chain(self.others.iter().map(|(name, amount)| (name.as_str(), *amount)))
    }

    pub fn of(&self, resource: &str) -> u64 {
        self.each()
            .find(|(name, _)| *name == resource)
            .map_or(0, |(_, amount)| amount)
    }

    fn combined(&self, other: &Self, with: fn(u64, u64) -> u64) -> Self {
        let names = self.others.keys().chain(other.others.keys());
        let others = names
            .map(|name| (name.clone(), with(self.of(name), other.of(name))))
            .collect();
        Self {
            cpu: with(self.cpu, other.cpu),
            memory: with(self.memory, other.memory),
            pods: with(self.pods, other.pods),
            others,
        }
    }

    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        self.combined(other, u64::saturating_add)
    }

    /// What is left; nothing where more is taken than there is.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        self.combined(other, u64::saturating_sub)
    }

    /// The larger amount of each resource.
    #[must_use]
    pub fn max(&self, other: &Self) -> Self {
        self.combined(other, u64::max)
    }

    #[must_use]
    pub fn times(&self, count: u32) -> Self {
        let mut product = self.clone();
        let factor = u64::from(count);
        for amount in [&mut product.cpu, &mut product.memory, &mut product.pods]
            .into_iter()
            .chain(product.others.values_mut())
        {
            *amount = amount.saturating_mul(factor);
        }
        product
    }

    /// How often a request fits into these amounts.
    pub fn holds(&self, request: &Self) -> u32 {
        let wanted = request.each().filter(|(_, amount)| *amount > 0);
        let times = wanted.map(|(resource, amount)| self.of(resource) / amount).min();
        times.map_or(0, |times| u32::try_from(times).unwrap_or(u32::MAX))
    }
}

fn read(
    resource: &str,
    quantity: &Value,
    parse: fn(&str) -> Result<u64, QuantityProblem>,
) -> Result<u64, AmountsProblem> {
    let text = match quantity {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    parse(&text).map_err(|problem| AmountsProblem::Quantity {
        resource: resource.to_owned(),
        value: text,
        problem,
    })
}

/// An init container's request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InitContainer {
    pub request: Amounts,
    /// Whether it keeps running beside the containers (`restartPolicy: Always`).
    pub stays: bool,
}

/// What the scheduler reserves for a pod: its containers together, or its largest init container if that is more
/// (kubernetes.io/docs/concepts/workloads/pods/sidecar-containers, Resource sharing within containers).
pub fn pod_request(containers: &[Amounts], init: &[InitContainer], overhead: &Amounts) -> Amounts {
    let (mut staying, mut starting) = (Amounts::default(), Amounts::default());
    for container in init {
        if container.stays {
            staying = staying.plus(&container.request);
            starting = starting.max(&staying);
        } else {
            starting = starting.max(&staying.plus(&container.request));
        }
    }
    let running = containers
        .iter()
        .fold(staying, |sum, container| sum.plus(container));
    Amounts {
        pods: 1,
        ..running.max(&starting).plus(overhead)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn amounts(list: Value) -> Amounts {
        Amounts::read(&list).expect("amounts")
    }

    #[test]
    fn lists_of_resources_are_read() {
        let node = json!({ "cpu": "3860m", "memory": "12881168Ki", "pods": "30", "nvidia.com/gpu": "1", "hugepages-2Mi": "0" });
        let read = Amounts::of_node(&node).expect("amounts");
        assert_eq!(
            (read.cpu, read.memory, read.pods, read.of("nvidia.com/gpu")),
            (3_860, 12_881_168 << 10, 30, 1)
        );
        assert_eq!(
            amounts(json!({ "cpu": 2, "memory": 1024 })),
            Amounts {
                cpu: 2_000,
                memory: 1_024,
                ..Amounts::default()
            }
        );
        assert_eq!(amounts(json!(null)), Amounts::default());
    }

    #[test]
    fn lists_that_cannot_be_read_say_what_is_wrong() {
        for (list, why) in [
            (json!("4"), "there is no list of resources"),
            (
                json!({ "cpu": "4", "pods": "30" }),
                "the node does not say how much memory it has",
            ),
            (
                json!({ "cpu": "-4", "memory": "1Gi", "pods": "30" }),
                "cpu is -4: it is negative",
            ),
            (
                json!({ "cpu": null, "memory": "1Gi", "pods": "30" }),
                "cpu is null: it is not a number with an optional unit, such as 0.5, 500m or 2Gi",
            ),
            (
                json!({ "cpu": [], "memory": "1Gi", "pods": "30" }),
                "cpu is []: it is not a number with an optional unit, such as 0.5, 500m or 2Gi",
            ),
        ] {
            assert_eq!(
                Amounts::of_node(&list).map_err(|problem| problem.to_string()),
                Err(why.to_owned())
            );
        }
    }

    #[test]
    fn a_request_fits_as_often_as_its_scarcest_resource() {
        let free = amounts(json!({ "cpu": "1400m", "memory": "8Gi", "pods": "5", "nvidia.com/gpu": 1 }));
        for (request, times) in [
            (json!({ "cpu": "500m", "memory": "1Gi" }), 2),
            (json!({ "cpu": "2" }), 0),
            (json!({ "memory": "3Gi" }), 2),
            (json!({ "cpu": "100m", "nvidia.com/gpu": 1 }), 1),
            (json!({ "cpu": "100m", "amd.com/gpu": 1 }), 0),
            (json!({ "cpu": "100m", "pods": 1 }), 5),
            (json!({}), 0),
        ] {
            assert_eq!(free.holds(&amounts(request.clone())), times, "{request}");
        }
    }

    #[test]
    fn a_pod_reserves_the_larger_of_starting_and_running() {
        let cpu = |cpu| Amounts {
            cpu,
            ..Amounts::default()
        };
        let init = |request, stays| InitContainer {
            request: cpu(request),
            stays,
        };
        for (containers, init, expected) in [
            (vec![cpu(100), cpu(200)], vec![], 300),
            (vec![cpu(100)], vec![init(500, false)], 500),
            (vec![cpu(100)], vec![init(50, true)], 150),
            (vec![cpu(100)], vec![init(50, true), init(400, false)], 450),
            (vec![cpu(100)], vec![init(400, false), init(50, true)], 400),
            (vec![], vec![], 0),
        ] {
            let pod = pod_request(&containers, &init, &Amounts::default());
            assert_eq!((pod.cpu, pod.pods), (expected, 1));
        }
        assert_eq!(pod_request(&[cpu(100)], &[], &cpu(25)).cpu, 125);
    }

    proptest! {
        #[test]
        fn what_holds_a_request_so_often_has_room_for_it(cpu in 1u64..5_000, memory in 1u64..100, each in 1u64..1_000) {
            let free = Amounts { cpu, memory, pods: 30, ..Amounts::default() };
            let request = Amounts { cpu: each, memory: 1, pods: 1, ..Amounts::default() };
            let times = free.holds(&request);
            let left = free.minus(&request.times(times));
            prop_assert_eq!(left.holds(&request), 0);
            prop_assert_eq!(left.plus(&request.times(times)), free);
        }
    }
}
