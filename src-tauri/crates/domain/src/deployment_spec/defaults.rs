//! What a version gets that does not say otherwise, and where that is documented.

use super::settings::{Probe, requested};
use super::{DeploySpec, Resources};
use crate::fit::Amounts;
use crate::spec::Route;
use serde::Serialize;
use ts_rs::TS;

const SDK: &str = "package azureml-core 1.61, core/webservice/aks.py";
const YAML: &str = "learn.microsoft.com/azure/machine-learning/reference-yaml-deployment-kubernetes-online";
const ENDPOINT: &str = "learn.microsoft.com/azure/machine-learning/reference-yaml-endpoint-online";
const TYPES: &str = "learn.microsoft.com/azure/machine-learning/how-to-manage-kubernetes-instance-types";
const AKS: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-deploy-azure-kubernetes-service";

/// The default of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DefaultValue {
    /// Path of the field in the specification (`requests.timeoutMs`).
    pub field: &'static str,
    pub value: String,
    /// Where it is documented.
    pub source: &'static str,
}

const CLASSIC_LIVENESS: Probe = Probe {
    initial_delay: 310,
    period: 10,
    timeout: 2,
    failure_threshold: 3,
    success_threshold: 1,
};
const EXTENSION_PROBE: Probe = Probe {
    initial_delay: 10,
    period: 10,
    timeout: 2,
    failure_threshold: 30,
    success_threshold: 1,
};

/// The defaults of a route.
pub fn defaults(route: Route) -> Vec<DefaultValue> {
    let spec = DeploySpec {
        route,
        ..DeploySpec::default()
    };
    let value = |field, value: &dyn ToString, source| DefaultValue {
        field,
        value: value.to_string(),
        source,
    };
    let (endpoint, version) = match route {
        Route::Extension => (ENDPOINT, YAML),
        Route::Classic => (SDK, SDK),
    };
    let mut found = vec![
        value("endpoint.auth", &"key", endpoint),
        // The fewest replicas of both autoscalers.
        value("scale.replicas", &spec.scale.fewest(), version),
        value("scale.target", &TARGET, version),
        value("scale.seconds", &SECONDS, version),
        value("requests.concurrency", &spec.concurrency(), version),
        value("requests.maxQueueWaitMs", &spec.max_queue_wait_ms(), version),
        value("requests.timeoutMs", &spec.timeout_ms(), version),
        value("appInsights", &false, version),
        value("dataCollection", &false, version),
    ];
    let probe = |name: [&'static str; 5], probe: Probe, source| {
        let fields = probe.fields();
        name.into_iter()
            .zip(fields)
            .map(move |(field, (_, value))| DefaultValue {
                field,
                value: value.to_string(),
                source,
            })
    };
    found.extend(probe(LIVENESS, spec.liveness(), version));
    match route {
        Route::Extension => {
            found.extend(probe(READINESS, spec.readiness(), YAML));
            found.push(value("instanceType", &"defaultinstancetype", TYPES));
        }
        Route::Classic => {
            found.push(value("resources.cpu", &CLASSIC_CPU, SDK));
            found.push(value("resources.memory", &CLASSIC_MEMORY, SDK));
            found.push(value("endpoint.namespace", &"azureml-{workspace}", AKS));
        }
    }
    found
}

/// Utilization that autoscaling keeps, in percent.
pub(super) const TARGET: u32 = 70;
/// Seconds between two looks of the autoscaler.
pub(super) const SECONDS: u32 = 1;
const CLASSIC_CPU: &str = "0.1";
const CLASSIC_MEMORY: &str = "0.5Gi";
const LIVENESS: [&str; 5] = [
    "liveness.initialDelay",
    "liveness.period",
    "liveness.timeout",
    "liveness.failureThreshold",
    "liveness.successThreshold",
];
const READINESS: [&str; 5] = [
    "readiness.initialDelay",
    "readiness.period",
    "readiness.timeout",
    "readiness.failureThreshold",
    "readiness.successThreshold",
];

