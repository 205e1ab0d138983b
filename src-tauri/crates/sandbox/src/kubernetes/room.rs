//! Room on nodes: what a node offers to pods, what pods request, and where the scheduler puts them
//! (learn.microsoft.com/azure/aks/node-resource-reservations;
//! kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler).

use crate::aks::nodes::{digits, pools};
use crate::compute::sizes;
use crate::world::Resource;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const MIB: u64 = 1 << 20;
/// Memory at which the kubelet evicts pods, since Kubernetes 1.29.
const EVICTION: u64 = 100 * MIB;
/// Taints with this prefix do not keep AML's own pods away (learn.microsoft.com/azure/machine-learning/reference-kubernetes).
const TOLERATED: &str = "ml.azure.com/";

/// Amounts of what pods request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Amount {
    /// Thousandths of a vCPU.
    pub(crate) cpu: u64,
    /// Bytes.
    pub(crate) memory: u64,
    pub(crate) gpus: u64,
}

impl Amount {
    /// Reads `resources.requests` of a container.
    pub(crate) fn requested(container: &Value) -> Self {
        let requests = &container["resources"]["requests"];
        let text = |name: &str| requests[name].as_str().unwrap_or_default();
        Self {
            cpu: cpu(text("cpu")).unwrap_or_default(),
            memory: memory(text("memory")).unwrap_or_default(),
            gpus: text("nvidia.com/gpu").parse().unwrap_or_default(),
        }
    }
}

/// Parses `500m`, `2` or `0.5` into thousandths of a vCPU.
pub(crate) fn cpu(quantity: &str) -> Option<u64> {
    let millis = match quantity.strip_suffix('m') {
        Some(millis) => millis.parse::<f64>().ok()?,
        None => quantity.parse::<f64>().ok()? * 1000.0,
    };
    (millis.is_finite() && millis >= 0.0).then_some(millis.ceil() as u64)
}

/// Parses `200Mi`, `0.5Gi`, `1G` or bytes.
pub(crate) fn memory(quantity: &str) -> Option<u64> {
    let units = [
        ("Ki", 1024.0),
        ("Mi", 1_048_576.0),
        ("Gi", 1_073_741_824.0),
        ("Ti", 1_099_511_627_776.0),
        ("k", 1e3),
        ("M", 1e6),
        ("G", 1e9),
        ("T", 1e12),
    ];
    let unit = units.iter().find(|(unit, _)| quantity.ends_with(unit));
    let (number, factor) = unit.map_or((quantity, 1.0), |(unit, factor)| {
        (quantity.trim_end_matches(unit), *factor)
    });
    let bytes = number.parse::<f64>().ok()? * factor;
    (bytes.is_finite() && bytes >= 0.0).then_some(bytes as u64)
}

/// A node with what is left on it.
#[derive(Debug, Clone)]
pub(crate) struct NodeRoom {
    pub(crate) name: String,
    /// Key, value and effect.
    pub(crate) taints: Vec<(String, String, String)>,
    /// What pods can request in all.
    pub(crate) allocatable: Amount,
    free: Amount,
    slots: u64,
    /// Pods on it, by deployment.
    pods: BTreeMap<String, u64>,
}

/// The nodes of a cluster, empty.
pub(crate) fn nodes(cluster: &Resource) -> Vec<NodeRoom> {
    let digits = digits(cluster);
    let of_pool = |pool: &Value| {
        let name = pool["name"].as_str().unwrap_or_default().to_string();
        let (digits, empty) = (digits.clone(), empty_node(pool));
        (0..pool["count"].as_u64().unwrap_or_default()).map(move |at| NodeRoom {
            name: format!("aks-{name}-{digits}-vmss{at:06}"),
            ..empty.clone()
        })
    };
    pools(cluster).flat_map(of_pool).collect()
}

fn empty_node(pool: &Value) -> NodeRoom {
    let size = sizes::find(pool["vmSize"].as_str().unwrap_or_default());
    let most_pods = pool["maxPods"].as_u64().unwrap_or(110);
    let offered = size.map_or(Amount::default(), |size| {
        let memory = (size.memory_gb * 1024.0) as u64 * MIB;
        let reserved = (20 * most_pods + 50) * MIB;
        Amount {
            cpu: (size.vcpus * 1000).saturating_sub(reserved_cpu(size.vcpus)),
            memory: memory.saturating_sub(reserved.min(memory / 4) + EVICTION),
            gpus: size.gpus,
        }
    });
    NodeRoom {
        name: String::new(),
        taints: taints(pool),
        allocatable: offered,
        free: offered,
        slots: most_pods,
        pods: BTreeMap::new(),
    }
}

/// Thousandths of a vCPU that AKS keeps, by the node's vCPU.
fn reserved_cpu(vcpus: u64) -> u64 {
    match vcpus {
        0..=1 => 60,
        2..=3 => 100,
        4..=7 => 140,
        8..=15 => 180,
        16..=31 => 260,
        32..=63 => 420,
        _ => 740,
    }
}

fn taints(pool: &Value) -> Vec<(String, String, String)> {
    let written = pool["nodeTaints"].as_array().into_iter().flatten();
    let read = written.filter_map(Value::as_str).filter_map(|taint| {
        let (pair, effect) = taint.rsplit_once(':')?;
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        Some((key.to_string(), value.to_string(), effect.to_string()))
    });
    read.collect()
}

