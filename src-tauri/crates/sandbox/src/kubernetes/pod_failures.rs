//! How a pod ends up, given its container's spec (kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle).
//! Failures are triggered by what would fail in reality too: a registry below `.invalid` never resolves (RFC
//! 2606), and the program `false` always fails.

use crate::reserved_names::never_resolves;
use serde_json::{Value, json};

/// How often a failing container was restarted.
const RESTARTS: u64 = 5;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PodOutcome {
    Running,
    /// No node has room: the scheduler's message.
    Unschedulable(String),
    ImagePullBackOff,
    CrashLoop,
}

impl PodOutcome {
    /// Decides by the spec of a container that has a node, and whether its program is known to fail.
    pub(super) fn of(container: &Value, fails: bool) -> Self {
        let image = container["image"].as_str().unwrap_or_default();
        let registry = image.split('/').next().unwrap_or_default();
        if never_resolves(registry) {
            return Self::ImagePullBackOff;
        }
        match container["command"][0].as_str() {
            Some("false" | "/bin/false") => Self::CrashLoop,
            _ if fails => Self::CrashLoop,
            _ => Self::Running,
        }
    }

    /// The pod's `status`.
    pub(super) fn status(&self, name: &str, image: &str, created: &Value) -> Value {
        let ready = *self == Self::Running;
        let (phase, restarts) = match self {
            Self::Running => ("Running", 0),
            Self::CrashLoop => ("Running", RESTARTS),
            Self::Unschedulable(_) | Self::ImagePullBackOff => ("Pending", 0),
        };
        let state = match self {
            Self::Running => json!({ "running": { "startedAt": created } }),
            Self::Unschedulable(_) => Value::Null,
            Self::ImagePullBackOff => {
                json!({ "waiting": { "reason": "ImagePullBackOff", "message": format!("Back-off pulling image \"{image}\"") } })
            }
            Self::CrashLoop => {
                json!({ "waiting": { "reason": "CrashLoopBackOff", "message": format!("back-off 2m40s restarting failed container={name}") } })
            }
        };
        let mut container = json!({ "name": name, "image": image, "imageID": "", "ready": ready, "restartCount": restarts, "state": state });
        if *self == Self::CrashLoop {
            container["lastState"] = json!({ "terminated": { "exitCode": 1, "reason": "Error", "startedAt": created, "finishedAt": created } });
        }
        let flag = |holds: bool| if holds { "True" } else { "False" };
        let mut conditions = vec![json!({ "type": "Ready", "status": flag(ready) })];
        let mut containers = vec![container];
        if let Self::Unschedulable(why) = self {
            conditions.push(json!({ "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": why }));
            containers.clear();
        }
        json!({ "phase": phase, "startTime": created, "conditions": conditions, "containerStatuses": containers })
    }

    /// The container's log.
    pub(super) fn log(&self, started: &str, container: &str) -> String {
        match self {
            Self::Running => format!(
                "{started} {container} starting\n{started} {container} listening\n{started} {container} ready\n"
            ),
            Self::CrashLoop => {
                format!("{started} {container} starting\n{started} {container} ended with exit code 1\n")
            }
            Self::Unschedulable(_) | Self::ImagePullBackOff => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pods_outcome_follows_from_its_spec() {
        let of = |container: Value| PodOutcome::of(&container, false);
        assert_eq!(
            of(json!({ "image": "mcr.microsoft.com/x:1" })),
            PodOutcome::Running
        );
        assert_eq!(
            of(json!({ "image": "registry.invalid:5000/x:1" })),
            PodOutcome::ImagePullBackOff
        );
        assert_eq!(
            of(json!({ "image": "x", "command": ["false"] })),
            PodOutcome::CrashLoop
        );
    }
}
