//! Resources, replicas, probes and limits of a version.

use super::defaults::{SECONDS, TARGET};
use crate::fit::{Amounts, QuantityProblem, in_thousandths, in_units};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// What each replica requests and may use at most, as Kubernetes writes it: `0.5`, `500m`, `2Gi`. Empty means the
/// default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Resources {
    pub cpu: String,
    pub memory: String,
    /// Whole GPUs.
    pub gpu: u32,
    pub cpu_limit: String,
    pub memory_limit: String,
}

impl Resources {
    /// The fields with their paths.
    pub(crate) fn quantities(&self) -> [(&'static str, &str, bool); 4] {
        [
            ("resources.cpu", &self.cpu, true),
            ("resources.memory", &self.memory, false),
            ("resources.cpuLimit", &self.cpu_limit, true),
            ("resources.memoryLimit", &self.memory_limit, false),
        ]
    }

    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Reads a quantity of CPU in thousandths, or of memory in bytes; `None` if it is empty.
pub(crate) fn read_quantity(text: &str, is_cpu: bool) -> Option<Result<u64, QuantityProblem>> {
    let read = if is_cpu { in_thousandths } else { in_units };
    (!text.is_empty()).then(|| read(text))
}

/// What one replica requests, for the fit check; `None` if nothing is set, or a quantity cannot be read.
pub(crate) fn requested(cpu: &str, memory: &str, gpu: u32) -> Option<Amounts> {
    let others = (gpu > 0).then(|| ("nvidia.com/gpu".to_owned(), u64::from(gpu)));
    Some(Amounts {
        cpu: read_quantity(cpu, true)?.ok()?,
        memory: read_quantity(memory, false)?.ok()?,
        pods: 0,
        others: others.into_iter().collect::<BTreeMap<_, _>>(),
    })
}

/// Number of replicas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Scale {
    Fixed {
        replicas: u32,
    },
    /// Azure ML's router scales between two numbers.
    Auto {
        min: u32,
        max: u32,
        /// Utilization to keep, in percent; `None` means the default.
        #[serde(default)]
        target: Option<u32>,
        /// How often to look, in seconds; `None` means the default.
        #[serde(default)]
        seconds: Option<u32>,
    },
}

impl Default for Scale {
    fn default() -> Self {
        Self::Fixed { replicas: 1 }
    }
}

/// An autoscaler with its defaults filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Autoscaler {
    pub(crate) min: u32,
    pub(crate) max: u32,
    /// Utilization to keep, in percent.
    pub(crate) target: u32,
    /// How often to look, in seconds.
    pub(crate) seconds: u32,
}

impl Scale {
    /// The autoscaler; `None` for a fixed number of replicas.
    pub(crate) fn autoscaler(&self) -> Option<Autoscaler> {
        match *self {
            Self::Fixed { .. } => None,
            Self::Auto {
                min,
                max,
                target,
                seconds,
            } => Some(Autoscaler {
                min,
                max,
                target: target.unwrap_or(TARGET),
                seconds: seconds.unwrap_or(SECONDS),
            }),
        }
    }

    /// The fewest replicas.
    pub const fn fewest(&self) -> u32 {
        match self {
            Self::Fixed { replicas } => *replicas,
            Self::Auto { min, .. } => *min,
        }
    }
}

/// How many requests a replica takes, and for how long. `None` means the default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RequestSettings {
    /// Requests that one replica handles at once.
    pub concurrency: Option<u32>,
    /// Longest wait for a free replica, in milliseconds.
    pub max_queue_wait_ms: Option<u32>,
    /// Longest time to answer, in milliseconds.
    pub timeout_ms: Option<u32>,
}

/// A probe of the container, times in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Probe {
    pub initial_delay: u32,
    pub period: u32,
    pub timeout: u32,
    pub failure_threshold: u32,
    pub success_threshold: u32,
}

impl Probe {
    /// The fields with their names.
    pub(crate) const fn fields(&self) -> [(&'static str, u32); 5] {
        [
            ("initialDelay", self.initial_delay),
            ("period", self.period),
            ("timeout", self.timeout),
            ("failureThreshold", self.failure_threshold),
            ("successThreshold", self.success_threshold),
        ]
    }
}
