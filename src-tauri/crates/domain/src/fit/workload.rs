//! What is to run: the replicas of one version.

use super::amounts::Amounts;
use super::node::Taint;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Replicas that start before old ones stop, on both routes: `maxSurge` is 1
/// (github.com/Azure/azure-sdk-for-python/issues/25938).
pub const SURGE: u32 = 1;
/// The identity sidecar that Azure ML adds to each replica on the extension route: CPU in thousandths, memory in bytes
/// (learn.microsoft.com/azure/machine-learning/reference-kubernetes).
const SIDECAR: (u64, u64) = (10, 100 << 20);
/// Azure ML runs on Linux nodes only (same page).
const LINUX: (&str, &str) = ("kubernetes.io/os", "linux");

/// The replicas of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    /// What one replica requests.
    pub own: Amounts,
    /// What Azure ML adds to each replica, and its pod slot.
    pub added: Amounts,
    /// Labels that its nodes must have.
    pub selector: BTreeMap<String, String>,
    /// Keys and values of the taints that it tolerates.
    pub tolerated: BTreeMap<String, String>,
    /// Replicas; with autoscaling, the fewest.
    pub replicas: u32,
}

/// An instance type of a compute of type Kubernetes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct InstanceType {
    pub name: String,
    pub requests: Amounts,
    pub limits: Amounts,
    /// Labels of the nodes that it chooses.
    pub selector: BTreeMap<String, String>,
}

impl InstanceType {
    /// The type that every compute has
    /// (learn.microsoft.com/azure/machine-learning/how-to-manage-kubernetes-instance-types).
    pub fn default_type() -> Self {
        let amounts = |cpu| Amounts {
            cpu,
            memory: 2 << 30,
            ..Amounts::default()
        };
        Self {
            name: "defaultinstancetype".to_owned(),
            requests: amounts(100),
            limits: amounts(2_000),
            selector: BTreeMap::new(),
        }
    }
}

/// The compute that a version runs on; nodes can be set apart for it with taints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AmlPlace<'a> {
    pub resource_group: &'a str,
    pub workspace: &'a str,
    pub compute: &'a str,
}

impl AmlPlace<'_> {
    /// The taints that pods of this compute tolerate
    /// (learn.microsoft.com/azure/machine-learning/reference-kubernetes, Supported Azure Machine Learning taints and
    /// tolerations).
    fn tolerated(&self) -> BTreeMap<String, String> {
        let taints = [
            ("amlarc", "true"),
            ("amlarc-workload", "true"),
            ("resource-group", self.resource_group),
            ("workspace", self.workspace),
            ("compute", self.compute),
        ];
        taints
            .into_iter()
            .map(|(key, value)| (format!("ml.azure.com/{key}"), value.to_owned()))
            .collect()
    }
}

impl Workload {
    /// A deployment on the extension route. What it requests itself takes the place of the instance type's requests.
    pub fn extension(own: Option<&Amounts>, of: &InstanceType, place: AmlPlace<'_>, replicas: u32) -> Self {
        let mut selector = of.selector.clone();
        selector.insert(LINUX.0.to_owned(), LINUX.1.to_owned());
        Self {
            own: own.unwrap_or(&of.requests).clone(),
            added: Amounts {
                cpu: SIDECAR.0,
                memory: SIDECAR.1,
                pods: 1,
                ..Amounts::default()
            },
            selector,
            tolerated: place.tolerated(),
            replicas,
        }
    }

    /// A service or version on the classic route.
    pub fn classic(request: &Amounts, replicas: u32) -> Self {
        Self {
            own: request.clone(),
            added: Amounts {
                pods: 1,
                ..Amounts::default()
            },
            selector: BTreeMap::from([(LINUX.0.to_owned(), LINUX.1.to_owned())]),
            tolerated: BTreeMap::new(),
            replicas,
        }
    }

    /// What one replica takes of its node.
    pub fn request(&self) -> Amounts {
        self.own.plus(&self.added)
    }

    /// Replicas that need room at once.
    pub fn needed(&self) -> u32 {
        self.replicas.saturating_add(SURGE)
    }

    pub(super) fn tolerates(&self, taint: &Taint) -> bool {
        self.tolerated
            .get(&taint.key)
            .is_some_and(|value| *value == taint.value)
    }
}
