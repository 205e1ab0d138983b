//! Node pools as Azure describes them, with what a new node of each would offer.

use super::amounts::Amounts;
use super::growth::{Pool, new_node};
use super::node::{Node, Taint};
use crate::facts::{Fact, Usage, VmSize};
use crate::sizing::quota_free;
use serde_json::Value;
use std::collections::BTreeMap;

/// Labels that differ between the nodes of a pool.
const OWN_LABELS: [&str; 3] = [
    "kubernetes.io/hostname",
    "topology.kubernetes.io/zone",
    "topology.disk.csi.azure.com/zone",
];

/// The node pools of a cluster in Azure's JSON. The nodes that exist tell what new ones carry.
pub fn pools(
    cluster: &Value,
    nodes: &[Node],
    sizes: &Fact<Vec<VmSize>>,
    usages: &Fact<Vec<Usage>>,
) -> Vec<Pool> {
    let all = cluster.pointer("/properties/agentPoolProfiles");
    let all = all.and_then(Value::as_array).into_iter().flatten();
    all.map(|found| pool(found, nodes, sizes, usages)).collect()
}

fn pool(found: &Value, nodes: &[Node], sizes: &Fact<Vec<VmSize>>, usages: &Fact<Vec<Usage>>) -> Pool {
    let text = |name: &str| found[name].as_str().unwrap_or_default();
    let number = |name: &str| found[name].as_u64().and_then(|count| u32::try_from(count).ok());
    let name = text("name");
    let stopped = found.pointer("/powerState/code").and_then(Value::as_str) == Some("Stopped");
    let scales = found["enableAutoScaling"] == true && !stopped;
    let taints = found["nodeTaints"].as_array().into_iter().flatten();
    let own: Vec<&Node> = nodes
        .iter()
        .filter(|node| node.pool.as_deref() == Some(name))
        .collect();
    let size = size_of(text("vmSize"), sizes);
    let vcpus = size.as_ref().map_or(0, |size| size.vcpus);
    let quota = match (&size, usages) {
        (Err(why), _) | (Ok(_), Fact::Unknown(why)) => Fact::Unknown(why.clone()),
        (Ok(_), Fact::NotAsked) => Fact::NotAsked,
        (Ok(size), Fact::Known(usages)) => quota_free(size, usages).map_or_else(
            || Fact::Unknown(format!("Azure does not say how much quota {} has", size.family)),
            Fact::Known,
        ),
    };
    Pool {
        name: name.to_owned(),
        nodes: number("count").unwrap_or_default(),
        most: number("maxCount").filter(|_| scales),
        labels: labels(found, name, &own),
        taints: taints
            .filter_map(Value::as_str)
            .filter_map(Taint::parse)
            .collect(),
        new_node: offer(
            size,
            number("maxPods"),
            if own.is_empty() {
                nodes.iter().collect()
            } else {
                own
            },
        ),
        vcpus,
        quota,
    }
}

fn size_of<'a>(name: &str, sizes: &'a Fact<Vec<VmSize>>) -> Result<&'a VmSize, String> {
    let sizes = sizes.known().ok_or_else(|| {
        sizes
            .why_unknown()
            .unwrap_or("the VM sizes were not read")
            .to_owned()
    })?;
    let mut sizes = sizes.iter();
    sizes
        .find(|size| size.name.eq_ignore_ascii_case(name))
        .ok_or_else(|| format!("Azure does not list the VM size {name}"))
}

fn labels(found: &Value, name: &str, nodes: &[&Node]) -> BTreeMap<String, String> {
    let os = found["osType"].as_str().unwrap_or("Linux").to_ascii_lowercase();
    let given = found["nodeLabels"].as_object().into_iter().flatten();
    let given = given.filter_map(|(label, value)| Some((label.clone(), value.as_str()?.to_owned())));
    let seen = nodes.first().map(|node| node.labels.clone()).unwrap_or_default();
    let seen = seen
        .into_iter()
        .filter(|(label, _)| !OWN_LABELS.contains(&label.as_str()));
    let fixed = [
        ("kubernetes.io/os", os.as_str()),
        ("agentpool", name),
        ("kubernetes.azure.com/agentpool", name),
        (
            "node.kubernetes.io/instance-type",
            found["vmSize"].as_str().unwrap_or_default(),
        ),
    ];
    let fixed = fixed.map(|(label, value)| (label.to_owned(), value.to_owned()));
    fixed.into_iter().chain(given).chain(seen).collect()
}

