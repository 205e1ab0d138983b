//! Moving a compute from the classic route to the extension.

use super::*;

pub(super) fn rows() -> Vec<Row> {
    let (begins, takes_back, finishes) = (classic(begin()), moving(back()), moving(finish()));
    let of_other_route =
        |good: &Good| facing(good, |facts| facts.change.compute = Fact::Known(Some(raw_new())));
    let made = with_compute(&begins, "/properties/isAttachedCompute", false.into());
    let unsaid = with_compute(&begins, "/properties/isAttachedCompute", serde_json::Value::Null);
    let same_namespace = classic(Change::Move {
        compute_id: classic_id(),
        new_compute: NEW.into(),
        namespace: "azureml-ws-prod".into(),
    });
    let installed = facing(&begins, |facts| {
        facts.extensions = Fact::Known(vec![good::installed("azureml")])
    });
    let attached = |good: &Good, all: Vec<ComputeFacts>| facing(good, |facts| good::attach(facts, all));
    let alone = |good: &Good| attached(good, vec![good::compute(CLASSIC, "AKS")]);
    let stranger = good::compute("somebody", "Kubernetes");
    let elsewhere = ComputeFacts {
        id: moved().id.replace("ws-prod", "ws-lab"),
        workspace: "ws-lab".into(),
        ..moved()
    };
    let waiting = ComputeFacts {
        provisioning_state: "Creating".into(),
        ..moved()
    };
    let live = facing(&takes_back, |facts| {
        good::answering(facts, vec![dependent("new", NEW)])
    });
    vec![
        told("MOV-01", Blocking, begins.clone(), of_other_route(&begins)),
        told(
            "MOV-01",
            Blocking,
            takes_back.clone(),
            of_other_route(&takes_back),
        ),
        told("MOV-01", Blocking, finishes.clone(), of_other_route(&finishes)),
        told("MOV-02", Warning, begins.clone(), made),
        told("MOV-02", Warning, begins.clone(), unsaid),
        told("MOV-03", Blocking, begins.clone(), labelled(&begins)),
        told("MOV-04", Blocking, begins.clone(), same_namespace),
        told("MOV-05", Information, takes_back.clone(), begins.clone()),
        told("MOV-06", Information, begins.clone(), serving(&begins)),
        told("MOV-06", Warning, finishes.clone(), serving(&finishes)),
        told("MOV-07", Blocking, begins, installed),
        told("MOV-08", Blocking, finishes.clone(), alone(&finishes)),
        told(
            "MOV-08",
            Blocking,
            takes_back.clone(),
            facing(&alone(&takes_back), |facts| {
                facts.extensions = Fact::Known(vec![beside(false)])
            }),
        ),
        told(
            "MOV-09",
            Blocking,
            takes_back.clone(),
            attached(&takes_back, vec![moved(), stranger]),
        ),
        told(
            "MOV-09",
            Blocking,
            takes_back.clone(),
            attached(&takes_back, vec![moved(), elsewhere]),
        ),
        told(
            "MOV-10",
            Blocking,
            finishes.clone(),
            attached(&finishes, vec![waiting]),
        ),
        told("MOV-11", Warning, takes_back, live),
    ]
}

#[test]
fn an_interrupted_move_can_be_reverted() {
    let half = facing(&moving(back()), |facts| {
        good::attach(facts, vec![good::compute(CLASSIC, "AKS")])
    });
    assert!(!codes(&half).contains("MOV-08"));
}

#[test]
fn endpoints_on_the_new_compute_need_no_move() {
    let both = facing(&moving(finish()), |facts| {
        good::answering(facts, vec![dependent("old", CLASSIC), dependent("new", NEW)]);
    });
    let found = findings(&both);
    let by_hand = found.iter().find(|finding| finding.code == "MOV-06");
    assert_eq!(by_hand.expect("MOV-06").params["names"], "old");
}

#[test]
fn rules_for_attaching_apply_to_a_move() {
    let taken = facing(&classic(begin()), |facts| {
        facts.computes = Fact::Known(vec![good::compute(NEW, "Kubernetes")])
    });
    assert!(codes(&taken).contains("NAM-05"));
    let principal = on(&classic(begin()), |found| {
        found.identity_type = None;
    });
    assert!(codes(&principal).contains("ATT-11"));
}
