//! Tests each cause with a case that has it and one that does not.

use super::*;
use crate::certificate::CertificateFacts;
use crate::facts::{ClusterFacts, ComputeFacts, ExtensionFacts, Fact, PoolFacts};
use crate::spec::Route;

mod from_outside;
mod of_azure;
mod of_pods;
mod of_states;
mod words;

fn pool(count: u32) -> PoolFacts {
    PoolFacts {
        name: "system".to_owned(),
        vm_size: "Standard_D4s_v5".to_owned(),
        count,
        mode: "System".to_owned(),
        os_type: "Linux".to_owned(),
        version: "1.35.4".to_owned(),
        max_surge: None,
        power_state: "Running".to_owned(),
        taints: Vec::new(),
        provisioning_state: "Succeeded".into(),
        min_count: None,
        max_count: None,
        subnet_id: None,
        kind: "VirtualMachineScaleSets".into(),
        mixed: Vec::new(),
        os_sku: Some("Ubuntu2404".into()),
        priority: None,
        max_pods: Some(30),
        pod_subnet_id: None,
        max_unavailable: None,
    }
}

fn cluster() -> ClusterFacts {
    ClusterFacts {
        id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks"
            .to_owned(),
        name: "aks".to_owned(),
        resource_group: "g".to_owned(),
        subscription_id: "s".to_owned(),
        location: "westeurope".to_owned(),
        kubernetes_version: "1.35.4".to_owned(),
        provisioning_state: "Succeeded".into(),
        power_state: "Running".to_owned(),
        identity_type: None,
        principal_id: None,
        pools: vec![pool(3)],
        load_balancer_sku: "standard".to_owned(),
        sku_name: Some("Base".into()),
        node_provisioning: Some("Manual".into()),
        network_plugin_mode: None,
        pod_cidrs: Vec::new(),
        network_plugin: "azure".to_owned(),
        private_cluster: false,
        private_public_fqdn: false,
        run_command: true,
        tier: "Standard".to_owned(),
        support_plan: "KubernetesOfficial".to_owned(),
        authorized_ranges: Vec::new(),
        local_accounts_disabled: false,
        node_resource_group: "mc".to_owned(),
        tags: BTreeMap::new(),
        untold: Vec::new(),
    }
}

fn compute(name: &str, kind: &str) -> ComputeState {
    ComputeState {
        facts: ComputeFacts {
            id: format!("/w/{name}"),
            name: name.to_owned(),
            workspace: "ml".to_owned(),
            compute_type: kind.to_owned(),
            cluster_id: None,
            provisioning_state: "Succeeded".into(),
            is_attached: Some(true),
            purpose: None,
            namespace: None,
            tags: BTreeMap::new(),
            identity: None,
        },
        purpose: None,
        tls: None,
        cname: None,
        internal: false,
        errors: Vec::new(),
    }
}

fn answering(name: &str, state: &str) -> AnsweringState {
    AnsweringState {
        name: name.to_owned(),
        compute: "ml/k8s".to_owned(),
        state: state.to_owned(),
        ..AnsweringState::default()
    }
}

fn extension() -> ExtensionState {
    let settings = [("enableInference", "True"), ("inferenceRouterHA", "True")];
    ExtensionState {
        facts: ExtensionFacts {
            id: "/e".to_owned(),
            name: "azureml".to_owned(),
            extension_type: "microsoft.azureml.kubernetes".to_owned(),
            provisioning_state: "Succeeded".into(),
            version: None,
            settings: settings
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            error: None,
            whole: serde_json::Value::Null,
        },
        errors: Vec::new(),
        minutes: Some(3),
    }
}

fn error(code: &str, message: &str) -> ReportedError {
    ReportedError {
        code: code.to_owned(),
        message: message.to_owned(),
    }
}

fn node(name: &str) -> NodeFacts {
    NodeFacts {
        name: name.to_owned(),
        ready: true,
        cpu_millis: 4000,
        ..NodeFacts::default()
    }
}

