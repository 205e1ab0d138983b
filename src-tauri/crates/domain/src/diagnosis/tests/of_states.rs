//! States of Azure resources: a failed state means wrong, one in progress means unfinished, and an unknown one never counts
//! as healthy.

use super::*;

type Set = fn(&mut Symptoms, String);

/// Every kind of resource that has a state.
const ALL: [(&str, Set); 6] = [
    ("cluster", |symptoms, state| {
        with_cluster(|cluster| cluster.provisioning_state = state.into())(symptoms);
    }),
    ("pool", |symptoms, state| {
        with_cluster(|cluster| cluster.pools[0].provisioning_state = state.into())(symptoms);
    }),
    ("compute", |symptoms, state| {
        let mut own = compute("k8s", "Kubernetes");
        own.facts.provisioning_state = state.into();
        symptoms.computes = Fact::Known(vec![own]);
    }),
    ("extension", |symptoms, state| {
        let mut own = extension();
        own.facts.provisioning_state = state.into();
        symptoms.extension = Fact::Known(Some(own));
    }),
    ("endpoint", |symptoms, state| symptoms.answering[0].state = state),
    ("deployment", |symptoms, state| {
        symptoms.answering[1].state = state
    }),
];

fn in_state(set: Set, state: &str) -> (Diagnosis, Vec<Unread>) {
    let mut symptoms = well();
    set(&mut symptoms, state.to_owned());
    let found = diagnose(&symptoms);
    found.causes.iter().for_each(words::hold_their_values);
    (found, unread(&symptoms))
}

#[test]
fn only_the_known_good_state_is_healthy() {
    for (whose, set) in ALL {
        for (state, verdict) in [
            ("Succeeded", Verdict::Healthy),
            ("succeeded", Verdict::Healthy),
            ("Failed", Verdict::Wrong),
            ("Canceled", Verdict::Wrong),
            ("Creating", Verdict::Unfinished),
            ("Updating", Verdict::Unfinished),
            ("Deleting", Verdict::Unfinished),
            ("Weird", Verdict::Partly),
            ("Unknown", Verdict::Partly),
        ] {
            let (found, unread) = in_state(set, state);
            assert_eq!(found.verdict, verdict, "{whose} {state}: {found:#?}");
            let verbatim = unread
                .iter()
                .any(|one| one.what == "state" && one.why.contains(state));
            assert_eq!(
                verbatim,
                verdict == Verdict::Partly,
                "{whose} {state}: {unread:?}"
            );
        }
    }
}

#[test]
fn a_failed_deployment_is_reported_by_name_with_azures_error() {
    let found = diagnosis_after(|symptoms| {
        symptoms.answering[1].state = "Failed".to_owned();
        symptoms.answering[1].errors = vec![error("OutOfCapacity", "no room for the model")];
    });
    let [failed] = &found.causes[..] else {
        panic!("{found:#?}");
    };
    assert_eq!(
        (failed.code.as_str(), failed.severity),
        ("answering_failed", Severity::Blocking)
    );
    assert_eq!(failed.params["name"], "srch/blue");
    assert!(
        failed
            .evidence
            .iter()
            .any(|line| line.contains("OutOfCapacity: no room for the model")),
        "{failed:?}"
    );
}

#[test]
fn services_have_their_own_state_names() {
    for (state, verdict) in [
        ("Healthy", Verdict::Healthy),
        ("Transitioning", Verdict::Unfinished),
        ("Unhealthy", Verdict::Wrong),
        ("Unschedulable", Verdict::Wrong),
        ("Failed", Verdict::Wrong),
        ("Succeeded", Verdict::Partly),
        ("", Verdict::Partly),
    ] {
        let found = diagnosis_after(|symptoms| {
            symptoms.answering = vec![AnsweringState {
                is_service: true,
                ..answering("fraud", state)
            }];
        });
        assert_eq!(found.verdict, verdict, "{state}: {found:#?}");
    }
}

#[test]
fn an_unknown_power_state_is_neither_running_nor_stopped() {
    let found = diagnosis_after(with_cluster(|cluster| cluster.power_state = "Weird".to_owned()));
    assert_eq!((found.verdict, found.causes), (Verdict::Partly, Vec::new()));
}