/// The values that are sent: the person's, or the default.
impl DeploySpec {
    pub fn concurrency(&self) -> u32 {
        self.requests.concurrency.unwrap_or(1)
    }

    pub fn max_queue_wait_ms(&self) -> u32 {
        self.requests.max_queue_wait_ms.unwrap_or(500)
    }

    /// The service's 5 and 60 seconds. On the extension route an absent value was stored as no time at all.
    pub fn timeout_ms(&self) -> u32 {
        let default = match self.route {
            Route::Extension => 5_000,
            Route::Classic => 60_000,
        };
        self.requests.timeout_ms.unwrap_or(default)
    }

    pub fn liveness(&self) -> Probe {
        let default = match self.route {
            Route::Extension => EXTENSION_PROBE,
            Route::Classic => CLASSIC_LIVENESS,
        };
        self.liveness.unwrap_or(default)
    }

    pub fn readiness(&self) -> Probe {
        self.readiness.unwrap_or(EXTENSION_PROBE)
    }

    /// Resources with the classic route's defaults. On the extension route, the instance type decides what is empty.
    pub fn resources(&self) -> Resources {
        let mut resources = self.resources.clone();
        if self.route == Route::Classic {
            let fill = |field: &mut String, default: &str| {
                if field.is_empty() {
                    default.clone_into(field);
                }
            };
            fill(&mut resources.cpu, CLASSIC_CPU);
            fill(&mut resources.memory, CLASSIC_MEMORY);
        }
        resources
    }

    /// What one replica requests, for the fit check; `None` if the instance type decides, or a quantity cannot be read.
    pub fn replica_request(&self) -> Option<Amounts> {
        let resources = self.resources();
        requested(&resources.cpu, &resources.memory, resources.gpu)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn each_route_has_its_defaults_with_a_source() {
        let values = |route| -> BTreeMap<&str, String> {
            defaults(route)
                .into_iter()
                .map(|one| (one.field, one.value))
                .collect()
        };
        let (extension, classic) = (values(Route::Extension), values(Route::Classic));
        for (field, of_extension, of_classic) in [
            ("endpoint.auth", Some("key"), Some("key")),
            ("scale.replicas", Some("1"), Some("1")),
            ("requests.timeoutMs", Some("5000"), Some("60000")),
            ("requests.maxQueueWaitMs", Some("500"), Some("500")),
            ("liveness.initialDelay", Some("10"), Some("310")),
            ("readiness.failureThreshold", Some("30"), None),
            ("resources.cpu", None, Some("0.1")),
            ("instanceType", Some("defaultinstancetype"), None),
        ] {
            assert_eq!(extension.get(field).map(String::as_str), of_extension, "{field}");
            assert_eq!(classic.get(field).map(String::as_str), of_classic, "{field}");
        }
        for route in [Route::Extension, Route::Classic] {
            assert!(defaults(route).iter().all(|one| !one.source.is_empty()));
        }
    }

    #[test]
    fn a_replica_requests_what_is_set_or_the_default() {
        let classic = DeploySpec {
            route: Route::Classic,
            ..DeploySpec::default()
        };
        let amounts = Amounts {
            cpu: 100,
            memory: 512 << 20,
            ..Amounts::default()
        };
        assert_eq!(classic.replica_request(), Some(amounts));
        let mut extension = DeploySpec::default();
        assert_eq!(extension.replica_request(), None);
        extension.resources = Resources {
            cpu: "2".to_owned(),
            memory: "4Gi".to_owned(),
            gpu: 1,
            ..Resources::default()
        };
        let request = extension.replica_request().expect("a request");
        assert_eq!((request.cpu, request.of("nvidia.com/gpu")), (2_000, 1));
        extension.resources.cpu = "two".to_owned();
        assert_eq!(extension.replica_request(), None);
    }
}
