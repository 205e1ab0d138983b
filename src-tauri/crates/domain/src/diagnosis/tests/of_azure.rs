//! Causes that Azure reports: error codes, cluster, computes, extension.

use super::*;

pub(super) const HEALTH: [&str; 9] = [
    "E40001",
    "E40002",
    "E40003",
    "E40007",
    "E45002",
    "E45003",
    "E45004",
    "E45005",
    "RefreshExtensionIdentityNotSet",
];
pub(super) const COMPUTE: [&str; 10] = [
    "GenericComputeError",
    "ComputeNotFound",
    "ComputeNotAccessible",
    "InvalidComputeInformation",
    "InvalidComputeNoKubernetesConfiguration",
    "GenericClusterError",
    "ClusterNotReachable",
    "ClusterNotFound",
    "ClusterServiceNotFound",
    "ClusterUnauthorized",
];

pub(super) fn failed_extension(message: &str) -> ExtensionState {
    let mut failed = extension();
    failed.facts.provisioning_state = "Failed".into();
    failed.errors = vec![error("ExtensionOperationFailed", message)];
    failed
}

pub(super) fn failed_compute(code: &str) -> ComputeState {
    let mut failed = compute("k8s", "Kubernetes");
    failed.facts.provisioning_state = "Failed".into();
    failed.errors = vec![error(code, "said so")];
    failed
}

#[test]
fn each_code_of_the_extension_is_one_cause_and_explains_its_failure() {
    for code in HEALTH {
        let message = format!("Helm installation failed : {code}: NAME: why");
        let codes = codes_after(|symptoms| {
            symptoms.extension = Fact::Known(Some(failed_extension(&message)));
            symptoms.front_ends.clear();
        });
        assert_eq!(codes, [code]);
    }
}

#[test]
fn each_code_of_the_health_check_is_read_from_its_report() {
    for code in HEALTH {
        let report = BTreeMap::from([("reports-pre-install".to_owned(), format!("1 error\n{code}: why"))]);
        let found = diagnosis_after(|symptoms| symptoms.inside.health_check = Fact::Known(report));
        assert_eq!(found.causes.len(), 1, "{found:?}");
        assert_eq!(
            found.causes[0].evidence,
            [format!("reports-pre-install: {code}: why")]
        );
    }
    let fine = BTreeMap::from([("status-test-success".to_owned(), "0 errors".to_owned())]);
    assert!(codes_after(|symptoms| symptoms.inside.health_check = Fact::Known(fine)).is_empty());
}

#[test]
fn each_code_of_a_compute_is_one_cause_and_explains_its_failure() {
    for code in COMPUTE {
        let found = diagnosis_after(|symptoms| symptoms.computes = Fact::Known(vec![failed_compute(code)]));
        let codes: Vec<&str> = found.causes.iter().map(|cause| cause.code.as_str()).collect();
        assert_eq!(codes, [code]);
        assert_eq!(found.causes[0].params["compute"], "ml/k8s");
        assert!(found.causes[0].evidence[0].contains(code));
    }
}

/// `diagnosis_after` checks that their texts still get all values.
#[test]
fn codes_are_reported_even_if_little_else_is_known() {
    for code in HEALTH.into_iter().chain(COMPUTE) {
        let codes = codes_after(|symptoms| {
            symptoms.cluster = Fact::Unknown("Forbidden".to_owned());
            symptoms.computes = Fact::Unknown("Forbidden".to_owned());
            symptoms.inside = InsideFacts::default();
            symptoms.front_ends.clear();
            symptoms.extension = Fact::Known(Some(failed_extension(code)));
        });
        assert!(codes.contains(&code.to_owned()), "{code}: {codes:?}");
    }
}

#[test]
fn a_code_within_another_word_is_not_that_code() {
    assert!(reported::names("(E40002) too few", "E40002"));
    assert!(!reported::names("XE400021", "E40002"));
    assert!(!reported::names("InvalidComputeNotFound", "ComputeNotFound"));
}

#[test]
fn a_failure_without_a_known_code_quotes_its_message() {
    let found = diagnosis_after(|symptoms| symptoms.computes = Fact::Known(vec![failed_compute("BrandNew")]));
    assert_eq!(found.causes[0].code, "compute_failed");
    assert_eq!(found.causes[0].evidence, ["ml/k8s: BrandNew: said so"]);
    let found = diagnosis_after(|symptoms| {
        symptoms.extension = Fact::Known(Some(failed_extension("no idea")));
        symptoms.front_ends.clear();
    });
    assert_eq!(found.causes[0].code, "extension_failed");
}

