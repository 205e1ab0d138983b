//! Facts read inside a cluster.

use crate::cluster_object::ClusterObject;
use crate::facts::Fact;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct InsideFacts {
    pub nodes: Fact<Vec<NodeFacts>>,
    /// Pods in the namespaces of front ends and models.
    pub pods: Fact<Vec<PodFacts>>,
    /// Warnings in those namespaces, newest first.
    pub events: Fact<Vec<EventFacts>>,
    /// Last log lines of containers in trouble.
    pub logs: Fact<Vec<LogFacts>>,
    pub services: Fact<Vec<ServiceFacts>>,
    /// Numbers of endpoints behind each Service.
    pub endpoints: Fact<Vec<EndpointFacts>>,
    /// Reports of the extension's health check by name; empty if it wrote none.
    pub health_check: Fact<BTreeMap<String, String>>,
    /// Objects of a classic front end.
    pub leftovers: Fact<Vec<ClusterObject>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NodeFacts {
    pub name: String,
    pub ready: bool,
    /// Conditions that report a problem, such as memory pressure.
    pub trouble: Vec<String>,
    /// Capacity in thousandths of a vCPU.
    pub cpu_millis: u64,
    /// Taints, as `key=value:effect`.
    pub taints: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PodFacts {
    pub namespace: String,
    pub name: String,
    /// `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`.
    pub phase: String,
    /// `None` while it is not scheduled.
    pub node: Option<String>,
    /// Reason for the phase, if reported (`Evicted`).
    pub reason: Option<String>,
    /// The scheduler's message if no node fits.
    pub unschedulable: Option<String>,
    /// Init containers first.
    pub containers: Vec<ContainerFacts>,
    /// Value of its label `ml.azure.com/deployment-name`.
    pub deployment: Option<String>,
    /// Value of its label `ml.azure.com/endpoint-name`.
    pub endpoint: Option<String>,
}

impl PodFacts {
    /// `namespace/name`.
    pub fn place(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContainerFacts {
    pub name: String,
    pub image: String,
    pub ready: bool,
    pub restarts: u32,
    /// Reason of the waiting state (`CrashLoopBackOff`).
    pub waiting: Option<String>,
    /// Message of the waiting state.
    pub message: Option<String>,
    /// Reason of the present or last termination (`OOMKilled`, `Error`).
    pub ended: Option<String>,
    /// Exit code of that termination.
    pub exit_code: Option<i32>,
    /// Whether it is an init container that has completed.
    pub done: bool,
}

/// A warning event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFacts {
    pub namespace: String,
    /// Kind of the object concerned.
    pub kind: String,
    /// Name of that object.
    pub name: String,
    /// Such as `FailedScheduling`.
    pub reason: String,
    pub message: String,
    /// Number of occurrences.
    pub count: u32,
    /// Time of the last occurrence, RFC 3339; empty if unknown.
    pub last: String,
}

/// Last log lines of a container, with secrets removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogFacts {
    pub namespace: String,
    pub pod: String,
    pub container: String,
    /// Oldest first.
    pub lines: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceFacts {
    pub namespace: String,
    pub name: String,
    /// `LoadBalancer`, `ClusterIP`, `NodePort`.
    pub kind: String,
    /// Address of the load balancer; `None` until it has one.
    pub address: Option<String>,
    /// Whether an internal load balancer is requested.
    pub internal: bool,
    /// Names and numbers.
    pub ports: Vec<(String, u16)>,
}

impl ServiceFacts {
    /// The port named `https` (with TLS) or `http`, or else the port with that scheme's default number.
    pub fn port(&self, tls: bool) -> Option<u16> {
        let (name, default) = if tls { ("https", 443) } else { ("http", 80) };
        let named = self
            .ports
            .iter()
            .find(|(port, _)| port.eq_ignore_ascii_case(name));
        named
            .or_else(|| self.ports.iter().find(|(_, port)| *port == default))
            .map(|(_, port)| *port)
    }
}

/// Numbers of endpoints behind a Service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EndpointFacts {
    pub namespace: String,
    pub service: String,
    pub ready: u32,
    pub not_ready: u32,
}
