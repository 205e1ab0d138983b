//! What was read inside a cluster.

use crate::cluster_object::ClusterObject;
use crate::facts::Fact;
use std::collections::BTreeMap;

/// Everything read inside, side by side.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InsideFacts {
    /// Nodes.
    pub nodes: Fact<Vec<NodeFacts>>,
    /// Pods of the namespaces that matter.
    pub pods: Fact<Vec<PodFacts>>,
    /// Their warnings, newest first.
    pub events: Fact<Vec<EventFacts>>,
    /// Last lines of containers that are not well.
    pub logs: Fact<Vec<LogFacts>>,
    /// Services.
    pub services: Fact<Vec<ServiceFacts>>,
    /// What stands behind the services.
    pub endpoints: Fact<Vec<EndpointFacts>>,
    /// Reports of the extension's health check; empty when there are none.
    pub health_check: Fact<BTreeMap<String, String>>,
    /// Objects of a classic front end, as `kind namespace/name`.
    pub leftovers: Fact<Vec<ClusterObject>>,
}

/// A node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NodeFacts {
    /// Name.
    pub name: String,
    /// Whether it says that it is ready.
    pub ready: bool,
    /// What it says when it is not, or where it is under pressure.
    pub trouble: Vec<String>,
    /// Thousandths of a vCPU it has.
    pub cpu_millis: u64,
    /// Taints, as `key=value:effect`.
    pub taints: Vec<String>,
}

/// A pod.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PodFacts {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`.
    pub phase: String,
    /// Node it runs on.
    pub node: Option<String>,
    /// Why it is in that phase, where it says so (`Evicted`).
    pub reason: Option<String>,
    /// What the scheduler says when it finds no node.
    pub unschedulable: Option<String>,
    /// Its containers, those that prepare the others first.
    pub containers: Vec<ContainerFacts>,
}

impl PodFacts {
    /// `namespace/name`.
    pub fn place(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }
}

/// A container of a pod.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContainerFacts {
    /// Name.
    pub name: String,
    /// Image.
    pub image: String,
    /// Whether it is ready.
    pub ready: bool,
    /// How often it was started again.
    pub restarts: u32,
    /// Why it waits (`CrashLoopBackOff`).
    pub waiting: Option<String>,
    /// The same in a sentence.
    pub message: Option<String>,
    /// Why it ended, now or the last time (`OOMKilled`, `Error`).
    pub ended: Option<String>,
    /// With which code.
    pub exit_code: Option<i32>,
    /// Whether it has ended for good, as one that prepares others does.
    pub done: bool,
}

/// A warning of a cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFacts {
    /// Namespace.
    pub namespace: String,
    /// Kind of what it is about.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// `FailedScheduling`.
    pub reason: String,
    /// In a sentence.
    pub message: String,
    /// How often.
    pub count: u32,
    /// Last time, RFC 3339; empty when it is not told.
    pub last: String,
}

/// Last lines of a container, with nothing secret in them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogFacts {
    /// Namespace.
    pub namespace: String,
    /// Pod.
    pub pod: String,
    /// Container.
    pub container: String,
    /// Lines, oldest first.
    pub lines: Vec<String>,
}

/// A service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceFacts {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// `LoadBalancer`, `ClusterIP`, `NodePort`.
    pub kind: String,
    /// Address of its load balancer, once it has one.
    pub address: Option<String>,
    /// Whether its load balancer is asked to be internal.
    pub internal: bool,
    /// Ports, by name.
    pub ports: Vec<(String, u16)>,
}

impl ServiceFacts {
    /// The port for a scheme (`http` or `https`), by name, else by its usual number.
    pub fn port(&self, tls: bool) -> Option<u16> {
        let (name, usual) = if tls { ("https", 443) } else { ("http", 80) };
        let named = self
            .ports
            .iter()
            .find(|(port, _)| port.eq_ignore_ascii_case(name));
        named
            .or_else(|| self.ports.iter().find(|(_, port)| *port == usual))
            .map(|(_, port)| *port)
    }
}

/// What stands behind a service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EndpointFacts {
    /// Namespace.
    pub namespace: String,
    /// The service.
    pub service: String,
    /// Endpoints that take requests.
    pub ready: u32,
    /// Endpoints that do not.
    pub not_ready: u32,
}