#[test]
fn a_cluster_that_is_gone_or_stopped_explains_the_rest() {
    let gone = codes_after(|symptoms| {
        symptoms.cluster = Fact::Known(None);
        symptoms.computes = Fact::Known(vec![failed_compute("ClusterNotFound")]);
    });
    assert_eq!(gone, ["cluster_gone"]);
    let found = diagnosis_after(|symptoms| {
        with_cluster(|cluster| cluster.power_state = "Stopped".to_owned())(symptoms);
        symptoms.computes = Fact::Known(vec![failed_compute("ClusterNotReachable")]);
        symptoms.inside = InsideFacts::default();
    });
    assert_eq!(found.causes.len(), 1, "{found:?}");
    assert_eq!(found.causes[0].code, "cluster_stopped");
    assert!(
        found.causes[0]
            .evidence
            .iter()
            .any(|line| line.contains("ClusterNotReachable")),
        "the absorbed cause becomes evidence"
    );
}

#[test]
fn cluster_states_map_to_causes() {
    for (state, code) in [
        ("Failed", "cluster_failed"),
        ("Canceled", "cluster_failed"),
        ("Updating", "cluster_unfinished"),
    ] {
        let codes = codes_after(with_cluster(|cluster| cluster.provisioning_state = state.into()));
        assert_eq!(codes, [code], "{state}");
    }
    let codes = codes_after(with_cluster(|cluster| {
        cluster.pools.push(PoolFacts {
            power_state: "Stopped".to_owned(),
            ..pool(1)
        });
    }));
    assert_eq!(codes, ["pool_stopped"]);
}

#[test]
fn disabled_local_accounts_matter_only_on_the_classic_route() {
    let off = |kind: &'static str| {
        codes_after(move |symptoms| {
            with_cluster(|cluster| cluster.local_accounts_disabled = true)(symptoms);
            symptoms.computes = Fact::Known(vec![compute("c", kind)]);
        })
    };
    assert_eq!(off("AKS"), ["local_accounts_off"]);
    assert!(off("Kubernetes").is_empty());
}

#[test]
fn two_classic_computes_break_each_other() {
    let twice = |kind: &'static str| {
        codes_after(move |symptoms| {
            let mut broken = compute("a", kind);
            broken.facts.provisioning_state = "Failed".into();
            broken.errors = vec![error("ClusterUnauthorized", "belongs to another")];
            symptoms.computes = Fact::Known(vec![broken, compute("b", kind)]);
        })
    };
    assert_eq!(twice("AKS"), ["attached_twice"]);
    assert_eq!(
        twice("Kubernetes"),
        ["ClusterUnauthorized"],
        "several computes of type Kubernetes are allowed"
    );
}

#[test]
fn a_compute_in_progress_is_reported() {
    let codes = codes_after(|symptoms| {
        let mut busy = compute("k8s", "Kubernetes");
        busy.facts.provisioning_state = "Creating".into();
        symptoms.computes = Fact::Known(vec![busy]);
    });
    assert_eq!(codes, ["compute_unfinished"]);
}

#[test]
fn a_missing_extension_is_reported_if_a_compute_needs_it() {
    let without = |kind: &'static str| {
        codes_after(move |symptoms| {
            symptoms.extension = Fact::Known(None);
            symptoms.front_ends.clear();
            symptoms.computes = Fact::Known(vec![compute("c", kind)]);
        })
    };
    assert_eq!(without("Kubernetes"), ["extension_missing"]);
    assert!(without("AKS").is_empty());
    let unknown = codes_after(|symptoms| symptoms.extension = Fact::Unknown("Forbidden".to_owned()));
    assert!(unknown.is_empty(), "unknown is not missing");
}

#[test]
fn an_extension_is_stuck_after_thirty_minutes() {
    for (minutes, code) in [
        (Some(31), "extension_stuck"),
        (Some(30), "extension_unfinished"),
        (None, "extension_unfinished"),
    ] {
        let codes = codes_after(|symptoms| {
            let mut busy = extension();
            busy.facts.provisioning_state = "Creating".into();
            busy.minutes = minutes;
            symptoms.extension = Fact::Known(Some(busy));
        });
        assert_eq!(codes, [code], "{minutes:?}");
    }
}