fn container() -> ContainerFacts {
    ContainerFacts {
        name: "server".to_owned(),
        image: "mcr/x:1".to_owned(),
        ready: true,
        ..ContainerFacts::default()
    }
}

fn pod(name: &str) -> PodFacts {
    PodFacts {
        namespace: "azureml".to_owned(),
        name: name.to_owned(),
        phase: "Running".to_owned(),
        node: Some("n0".to_owned()),
        containers: vec![container()],
        ..PodFacts::default()
    }
}

fn certificate() -> CertificateFacts {
    serde_json::from_value(serde_json::json!({
        "subject": "CN=ml.contoso.com", "issuer": "CN=x", "serial": "1", "names": ["ml.contoso.com"],
        "notBefore": "2026-01-01T00:00:00Z", "notAfter": "2027-06-01T00:00:00Z", "daysLeft": 200, "lifeDays": 365,
        "notYetValid": false, "expired": false, "keyType": "RSA", "keyBits": 2048, "weakKey": false, "usualKey": true,
        "signature": "sha256", "weakSignature": false, "keyGiven": false, "keyMatches": false, "chain": [],
        "inOrder": true, "signedInOrder": true, "complete": true, "rootIncluded": false, "missingIssuer": null,
        "leftOut": [], "sources": [], "issuedBy": "public", "selfSigned": false, "leafIsCa": false, "serverAuth": true,
        "cname": "ml.contoso.com", "covers": true, "onlyCommonNameCovers": false, "sha256": "aa"
    }))
    .expect("facts of a certificate")
}

fn front_end() -> FrontEndState {
    FrontEndState {
        route: Route::Extension,
        namespace: "azureml".to_owned(),
        name: Some("ml.contoso.com".to_owned()),
        name_of_azure: false,
        tls: true,
        internal: false,
        installed: true,
        addresses: Fact::Known(vec!["20.1.2.3".to_owned()]),
        secret: Fact::Known(Some(certificate())),
        connection: Fact::Known(Connection::Tls(Box::new(certificate()))),
    }
}

/// A healthy cluster: three nodes, the extension, one compute, and a working front end.
fn well() -> Symptoms {
    Symptoms {
        inside_closed: None,
        cluster_id: cluster().id,
        cluster: Fact::Known(Some(cluster())),
        computes: Fact::Known(vec![compute("k8s", "Kubernetes")]),
        computes_unread: false,
        answering: vec![
            answering("srch", "Succeeded"),
            answering("srch/blue", "Succeeded"),
        ],
        extension: Fact::Known(Some(extension())),
        inside: InsideFacts {
            nodes: Fact::Known(vec![node("n0"), node("n1"), node("n2")]),
            pods: Fact::Known(vec![pod("azureml-fe-v2-1")]),
            events: Fact::Known(Vec::new()),
            logs: Fact::Known(Vec::new()),
            services: Fact::Known(vec![ServiceFacts {
                namespace: "azureml".to_owned(),
                name: "azureml-fe".to_owned(),
                kind: "LoadBalancer".to_owned(),
                address: Some("20.1.2.3".to_owned()),
                internal: false,
                ports: vec![("https".to_owned(), 443)],
            }]),
            endpoints: Fact::Known(vec![EndpointFacts {
                namespace: "azureml".to_owned(),
                service: "azureml-fe".to_owned(),
                ready: 3,
                not_ready: 0,
            }]),
            health_check: Fact::Known(BTreeMap::new()),
            leftovers: Fact::Known(Vec::new()),
        },
        front_ends: vec![front_end()],
    }
}

/// Codes found after `change` is made to a healthy cluster.
fn codes_after(change: impl FnOnce(&mut Symptoms)) -> Vec<String> {
    diagnosis_after(change)
        .causes
        .into_iter()
        .map(|cause| cause.code)
        .collect()
}