impl NodeRoom {
    /// Why a pod cannot run here, in the scheduler's words; `None` if it can.
    fn refusal(&self, wanted: Amount, tolerant: bool) -> Option<String> {
        let keeps_away = |(key, _, effect): &&(String, String, String)| {
            effect != "PreferNoSchedule" && !tolerant && !key.starts_with(TOLERATED)
        };
        if let Some((key, value, _)) = self.taints.iter().find(keeps_away) {
            return Some(format!("node(s) had untolerated taint {{{key}: {value}}}"));
        }
        let short = [
            (self.slots == 0, "Too many pods"),
            (self.free.cpu < wanted.cpu, "Insufficient cpu"),
            (self.free.memory < wanted.memory, "Insufficient memory"),
            (self.free.gpus < wanted.gpus, "Insufficient nvidia.com/gpu"),
        ];
        short
            .into_iter()
            .find_map(|(short, why)| short.then(|| why.to_string()))
    }

    fn take(&mut self, wanted: Amount, deployment: &str) {
        self.free.cpu = self.free.cpu.saturating_sub(wanted.cpu);
        self.free.memory = self.free.memory.saturating_sub(wanted.memory);
        self.free.gpus = self.free.gpus.saturating_sub(wanted.gpus);
        self.slots = self.slots.saturating_sub(1);
        *self.pods.entry(deployment.to_string()).or_default() += 1;
    }
}

/// Puts a pod on the node with the fewest pods of its deployment, then of all; returns the node's index.
///
/// # Errors
/// The scheduler's message when no node has room.
pub(crate) fn place(
    nodes: &mut [NodeRoom],
    wanted: Amount,
    deployment: &str,
    tolerant: bool,
) -> Result<usize, String> {
    if nodes.is_empty() {
        return Err("no nodes available to schedule pods".to_string());
    }
    let load = |node: &NodeRoom| {
        let own = node.pods.get(deployment).copied().unwrap_or_default();
        (own, node.pods.values().sum::<u64>())
    };
    let fits = nodes
        .iter()
        .enumerate()
        .filter(|(_, node)| node.refusal(wanted, tolerant).is_none());
    let best = fits.min_by_key(|(_, node)| load(node)).map(|(at, _)| at);
    if let Some(at) = best {
        nodes[at].take(wanted, deployment);
        return Ok(at);
    }
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    for why in nodes.iter().filter_map(|node| node.refusal(wanted, tolerant)) {
        *reasons.entry(why).or_default() += 1;
    }
    let reasons: Vec<String> = reasons
        .iter()
        .map(|(why, count)| format!("{count} {why}"))
        .collect();
    Err(format!(
        "0/{} nodes are available: {}.",
        nodes.len(),
        reasons.join(", ")
    ))
}

/// `status.allocatable` of a node.
pub(crate) fn shown(amount: Amount, pods: &Value) -> Value {
    let mut shown = json!({
        "cpu": format!("{}m", amount.cpu), "memory": format!("{}Ki", amount.memory / 1024), "pods": pods.to_string(),
    });
    if amount.gpus > 0 {
        shown["nvidia.com/gpu"] = json!(amount.gpus.to_string());
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster(count: u64, taint: &str) -> Resource {
        let taints: Vec<&str> = [taint].into_iter().filter(|taint| !taint.is_empty()).collect();
        let body = json!({ "properties": { "agentPoolProfiles": [
            { "name": "system", "count": count, "vmSize": "Standard_D2s_v5", "maxPods": 110, "nodeTaints": taints }] } });
        Resource::new("/x/managedClusters/k", "k", body)
    }

    fn cpu_of(millis: u64) -> Amount {
        Amount {
            cpu: millis,
            ..Amount::default()
        }
    }

    #[test]
    fn quantities_are_read() {
        assert_eq!(
            [cpu("500m"), cpu("2"), cpu("0.25"), cpu("x"), cpu("")],
            [Some(500), Some(2000), Some(250), None, None]
        );
        assert_eq!(
            [memory("200Mi"), memory("0.5Gi"), memory("1G")],
            [Some(200 * MIB), Some(512 * MIB), Some(1_000_000_000)]
        );
        assert_eq!([memory("12"), memory("-1Gi"), memory("")], [Some(12), None, None]);
    }

    #[test]
    fn replicas_are_spread_until_no_node_has_room() {
        let mut nodes = nodes(&cluster(2, ""));
        assert_eq!(nodes[0].allocatable.cpu, 1900);
        let placed: Vec<usize> = (0..2)
            .filter_map(|_| place(&mut nodes, cpu_of(1000), "a", false).ok())
            .collect();
        assert_eq!(placed, [0, 1]);
        let refused = place(&mut nodes, cpu_of(1000), "a", false);
        assert_eq!(
            refused,
            Err("0/2 nodes are available: 2 Insufficient cpu.".to_string())
        );
        let gpu = Amount {
            gpus: 1,
            ..Amount::default()
        };
        let refused = place(&mut nodes, gpu, "a", false).unwrap_err();
        assert!(refused.contains("2 Insufficient nvidia.com/gpu"), "{refused}");
    }

    #[test]
    fn taints_keep_pods_away_except_those_of_aml() {
        let mut tainted = nodes(&cluster(1, "team=x:NoSchedule"));
        let refused = place(&mut tainted, cpu_of(1), "a", false).unwrap_err();
        assert!(
            refused.contains("1 node(s) had untolerated taint {team: x}"),
            "{refused}"
        );
        assert!(place(&mut tainted, cpu_of(1), "a", true).is_ok());
        let mut own = nodes(&cluster(1, "ml.azure.com/amlarc=true:NoSchedule"));
        assert!(place(&mut own, cpu_of(1), "a", false).is_ok());
    }
}
