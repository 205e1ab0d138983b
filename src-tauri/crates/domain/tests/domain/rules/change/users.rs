//! Who uses the cluster, where that could not be read completely.

use super::*;
use crate::rules::{Unknown, row};
use berth_domain::finding::Finding;
use berth_domain::spec::Route;

const KINDS: [(&str, UnreadKind); 5] = [
    ("USE-01.subscriptions", UnreadKind::Subscriptions),
    ("USE-01.subscription", UnreadKind::Subscription),
    ("USE-01.workspace", UnreadKind::Workspace),
    ("USE-01.compute", UnreadKind::Compute),
    ("USE-01.services", UnreadKind::Services),
];

fn unread(good: &Good, what: UnreadKind) -> Good {
    facing(good, |facts| {
        good::unread(facts);
        for place in &mut facts.users.as_mut().expect("users").unread {
            place.what = what;
        }
    })
}

pub(super) fn rows() -> Vec<Row> {
    let more = classic(scale(5));
    let kinds = KINDS.into_iter().flat_map(|(code, what)| {
        let [deletes, scales] = [classic(delete("aks-there")), more.clone()];
        [
            told(code, Blocking, deletes.clone(), unread(&deletes, what)),
            told(code, Unknown, scales.clone(), unread(&scales, what)),
        ]
    });
    let clears = classic(clear_up());
    let shared = facing(&clears, |facts| {
        good::attach(
            facts,
            vec![good::compute(NEW, "Kubernetes"), good::compute(CLASSIC, "AKS")],
        );
    });
    let set_up = |route, severity| {
        let good = good::existing(route);
        row("USE-01.workspace", severity, good, |_, facts| good::unread(facts))
    };
    let installed = good::existing(Route::Extension).with(|_, facts| {
        facts.extensions = Fact::Known(vec![good::installed("azureml")]);
    });
    let changes = unread(&installed, UnreadKind::Workspace);
    kinds
        .chain([
            told("CLU-05", Blocking, clears, shared),
            set_up(Route::Classic, Blocking),
            set_up(Route::Extension, Unknown),
            told("USE-01.workspace", Blocking, installed, changes),
        ])
        .collect()
}

/// Every change that interrupts or destroys.
fn disrupting() -> Vec<Good> {
    let made = with_compute(
        &classic(delete_both("aks-there")),
        "/properties/isAttachedCompute",
        false.into(),
    );
    vec![
        classic(upgrade("1.36", true)),
        classic(upgrade("1.36", false)),
        classic(power(false)),
        classic(balance(classic_id(), internal(None))),
        extension(balance(new_id(), LoadBalancer::Public)),
        classic(secure(classic_id(), Tls::None)),
        extension(secure(new_id(), Tls::None)),
        labelled(&classic(renew())),
        classic(refresh()),
        classic(begin()),
        moving(back()),
        moving(finish()),
        facing(&classic(clean_up()), |facts| good::attach(facts, vec![])),
        classic(detach()),
        classic(delete("aks-there")),
        made,
        classic(clear_up()),
    ]
}

fn about_users(good: &Good) -> Finding {
    let mut found = findings(good);
    found.retain(|finding| finding.rule == "USE-01");
    assert_eq!(found.len(), 1, "{:?}: {found:#?}", good.change);
    found.remove(0)
}

#[test]
fn what_is_not_known_to_be_free_is_disrupted_after_consent_by_name_alone() {
    let others = [
        "USE-01",
        "use-01:",
        "CLN-01:/subscriptions/s-2",
        "USE-01:/subscriptions/s-2",
        good::UNREAD,
        "*",
    ];
    for good in disrupting() {
        let mut blocked = unread(&good, UnreadKind::Workspace);
        let said = about_users(&blocked);
        assert_eq!((said.severity, said.waivable), (Blocking, true));
        assert_eq!(said.resource.as_deref(), Some(good::UNREAD));
        assert!(!codes(&blocked).contains("CHG-03.none"), "{:?}", good.change);
        blocked.spec.waived = others.map(str::to_owned).to_vec();
        assert_eq!(about_users(&blocked).severity, Blocking, "{:?}", good.change);
        for consent in [said.waiver(), said.waiver().to_uppercase() + "/"] {
            blocked.spec.waived = vec![consent];
            assert_eq!(about_users(&blocked).severity, Unknown, "{:?}", good.change);
        }
    }
}

