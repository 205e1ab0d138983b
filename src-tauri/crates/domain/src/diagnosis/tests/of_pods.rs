//! Causes found inside the cluster: nodes, pods, leftovers.

use super::*;

fn codes_with(pod: PodFacts) -> Vec<String> {
    codes_after(|symptoms| symptoms.inside.pods = Fact::Known(vec![pod]))
}

pub(super) fn unwell(change: impl FnOnce(&mut ContainerFacts)) -> PodFacts {
    let mut found = pod("model-1");
    found.containers[0].ready = false;
    change(&mut found.containers[0]);
    found
}

pub(super) fn waiting(reason: &str) -> PodFacts {
    unwell(|container| container.waiting = Some(reason.to_owned()))
}

pub(super) fn unplaced(why: &str) -> PodFacts {
    PodFacts {
        phase: "Pending".to_owned(),
        node: None,
        unschedulable: Some(why.to_owned()),
        containers: Vec::new(),
        ..pod("model-1")
    }
}

#[test]
fn each_kind_of_pod_problem_has_its_own_cause() {
    let crashing = unwell(|container| {
        container.waiting = Some("CrashLoopBackOff".to_owned());
        container.ended = Some("Error".to_owned());
        container.restarts = 5;
    });
    let killed = unwell(|container| {
        container.waiting = Some("CrashLoopBackOff".to_owned());
        container.ended = Some("OOMKilled".to_owned());
    });
    let between = unwell(|container| {
        container.ended = Some("Error".to_owned());
        container.restarts = 3;
    });
    let evicted = PodFacts {
        phase: "Failed".to_owned(),
        reason: Some("Evicted".to_owned()),
        ..pod("model-1")
    };
    let starting = PodFacts {
        phase: "Pending".to_owned(),
        ..waiting("ContainerCreating")
    };
    for (pod, code) in [
        (waiting("ImagePullBackOff"), "pod_image"),
        (waiting("ErrImagePull"), "pod_image"),
        (crashing, "pod_crashes"),
        (between, "pod_crashes"),
        (killed, "pod_out_of_memory"),
        (waiting("CreateContainerConfigError"), "pod_not_started"),
        (
            unplaced("0/3 nodes are available: 3 Insufficient cpu."),
            "pod_no_cpu",
        ),
        (
            unplaced("0/3 nodes are available: 3 Insufficient memory."),
            "pod_no_memory",
        ),
        (
            unplaced("0/3 nodes are available: 3 node(s) had untolerated taint {sku: gpu}."),
            "pod_tainted",
        ),
        (
            unplaced("0/3 nodes are available: 3 node(s) didn't match Pod's node affinity."),
            "pod_unplaced",
        ),
        (evicted, "pod_evicted"),
        (unwell(|_| {}), "pod_not_ready"),
        (starting, "pod_waiting"),
    ] {
        assert_eq!(codes_with(pod), [code]);
    }
}

#[test]
fn healthy_and_completed_pods_are_no_cause() {
    assert!(codes_with(pod("model-1")).is_empty());
    let done = PodFacts {
        phase: "Succeeded".to_owned(),
        ..unwell(|container| container.ended = Some("Completed".to_owned()))
    };
    assert!(codes_with(done).is_empty());
    let prepared = unwell(|container| container.done = true);
    assert!(codes_with(prepared).is_empty(), "init containers end");
    let restarted = unwell(|container| {
        container.ready = true;
        container.restarts = 9;
        container.ended = Some("Error".to_owned());
    });
    assert!(codes_with(restarted).is_empty(), "it runs now");
}

#[test]
fn warnings_and_log_lines_are_evidence_of_a_crash() {
    let found = diagnosis_after(|symptoms| {
        symptoms.inside.pods = Fact::Known(vec![waiting("CrashLoopBackOff")]);
        symptoms.inside.events = Fact::Known(vec![EventFacts {
            namespace: "azureml".to_owned(),
            kind: "Pod".to_owned(),
            name: "model-1".to_owned(),
            reason: "BackOff".to_owned(),
            message: "Back-off restarting".to_owned(),
            count: 4,
            last: String::new(),
        }]);
        symptoms.inside.logs = Fact::Known(vec![LogFacts {
            namespace: "azureml".to_owned(),
            pod: "model-1".to_owned(),
            container: "server".to_owned(),
            lines: vec!["ModuleNotFoundError: No module named 'x'".to_owned()],
        }]);
    });
    let evidence = &found.causes[0].evidence;
    assert!(
        evidence.contains(&"Pod/model-1: BackOff: Back-off restarting (×4)".to_owned()),
        "{evidence:?}"
    );
    assert!(
        evidence.contains(&"server: ModuleNotFoundError: No module named 'x'".to_owned()),
        "{evidence:?}"
    );
}

