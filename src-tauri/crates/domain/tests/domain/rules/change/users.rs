//! Users of the cluster that could not be read completely, and who a change interrupts.

use super::*;
use crate::rules::{Unknown, row};
use berth_domain::finding::Finding;
use berth_domain::spec::Route;

const KINDS: [(&str, UnreadKind); 6] = [
    ("USE-01.subscriptions", UnreadKind::Subscriptions),
    ("USE-01.subscription", UnreadKind::Subscription),
    ("USE-01.workspace", UnreadKind::Workspace),
    ("USE-01.compute", UnreadKind::Compute),
    ("USE-01.services", UnreadKind::Services),
    ("USE-01.deployments", UnreadKind::Deployments),
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

/// Every change that interrupts or destroys something.
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
fn unread_users_block_until_accepted_by_name() {
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
        let finding = about_users(&blocked);
        assert_eq!((finding.severity, finding.waivable), (Blocking, true));
        assert_eq!(finding.resource.as_deref(), Some(good::UNREAD));
        assert!(!codes(&blocked).contains("CHG-03.none"), "{:?}", good.change);
        blocked.spec.waived = others.map(str::to_owned).to_vec();
        assert_eq!(about_users(&blocked).severity, Blocking, "{:?}", good.change);
        for consent in [finding.waiver(), finding.waiver().to_uppercase() + "/"] {
            blocked.spec.waived = vec![consent];
            assert_eq!(about_users(&blocked).severity, Unknown, "{:?}", good.change);
        }
    }
}