#[test]
fn consent_to_one_place_is_none_to_another() {
    let mut good = unread(&classic(detach()), UnreadKind::Workspace);
    let users = good.facts.users.as_mut().expect("users");
    let mut other = users.unread[0].clone();
    other.resource_id = other.resource_id.replace("ml-trial-old", "ml-trial");
    users.unread.push(other);
    good.spec.waived = vec![format!("USE-01:{}", good::UNREAD)];
    let severities: Vec<Severity> = findings(&good)
        .into_iter()
        .filter(|finding| finding.rule == "USE-01")
        .map(|finding| finding.severity)
        .collect();
    assert_eq!(severities, [Blocking, Unknown]);
}

#[test]
fn what_a_change_depends_on_and_could_not_be_read_takes_consent_too() {
    type Spoil = fn(&mut Facts);
    let cleans = facing(&classic(clean_up()), |facts| good::attach(facts, vec![]));
    let cases: Vec<(Good, Spoil, &str)> = vec![
        (
            cleans,
            |facts| facts.leftovers = Fact::Unknown("403".into()),
            "CLN-02",
        ),
        (
            classic(refresh()),
            |facts| facts.change.kept = Fact::Unknown("403".into()),
            "REF-03",
        ),
        (
            extension(balance(new_id(), LoadBalancer::Public)),
            |facts| facts.extensions = Fact::Unknown("403".into()),
            "EXS-01",
        ),
        (
            classic(delete("aks-there")),
            |facts| facts.cluster = Fact::Unknown("403".into()),
            "CHG-01",
        ),
    ];
    for (good, spoil, rule) in cases {
        let mut blocked = facing(&good, spoil);
        let unread = |good: &Good| {
            let mut found = findings(good);
            found.retain(|finding| finding.code.starts_with("unread."));
            assert_eq!(found.len(), 1, "{found:#?}");
            found.remove(0)
        };
        let said = unread(&blocked);
        assert_eq!((said.rule.as_str(), said.severity), (rule, Blocking));
        blocked.spec.waived = vec![rule.to_owned()];
        assert_eq!(unread(&blocked).severity, Blocking);
        blocked.spec.waived = vec![said.waiver()];
        assert_eq!(unread(&blocked).severity, Unknown);
    }
}

#[test]
fn whoever_shares_the_front_end_is_interrupted_whichever_workspace_they_are_in() {
    let elsewhere = ComputeFacts {
        id: new_id().replace("ws-prod", "ws-lab"),
        workspace: "ws-lab".into(),
        ..good::compute(NEW, "Kubernetes")
    };
    let shared = facing(&extension(secure(new_id(), Tls::None)), |facts| {
        let classic = good::compute(CLASSIC, "AKS");
        let services = [("theirs", &elsewhere.id), ("old", &classic.id)];
        let dependents = services.map(|(name, id)| Dependent {
            compute_id: id.to_lowercase(),
            ..dependent(name, NEW)
        });
        good::attach(
            facts,
            vec![good::compute(NEW, "Kubernetes"), elsewhere.clone(), classic],
        );
        good::answering(facts, dependents.to_vec());
    });
    let names = |good: &Good| {
        let found = findings(good);
        let said = found.iter().find(|finding| finding.rule == "CHG-03");
        said.and_then(|said| said.params.get("names").cloned())
    };
    assert_eq!(names(&shared).as_deref(), Some("theirs"));
    let stops = Good {
        change: Some(power(false)),
        ..shared
    };
    assert_eq!(names(&stops).as_deref(), Some("old, theirs"));
}
