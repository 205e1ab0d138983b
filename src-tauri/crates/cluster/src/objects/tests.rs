use super::*;
use serde_json::{Value, from_value, json};

fn read(value: Value) -> PodFacts {
    pod(&from_value(value).expect("a pod"))
}

#[test]
fn a_crashing_pod_has_reason_and_restart_count() {
    let found = read(json!({
        "metadata": { "name": "p", "namespace": "azureml" },
        "spec": { "nodeName": "n0", "containers": [] },
        "status": { "phase": "Running",
            "initContainerStatuses": [{ "name": "init", "image": "i", "imageID": "", "ready": true, "restartCount": 0,
                "state": { "terminated": { "exitCode": 0, "reason": "Completed" } } }],
            "containerStatuses": [{ "name": "c", "image": "mcr/x:1", "imageID": "", "ready": false, "restartCount": 7,
                "state": { "waiting": { "reason": "CrashLoopBackOff", "message": "back-off 5m0s" } },
                "lastState": { "terminated": { "exitCode": 137, "reason": "OOMKilled" } } }] }
    }));
    assert_eq!(
        (found.place().as_str(), found.node.as_deref()),
        ("azureml/p", Some("n0"))
    );
    assert!(found.containers[0].done, "a container that prepares others ends");
    let crashing = &found.containers[1];
    assert_eq!((crashing.restarts, crashing.exit_code), (7, Some(137)));
    assert_eq!(crashing.waiting.as_deref(), Some("CrashLoopBackOff"));
    assert_eq!(crashing.ended.as_deref(), Some("OOMKilled"));
}

#[test]
fn an_unscheduled_pod_has_the_message_of_the_scheduler() {
    let found = read(json!({
        "metadata": { "name": "p", "namespace": "default" },
        "status": { "phase": "Pending", "conditions": [{ "type": "PodScheduled", "status": "False",
            "reason": "Unschedulable", "message": "0/3 nodes are available: 3 Insufficient cpu." }] }
    }));
    assert_eq!(
        found.unschedulable.as_deref(),
        Some("0/3 nodes are available: 3 Insufficient cpu.")
    );
}

#[test]
fn warnings_come_newest_first_without_secrets() {
    let event = |reason: &str, kind: &str, at: &str| {
        from_value::<Event>(json!({
            "metadata": { "name": reason, "namespace": "default" }, "type": kind, "reason": reason, "count": 3,
            "message": "token=abc", "lastTimestamp": at, "involvedObject": { "kind": "Pod", "name": "p" } }))
        .expect("an event")
    };
    let all = [
        event("Old", "Warning", "2026-11-20T10:00:00Z"),
        event("New", "Warning", "2026-11-21T10:00:00Z"),
        event("Fine", "Normal", "2026-11-21T11:00:00Z"),
    ];
    let found = newest(all.iter().map(warning).collect());
    let reasons: Vec<&str> = found.iter().map(|event| event.reason.as_str()).collect();
    assert_eq!(reasons, ["New", "Old"]);
    assert_eq!(
        (found[0].count, found[0].message.as_str()),
        (3, "token=[removed]")
    );
}

#[test]
fn slices_of_a_service_add_up() {
    let slice = |ready: Value| {
        from_value::<EndpointSlice>(json!({
            "metadata": { "namespace": "azureml", "labels": { "kubernetes.io/service-name": "azureml-fe" } },
            "addressType": "IPv4", "endpoints": [{ "addresses": ["10.0.0.1"], "conditions": ready }] }))
        .expect("a slice")
    };
    let all = [
        slice(json!({ "ready": true })),
        slice(json!({ "ready": false })),
        slice(json!({})),
    ];
    let found = endpoints(all.iter().map(super::slice).collect());
    assert_eq!((found.len(), found[0].ready, found[0].not_ready), (1, 2, 1));
}

#[test]
fn a_node_has_its_capacity_and_conditions() {
    let found = node(&from_value(json!({
        "metadata": { "name": "n0" },
        "spec": { "taints": [{ "key": "sku", "value": "gpu", "effect": "NoSchedule" }, { "key": "k", "effect": "NoExecute" }] },
        "status": { "capacity": { "cpu": "3860m" }, "conditions": [
            { "type": "Ready", "status": "Unknown", "message": "Kubelet stopped posting node status." },
            { "type": "MemoryPressure", "status": "True" }, { "type": "DiskPressure", "status": "False" }] }
    }))
    .expect("a node"));
    assert_eq!(
        (found.ready, found.cpu_millis, found.trouble.len()),
        (false, 3860, 2)
    );
    assert_eq!(found.taints, ["sku=gpu:NoSchedule", "k:NoExecute"]);
}

#[test]
fn a_service_without_an_address_waits_for_one() {
    let found = service(&from_value(json!({
        "metadata": { "name": "azureml-fe", "namespace": "azureml", "annotations": { INTERNAL: "true" } },
        "spec": { "type": "LoadBalancer", "ports": [{ "name": "https", "port": 443 }] }, "status": { "loadBalancer": {} }
    }))
    .expect("a service"));
    assert_eq!(
        (found.address.as_deref(), found.internal, found.port(true)),
        (None, true, Some(443))
    );
}

#[test]
fn numbers_of_any_size_are_read() {
    for (text, expected) in [
        ("4", 4000),
        ("3860m", 3860),
        ("18446744073709551615", u64::MAX),
        ("99999999999999999999999", 0),
        ("-1", 0),
        ("", 0),
    ] {
        assert_eq!(millis(&Quantity(text.to_owned())), expected, "{text}");
    }
}

fn read_service(value: Value) -> ServiceFacts {
    service(&from_value(value).expect("a service"))
}

#[test]
fn a_service_is_read_with_its_address_and_ports() {
    let found = read_service(json!({
        "metadata": { "name": "azureml-fe", "annotations": { INTERNAL: "true" } },
        "spec": { "ports": [{ "name": "http", "port": 80 }, { "name": "https", "port": 8443 }] },
        "status": { "loadBalancer": { "ingress": [{ "ip": "10.0.0.7" }] } }
    }));
    assert_eq!(
        (found.address.as_deref(), found.internal),
        (Some("10.0.0.7"), true)
    );
    assert_eq!((found.port(true), found.port(false)), (Some(8443), Some(80)));
}

#[test]
fn a_pending_address_is_none() {
    let found = read_service(json!({ "metadata": {}, "spec": { "ports": [{ "port": 443 }] } }));
    assert_eq!(
        (
            found.address.as_deref(),
            found.internal,
            found.port(true),
            found.port(false)
        ),
        (None, false, Some(443), None)
    );
}