/// What a new node has free beside the pods of daemon sets.
fn offer(size: Result<&VmSize, String>, most_pods: Option<u32>, like: Vec<&Node>) -> Fact<Amounts> {
    let read = || -> Result<Amounts, String> {
        let size = size?;
        let most_pods = most_pods.ok_or("Azure does not say how many pods a node takes")?;
        let mut daemon_sets = Amounts::default();
        for node in like {
            let why = node.daemon_sets.why_unknown().unwrap_or("its pods were not read");
            let taken = node
                .daemon_sets
                .known()
                .ok_or_else(|| format!("{}: {why}", node.name))?;
            daemon_sets = daemon_sets.max(taken);
        }
        Ok(new_node(size, most_pods, &daemon_sets))
    };
    read().map_or_else(Fact::Unknown, Fact::Known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sizes() -> Fact<Vec<VmSize>> {
        Fact::Known(vec![VmSize {
            name: "Standard_D4s_v5".to_owned(),
            family: "standardDSv5Family".to_owned(),
            vcpus: 4,
            memory_gib: 16.0,
            gpus: 0,
            architecture: "x64".to_owned(),
            zones: Vec::new(),
            restricted: None,
            premium_io: true,
        }])
    }

    fn usages() -> Fact<Vec<Usage>> {
        let usage = |name: &str, used| Usage {
            name: name.to_owned(),
            label: name.to_owned(),
            used,
            limit: 100,
        };
        Fact::Known(vec![usage("cores", 92), usage("standardDSv5Family", 10)])
    }

    fn cluster(extra: &Value) -> Value {
        let mut pool = json!({ "name": "work", "count": 2, "vmSize": "standard_d4s_v5", "maxPods": 30, "maxCount": 5,
            "enableAutoScaling": true, "nodeLabels": { "team": "a" }, "nodeTaints": ["sku=gpu:NoSchedule"] });
        for (name, value) in extra.as_object().into_iter().flatten() {
            pool[name] = value.clone();
        }
        json!({ "properties": { "agentPoolProfiles": [pool] } })
    }

    fn node(cpu: u64) -> Node {
        Node {
            pool: Some("work".to_owned()),
            labels: BTreeMap::from([
                ("accelerator".to_owned(), "x".to_owned()),
                ("kubernetes.io/hostname".to_owned(), "n".to_owned()),
            ]),
            daemon_sets: Fact::Known(Amounts {
                cpu,
                ..Amounts::default()
            }),
            ..Node::default()
        }
    }

    #[test]
    fn a_pool_has_the_limits_of_its_autoscaler_and_of_the_quota() {
        let nodes = [node(200), node(260)];
        let found = pools(&cluster(&json!({})), &nodes, &sizes(), &usages());
        let pool = &found[0];
        assert_eq!(
            (pool.nodes, pool.most, pool.vcpus, &pool.quota),
            (2, Some(5), 4, &Fact::Known(8))
        );
        assert_eq!(
            pool.new_node.known().map(|free| free.cpu),
            Some(4_000 - 140 - 260)
        );
        assert_eq!(
            (pool.labels["team"].as_str(), pool.labels["accelerator"].as_str()),
            ("a", "x")
        );
        assert!(!pool.labels.contains_key("kubernetes.io/hostname"));
        assert_eq!(pool.taints[0].to_string(), "sku=gpu:NoSchedule");
        for off in [
            json!({ "enableAutoScaling": false }),
            json!({ "powerState": { "code": "Stopped" } }),
        ] {
            assert_eq!(pools(&cluster(&off), &nodes, &sizes(), &usages())[0].most, None);
        }
    }

    #[test]
    fn what_azure_does_not_say_about_new_nodes_is_unknown() {
        let unread = || Fact::Unknown("403".to_owned());
        let unlisted = cluster(&json!({ "vmSize": "Standard_X" }));
        let silent = cluster(&json!({ "maxPods": null }));
        for (cluster, sizes, why) in [
            (cluster(&json!({})), unread(), "403"),
            (unlisted, sizes(), "Azure does not list the VM size Standard_X"),
            (silent, sizes(), "Azure does not say how many pods a node takes"),
        ] {
            let found = pools(&cluster, &[], &sizes, &usages());
            assert_eq!(found[0].new_node.why_unknown(), Some(why));
        }
        let found = pools(
            &cluster(&json!({})),
            &[],
            &sizes(),
            &Fact::Unknown("403".to_owned()),
        );
        assert_eq!(found[0].quota.why_unknown(), Some("403"));
        assert!(pools(&Value::Null, &[], &sizes(), &usages()).is_empty());
    }
}