#[test]
fn pods_with_the_same_problem_are_one_cause() {
    let all = (0..5).map(|at| PodFacts {
        name: format!("model-{at}"),
        ..waiting("ImagePullBackOff")
    });
    let found = diagnosis_after(|symptoms| symptoms.inside.pods = Fact::Known(all.collect()));
    assert_eq!(found.causes.len(), 1);
    assert_eq!(
        found.causes[0].params["pods"],
        "azureml/model-0, azureml/model-1, azureml/model-2, +2"
    );
}

#[test]
fn a_front_end_without_backends_is_explained_only_by_its_own_pods() {
    let with = |name: &str| {
        let name = name.to_owned();
        codes_after(move |symptoms| {
            symptoms.inside.pods = Fact::Known(vec![PodFacts {
                name,
                ..waiting("ImagePullBackOff")
            }]);
            symptoms.inside.endpoints = Fact::Known(Vec::new());
        })
    };
    assert_eq!(with("azureml-fe-v2-1"), ["pod_image"]);
    assert_eq!(with("model-1"), ["pod_image", "no_backends"]);
}

#[test]
fn nodes_that_are_not_ready_are_named() {
    let found = diagnosis_after(|symptoms| {
        let not_ready = NodeFacts {
            ready: false,
            trouble: vec!["Ready=Unknown: Kubelet stopped".to_owned()],
            ..node("n3")
        };
        symptoms.inside.nodes = Fact::Known(vec![node("n0"), node("n1"), node("n2"), not_ready]);
    });
    assert_eq!(found.causes[0].code, "nodes_not_ready");
    assert_eq!(found.causes[0].evidence, ["n3: Ready=Unknown: Kubelet stopped"]);
}

#[test]
fn the_minimum_depends_on_the_purpose() {
    let two = |symptoms: &mut Symptoms| symptoms.inside.nodes = Fact::Known(vec![node("n0"), node("n1")]);
    assert_eq!(
        codes_after(two),
        ["below_minimum"],
        "high availability needs three"
    );
    let classic = |purpose: &'static str, cpu_millis: u64| {
        codes_after(move |symptoms| {
            let mut attached = compute("c", "AKS");
            attached.purpose = Some(purpose.to_owned());
            symptoms.computes = Fact::Known(vec![attached]);
            symptoms.extension = Fact::Known(None);
            let small = |name: &str| NodeFacts {
                cpu_millis,
                ..node(name)
            };
            symptoms.inside.nodes = Fact::Known(vec![small("n0"), small("n1"), small("n2")]);
        })
    };
    assert_eq!(classic("FastProd", 2000), ["below_minimum"], "6 vCPU are too few");
    assert!(classic("FastProd", 4000).is_empty());
    assert!(classic("DevTest", 1000).is_empty());
    let single = codes_after(|symptoms| {
        let mut small = extension();
        small
            .facts
            .settings
            .insert("inferenceRouterHA".to_owned(), "False".to_owned());
        symptoms.extension = Fact::Known(Some(small));
        symptoms.inside.nodes = Fact::Known(vec![node("n0")]);
    });
    assert!(single.is_empty());
    let by_pools = codes_after(|symptoms| {
        with_cluster(|cluster| cluster.pools = vec![pool(1)])(symptoms);
        symptoms.inside.nodes = Fact::NotAsked;
    });
    assert_eq!(
        by_pools,
        ["below_minimum"],
        "without access to the cluster, the pools count"
    );
}

#[test]
fn leftovers_are_reported_only_without_an_owner() {
    let leftovers = || Fact::Known(vec!["service default/azureml-fe".parse().unwrap()]);
    assert_eq!(
        codes_after(|symptoms| symptoms.inside.leftovers = leftovers()),
        ["leftovers"]
    );
    let owned = codes_after(|symptoms| {
        symptoms.inside.leftovers = leftovers();
        symptoms.computes = Fact::Known(vec![compute("c", "AKS")]);
    });
    assert!(owned.is_empty());
    let shared = codes_after(|symptoms| {
        symptoms.inside.leftovers = leftovers();
        let mut taking_over = extension();
        taking_over
            .facts
            .settings
            .insert("scoringFe.enableUpgrade".to_owned(), "true".to_owned());
        symptoms.extension = Fact::Known(Some(taking_over));
    });
    assert!(shared.is_empty());
    let unknown = codes_after(|symptoms| {
        symptoms.inside.leftovers = leftovers();
        symptoms.computes = Fact::Unknown("Forbidden".to_owned());
    });
    assert!(unknown.is_empty());
}