#[test]
fn consent_to_one_unread_resource_does_not_cover_another() {
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
fn an_unread_fact_a_change_depends_on_blocks_until_accepted() {
    type Spoil = fn(&mut Facts);
    let cleans = facing(&classic(clean_up()), |facts| good::attach(facts, vec![]));
    let cases: Vec<(Good, Spoil, &str)> = vec![
        (
            cleans.clone(),
            |facts| facts.leftovers = Fact::Unknown("403".into()),
            "CLN-02",
        ),
        (
            cleans,
            |facts| facts.extensions = Fact::Unknown("403".into()),
            "USE-02",
        ),
        (
            classic(refresh()),
            |facts| facts.change.kept = Fact::Unknown("403".into()),
            "REF-03",
        ),
        (
            classic(begin()),
            |facts| facts.change.kept = Fact::Unknown("403".into()),
            "REF-03",
        ),
        (
            classic(begin()),
            |facts| facts.namespaces = Fact::Unknown("403".into()),
            "ATT-13",
        ),
        (
            extension(balance(new_id(), LoadBalancer::Public)),
            |facts| facts.extensions = Fact::Unknown("403".into()),
            "EXS-01",
        ),
        (
            classic(power(false)),
            |facts| facts.extensions = Fact::Unknown("403".into()),
            "USE-02",
        ),
        (
            classic(power(false)),
            |facts| facts.leftovers = Fact::Unknown("403".into()),
            "USE-03",
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
        let finding = unread(&blocked);
        assert_eq!((finding.rule.as_str(), finding.severity), (rule, Blocking));
        blocked.spec.waived = vec![rule.to_owned()];
        assert_eq!(unread(&blocked).severity, Blocking);
        blocked.spec.waived = vec![finding.waiver()];
        assert_eq!(unread(&blocked).severity, Unknown);
    }
}

/// Nothing can be planned for a target that could not be read, so consent does not help.
#[test]
fn an_unread_target_blocks_every_change_of_it() {
    let changes = [
        scale(5),
        autoscale(3, 5),
        upgrade("1.36", true),
        power(true),
        power(false),
        delete("aks-there"),
    ];
    for change in changes {
        let mut good = facing(&classic(change), |facts| {
            facts.cluster = Fact::Unknown("403".into())
        });
        good.spec.waived = vec![format!("CHG-01:{}", good::cluster().id)];
        let found = findings(&good);
        let finding = found.iter().find(|finding| finding.code == "unread.cluster");
        let finding = finding.expect("a finding about the cluster");
        assert_eq!((finding.severity, finding.waivable), (Blocking, false));
        assert_eq!(finding.params["why"], "403");
    }
}

#[test]
fn endpoints_sharing_the_front_end_are_interrupted_in_all_workspaces() {
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
        let finding = found.iter().find(|finding| finding.rule == "CHG-03");
        finding.and_then(|finding| finding.params.get("names").cloned())
    };
    assert_eq!(names(&shared).as_deref(), Some("theirs"));
    let stops = Good {
        change: Some(power(false)),
        ..shared
    };
    assert_eq!(names(&stops).as_deref(), Some("old, theirs"));
}

/// Every disruptive change that reports that nobody is interrupted.
fn interrupting_nobody() -> Vec<Good> {
    let mut all = disrupting();
    all.retain(|good| codes(good).contains("CHG-03.none"));
    assert!(all.len() >= 9, "{}", all.len());
    all
}

#[test]
fn no_interruption_is_only_reported_if_everything_was_read() {
    type Spoil = fn(&mut Facts);
    let unread: [(&str, Spoil); 3] = [
        ("unread.cluster", |facts| {
            facts.cluster = Fact::Unknown("403".into())
        }),
        ("unread.extensions", |facts| {
            facts.extensions = Fact::Unknown("403".into())
        }),
        ("unread.leftovers", |facts| {
            facts.leftovers = Fact::Unknown("403".into())
        }),
    ];
    for good in interrupting_nobody() {
        // Clearing up depends only on the run's resources.
        if matches!(good.change, Some(Change::ClearUp { .. })) {
            continue;
        }
        for (code, spoil) in unread {
            let found = codes(&facing(&good, spoil));
            assert!(!found.contains("CHG-03.none"), "{:?}: {found:?}", good.change);
            assert!(found.contains(code), "{:?}: {found:?}", good.change);
        }
    }
}

#[test]
fn consent_to_one_unread_fact_does_not_cover_another() {
    let mut blocked = facing(&classic(power(false)), |facts| {
        facts.extensions = Fact::Unknown("403".into());
        facts.leftovers = Fact::Unknown("403".into());
    });
    let severities = |good: &Good| {
        let mut found = findings(good);
        found.retain(|finding| finding.code.starts_with("unread."));
        found.sort_by(|one, other| one.code.cmp(&other.code));
        found
            .into_iter()
            .map(|one| (one.severity, one.waiver()))
            .collect::<Vec<_>>()
    };
    let [(Blocking, extensions), (Blocking, _)] = &severities(&blocked)[..] else {
        panic!("{:?}", severities(&blocked));
    };
    blocked.spec.waived = vec![extensions.clone()];
    let after: Vec<Severity> = severities(&blocked)
        .into_iter()
        .map(|(severity, _)| severity)
        .collect();
    assert_eq!(after, [Unknown, Blocking]);
}

#[test]
fn a_deleted_cluster_gives_no_findings_on_interruptions() {
    for good in interrupting_nobody() {
        let gone = facing(&good, |facts| {
            facts.cluster = Fact::Known(None);
            facts.extensions = Fact::Unknown("404".into());
            facts.leftovers = Fact::Unknown("404".into());
        });
        let found = findings(&gone);
        assert!(
            found.iter().all(|one| one.rule != "CHG-03"),
            "{:?}: {found:#?}",
            good.change
        );
        let asks = |one: &Finding| ["USE-02", "USE-03"].contains(&one.rule.as_str());
        assert!(!found.iter().any(asks), "{found:#?}");
    }
}

#[test]
fn leftovers_of_a_stopped_cluster_do_not_matter() {
    let stopped = on(&classic(delete("aks-there")), |found| {
        found.power_state = "Stopped".into()
    });
    let stopped = facing(&stopped, |facts| {
        facts.leftovers = Fact::Unknown("stopped".into())
    });
    let found = codes(&stopped);
    assert!(
        found.contains("CHG-03.none") && !found.contains("unread.leftovers"),
        "{found:?}"
    );
}

#[test]
fn endpoints_are_listed_with_their_deployments() {
    let good = facing(&classic(power(false)), |facts| {
        let blue = |name: &str| Deployment {
            name: name.into(),
            state: "Succeeded".into(),
        };
        let srch = Dependent {
            deployments: vec![blue("blue"), blue("green")],
            ..dependent("srch", CLASSIC)
        };
        good::answering(facts, vec![srch]);
    });
    let found = findings(&good);
    let finding = found.iter().find(|finding| finding.rule == "CHG-03");
    assert_eq!(
        finding.map(|finding| finding.params["names"].as_str()),
        Some("srch (blue, green)")
    );
}

#[test]
fn other_unchecked_rules_are_listed_once() {
    let good = facing(&classic(delete("aks-there")), |facts| {
        facts.cluster = Fact::Unknown("403".into())
    });
    let others = findings(&good)
        .into_iter()
        .find(|finding| finding.code == "unread.cluster")
        .and_then(|finding| finding.others_unchecked());
    assert_eq!(others.as_deref(), Some("CHG-03, DEL-01"));
    let alone = facing(&classic(refresh()), |facts| {
        facts.change.kept = Fact::Unknown("403".into())
    });
    let kept = findings(&alone)
        .into_iter()
        .find(|finding| finding.code == "unread.kept");
    assert_eq!(kept.map(|finding| finding.others_unchecked()), Some(None));
}