fn diagnosis_after(change: impl FnOnce(&mut Symptoms)) -> Diagnosis {
    let mut symptoms = well();
    change(&mut symptoms);
    let found = diagnose(&symptoms);
    found.causes.iter().for_each(words::hold_their_values);
    found
}

fn with_cluster(change: impl FnOnce(&mut ClusterFacts)) -> impl FnOnce(&mut Symptoms) {
    |symptoms| {
        let mut changed = cluster();
        change(&mut changed);
        symptoms.cluster = Fact::Known(Some(changed));
    }
}

#[test]
fn a_healthy_cluster_has_no_causes() {
    let found = diagnosis_after(|_| {});
    assert_eq!((found.verdict, found.causes), (Verdict::Healthy, Vec::new()));
}

#[test]
fn an_unreadable_cluster_has_no_causes_and_is_listed_as_unread() {
    let symptoms = Symptoms {
        cluster: Fact::Unknown("Forbidden".to_owned()),
        ..Symptoms::default()
    };
    let found = diagnose(&symptoms);
    assert_eq!((found.verdict, found.causes), (Verdict::Partly, Vec::new()));
    assert_eq!(
        unread(&symptoms),
        [Unread {
            what: "cluster".to_owned(),
            why: "Forbidden".to_owned()
        }]
    );
}

#[test]
fn causes_are_sorted_by_severity_and_operations_in_progress_are_not_wrong() {
    let found = diagnosis_after(|symptoms| {
        symptoms.cluster = Fact::Known(Some(ClusterFacts {
            provisioning_state: "Updating".into(),
            ..cluster()
        }));
    });
    assert_eq!(
        (found.verdict, found.causes[0].severity),
        (Verdict::Unfinished, Severity::Information)
    );
    let of_pool = diagnosis_after(with_cluster(|cluster| {
        cluster.pools[0].provisioning_state = "Scaling".into();
    }));
    assert_eq!(of_pool.verdict, Verdict::Unfinished, "{of_pool:?}");
    let found = diagnosis_after(|symptoms| {
        with_cluster(|cluster| cluster.provisioning_state = "Failed".into())(symptoms);
        symptoms.inside.pods = Fact::Known(vec![PodFacts {
            unschedulable: Some("0/3 nodes are available: 3 Insufficient memory.".to_owned()),
            ..pod("model-1")
        }]);
    });
    let severities: Vec<Severity> = found.causes.iter().map(|cause| cause.severity).collect();
    assert_eq!(severities, [Severity::Blocking, Severity::Warning]);
    assert_eq!(found.verdict, Verdict::Wrong);
}

#[test]
fn taints_are_named_if_a_command_finds_no_node() {
    let found = |taint: &'static str, why: &'static str| {
        diagnosis_after(move |symptoms| {
            with_cluster(|cluster| cluster.pools[0].taints = vec![taint.to_owned()])(symptoms);
            symptoms.inside_closed = Some(why.to_owned());
        })
    };
    let refused = "Azure did not take the command: KubernetesOperationError: it did not start within 30s";
    let unplaced = found("CriticalAddonsOnly=true:NoSchedule", refused);
    assert_eq!(unplaced.causes[0].code, "command_unplaced");
    assert!(unplaced.causes[0].params["taints"].contains("CriticalAddonsOnly"));
    assert_eq!(
        found("CriticalAddonsOnly=true:PreferNoSchedule", refused).causes,
        []
    );
    assert_eq!(
        found("CriticalAddonsOnly=true:NoSchedule", "RunCommandDisabled").causes,
        []
    );
}

#[test]
fn no_two_causes_explain_each_other() {
    let all: Vec<&str> = codes().collect();
    for entry in CAUSES {
        for code in entry.explains {
            assert!(
                all.contains(code),
                "{} explains {code}, which is no cause",
                entry.code
            );
            let back = CAUSES.iter().find(|other| other.code == *code).expect("a cause");
            assert!(!back.explains.contains(&entry.code), "{} and {code}", entry.code);
        }
    }
}
