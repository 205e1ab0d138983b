//! Resources, replicas, probes and limits of a service (package azureml-core 1.61, core/webservice/aks.py).

use super::Notes;
use crate::deployment_spec::{DeploySpec, Probe, RequestSettings, Resources, Scale};
use serde_json::Value;

/// Longest time to answer on the extension route, in milliseconds (rule EPT-09).
const LONGEST_TIMEOUT: u32 = 300_000;

pub(super) fn read(part: &Value, spec: &mut DeploySpec, notes: &mut Notes) {
    spec.resources = resources(&part["containerResourceRequirements"]);
    spec.scale = scale(part, notes);
    spec.requests = requests(part, notes);
    spec.liveness = probe(&part["livenessProbeRequirements"]);
    if part["dataCollection"]["storageEnabled"] == true {
        notes.leave("collection", &[]);
    }
}

fn resources(given: &Value) -> Resources {
    let cores = |member: &str| positive(&given[member]).map_or_else(String::new, |value| value.to_string());
    let memory = |member: &str| positive(&given[member]).map_or_else(String::new, gibibytes);
    Resources {
        cpu: cores("cpu"),
        memory: memory("memoryInGB"),
        gpu: whole(&given["gpu"]).unwrap_or(0),
        cpu_limit: cores("cpuLimit"),
        memory_limit: memory("memoryInGBLimit"),
    }
}

/// Rounded up to mebibytes unless it is whole.
fn gibibytes(value: f64) -> String {
    match value.fract() == 0.0 {
        true => format!("{value}Gi"),
        false => format!("{}Mi", (value * 1024.0).ceil()),
    }
}

fn scale(part: &Value, notes: &mut Notes) -> Scale {
    let scaler = &part["autoScaler"];
    let found = match scaler["autoscaleEnabled"].as_bool() {
        Some(true) => whole(&scaler["minReplicas"])
            .zip(whole(&scaler["maxReplicas"]))
            .map(|(min, max)| Scale::Auto {
                min,
                max,
                target: whole(&scaler["targetUtilization"]),
                seconds: whole(&scaler["refreshPeriodInSeconds"]),
            }),
        Some(false) | None => whole(&part["numReplicas"]).map(|replicas| Scale::Fixed { replicas }),
    };
    found.unwrap_or_else(|| {
        notes.leave("scale", &[]);
        Scale::default()
    })
}

fn requests(part: &Value, notes: &mut Notes) -> RequestSettings {
    let timeout = whole(&part["scoringTimeoutMs"]);
    if let Some(long) = timeout.filter(|timeout| *timeout > LONGEST_TIMEOUT) {
        notes.leave("timeout", &[("seconds", &(long / 1_000))]);
    }
    RequestSettings {
        concurrency: whole(&part["maxConcurrentRequestsPerContainer"]),
        max_queue_wait_ms: whole(&part["maxQueueWaitMs"]),
        timeout_ms: timeout.map(|timeout| timeout.min(LONGEST_TIMEOUT)),
    }
}

fn probe(given: &Value) -> Option<Probe> {
    Some(Probe {
        initial_delay: whole(&given["initialDelaySeconds"])?,
        period: whole(&given["periodSeconds"])?,
        timeout: whole(&given["timeoutSeconds"])?,
        failure_threshold: whole(&given["failureThreshold"])?,
        success_threshold: whole(&given["successThreshold"])?,
    })
}

fn whole(value: &Value) -> Option<u32> {
    u32::try_from(value.as_u64()?).ok()
}

fn positive(value: &Value) -> Option<f64> {
    value.as_f64().filter(|value| *value > 0.0)
}
