//! The messages of findings exist in every language and use only values that the findings have.

use crate::good::change::*;
use crate::good::{self, Good};
use crate::rules::findings;
use berth_domain::facts::{Fact, Facts};
use berth_domain::finding::{Finding, Severity};
use berth_domain::rules::all_codes;
use berth_domain::spec::{ClusterChoice, LoadBalancer, Route};
use serde_json::Value;
use std::collections::BTreeSet;

const LANGUAGES: [(&str, &str); 4] = [
    (
        "en",
        include_str!("../../../../../ui/src/locales/en/findings.json"),
    ),
    (
        "es",
        include_str!("../../../../../ui/src/locales/es/findings.json"),
    ),
    (
        "pt-BR",
        include_str!("../../../../../ui/src/locales/pt-BR/findings.json"),
    ),
    (
        "sv",
        include_str!("../../../../../ui/src/locales/sv/findings.json"),
    ),
];

fn catalogue(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn lookup(words: &Value, code: &str, what: &str) -> Option<String> {
    let found = code
        .split('.')
        .chain([what])
        .try_fold(words, |node, part| node.get(part))?;
    found.as_str().map(str::to_owned)
}

fn values(text: &str) -> BTreeSet<String> {
    let names = text.split("{{").skip(1).filter_map(|tail| tail.split_once("}}"));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// Asserts that the English messages of a finding use only values that it has.
pub(crate) fn hold_their_values(finding: &Finding) {
    let words = catalogue(LANGUAGES[0].1);
    for what in ["message", "remedy"] {
        let text = lookup(&words, &finding.code, what).unwrap_or_default();
        for name in values(&text) {
            assert!(
                finding.params.contains_key(&name),
                "{}: no value {name} for: {text}",
                finding.code
            );
        }
    }
}

#[test]
fn every_code_has_a_message_in_every_language_and_none_is_unused() {
    let english = catalogue(LANGUAGES[0].1);
    for (language, text) in LANGUAGES {
        let words = catalogue(text);
        for code in all_codes() {
            let message = lookup(&words, code, "message")
                .unwrap_or_else(|| panic!("{language}: no message for {code}"));
            let original = lookup(&english, code, "message").expect("an English message");
            assert_eq!(values(&message), values(&original), "{language}: {code}");
            let remedies = (lookup(&words, code, "remedy"), lookup(&english, code, "remedy"));
            assert_eq!(
                remedies.0.is_some(),
                remedies.1.is_some(),
                "{language}: remedy of {code}"
            );
            assert_eq!(
                values(&remedies.0.unwrap_or_default()),
                values(&remedies.1.unwrap_or_default()),
                "{language}: remedy of {code}"
            );
            if language != "en" {
                assert_ne!(message, original, "{language}: {code} is not translated");
            }
        }
        let mut codes = BTreeSet::new();
        collect(&words, "", &mut codes);
        let known: BTreeSet<String> = all_codes().into_iter().map(str::to_owned).collect();
        assert_eq!(
            codes.difference(&known).collect::<Vec<_>>(),
            Vec::<&String>::new(),
            "{language}: unused messages"
        );
    }
}

/// Collects the paths that have a message or remedy.
fn collect(node: &Value, path: &str, into: &mut BTreeSet<String>) {
    for (name, below) in node.as_object().into_iter().flatten() {
        match name.as_str() {
            "message" | "remedy" => drop(into.insert(path.to_owned())),
            _ => collect(
                below,
                &if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                },
                into,
            ),
        }
    }
}

#[test]
fn blocking_and_warning_findings_have_a_remedy() {
    let words = catalogue(LANGUAGES[0].1);
    for row in crate::rules::worse_than_information() {
        assert!(lookup(&words, row, "remedy").is_some(), "{row} has no remedy");
    }
}

/// For changes: each unread fact, a case, and the rules that need the fact.
fn unread_of_changes() -> Vec<(&'static str, Good, &'static str)> {
    fn why<T>(fact: &mut Fact<T>) {
        *fact = Fact::Unknown("403 Forbidden".into());
    }
    type Spoil = fn(&mut Facts);
    let extensions: Spoil = |facts| why(&mut facts.extensions);
    let kept: Spoil = |facts| why(&mut facts.change.kept);
    let cluster: Spoil = |facts| why(&mut facts.cluster);
    let vm_sizes: Spoil = |facts| why(&mut facts.vm_sizes);
    let outward = extension(balance(new_id(), LoadBalancer::Public));
    let half = facing(&moving(back()), |facts| {
        good::attach(facts, vec![good::compute(CLASSIC, "AKS")]);
    });
    let made = with_compute(
        &classic(delete_both("aks-there")),
        "/properties/isAttachedCompute",
        false.into(),
    );
    let cases: Vec<(&'static str, Good, Spoil, &'static str)> = vec![
        (
            "unread.endpoint",
            serving_endpoint(delete_version("green")),
            |facts| why(&mut facts.change.endpoint),
            "CHG-01",
        ),
        (
            "unread.endpoint_versions",
            serving_endpoint(delete_version("green")),
            |facts| why(&mut facts.change.endpoint_versions),
            "EPT-13",
        ),
        (
            "unread.compute",
            classic(detach()),
            |facts| why(&mut facts.change.compute),
            "CHG-01",
        ),
        ("unread.cluster", classic(scale(5)), cluster, "CHG-01"),
        (
            "unread.cluster",
            classic(delete("aks-there")),
            cluster,
            "CHG-01, CHG-03, DEL-01",
        ),
        ("unread.cluster", made, cluster, "CHG-03, DEL-01"),
        ("unread.kept", classic(refresh()), kept, "REF-03"),
        ("unread.kept", outward.clone(), kept, "REF-03"),
        (
            "unread.extensions",
            outward,
            extensions,
            "EXS-01, EXT-06, ATT-12, USE-02",
        ),
        ("unread.extensions", extension(scale(5)), extensions, "CPU-26"),
        ("unread.extensions", half, extensions, "MOV-08, USE-02"),
        ("unread.vm_sizes", classic(scale(5)), vm_sizes, "SCL-06, CPU-26"),
        ("unread.vm_sizes", classic(autoscale(3, 3)), vm_sizes, "CPU-26"),
        (
            "unread.upgrades",
            classic(upgrade("1.36", false)),
            |facts| why(&mut facts.change.upgrades),
            "VER-06",
        ),
        (
            "unread.versions",
            extension(upgrade("1.36", false)),
            |facts| why(&mut facts.versions),
            "UPG-04, VER-15",
        ),
        (
            "unread.usages",
            classic(upgrade("1.36", true)),
            |facts| why(&mut facts.usages),
            "UPG-02",
        ),
        (
            "unread.leftovers",
            facing(&classic(clean_up()), |facts| good::attach(facts, vec![])),
            |facts| why(&mut facts.leftovers),
            "CLN-02, USE-03",
        ),
        (
            "unread.locks",
            classic(scale(5)),
            |facts| why(&mut facts.locks),
            "ATT-26",
        ),
        (
            "unread.cluster_rights",
            classic(scale(5)),
            |facts| why(&mut facts.cluster_rights),
            "ATT-22",
        ),
        (
            "unread.node_locks",
            classic(scale(5)),
            |facts| why(&mut facts.node_locks),
            "ATT-26",
        ),
        (
            "unread.budgets",
            classic(upgrade("1.36", true)),
            |facts| why(&mut facts.change.budgets),
            "UPG-06",
        ),
        (
            "unread.budgets",
            classic(scale(2)),
            |facts| why(&mut facts.change.budgets),
            "SCL-11",
        ),
        (
            "unread.scope_rights",
            classic(grant("o-1")),
            |facts| why(&mut facts.change.scope_rights),
            "GRT-01",
        ),
    ];
    cases
        .into_iter()
        .map(|(code, good, spoil, rules)| (code, facing(&good, spoil), rules))
        .collect()
}

/// Each fact that could not be read is reported once, with the reason and the rules that need it.
#[test]
fn each_unread_fact_is_reported_once() {
    macro_rules! unread {
        ($($good:expr, $field:ident, $rules:expr;)*) => {
            vec![$((
                concat!("unread.", stringify!($field)),
                $good.with(|_, facts| facts.$field = Fact::Unknown("403 Forbidden".into())),
                $rules,
            )),*]
        };
    }
    let (classic, extension) = (good::existing(Route::Classic), good::existing(Route::Extension));
    let namespaced = extension
        .clone()
        .with(|spec, _| spec.place.namespace = "models".into());
    let own = good::own_network(berth_domain::spec::NetworkPlugin::Azure);
    let routed = own
        .clone()
        .with(|spec, _| spec.network.outbound = berth_domain::spec::Outbound::UserDefinedRouting);
    let own_identity = extension.clone().with(|_, facts| good::with_own_identity(facts));
    let cases = unread! {
        good::extension(), address_policy, "LBR-10, LBR-11";
        good::extension(), certificate, "TLS-12, TLS-13, TLS-14, TLS-15, TLS-23, TLS-24";
        good::extension(), cluster, "NAM-16";
        classic.clone(), cluster, "ATT-07, ATT-08, ATT-09, ATT-30, ATT-33, ATT-34, LBR-08, VER-05, VER-11, CPU-01, CPU-02, CPU-09, CPU-10, CPU-22, NET-18, LBR-18";
        good::extension(), cluster_policy, "POL-01, POL-02";
        good::extension(), computes, "NAM-05";
        extension.clone(), extensions, "EXT-06, ATT-12, TLX-09";
        good::extension(), group_rights, "ATT-22";
        classic, leftovers, "ATT-16";
        extension.clone(), software, "EXT-08, EXT-09";
        extension, leftovers, "ATT-14";
        own_identity, identity_roles, "ATT-31";
        good::extension(), locations, "LOC-01";
        good::extension(), locks, "ATT-26";
        namespaced, namespaces, "ATT-13";
        good::extension(), providers, "ATT-23";
        good::extension(), resource_group, "NAM-17";
        good::extension(), subscription, "STA-04";
        good::new_group(), subscription_rights, "ATT-22";
        good::existing(Route::Extension), cluster_rights, "ATT-22";
        good::extension(), usages, "CPU-19, CPU-20";
        good::extension(), versions, "VER-02, VER-03, VER-04, VER-09";
        good::classic(), vm_sizes, "CPU-01, CPU-11, CPU-14, CPU-22, CPU-29, CPU-18, CPU-19, CPU-20";
        routed, route_table, "NET-12";
        own.clone(), subnet_rights, "ATT-22";
        own, vnet, "NET-05, NET-09, NET-11, NET-12, NET-19";
        good::extension(), workspace, "STA-03, WSP-01, ATT-27, NET-13, NET-14, NET-15";
        good::extension(), workspace_rights, "ATT-22";
    };
    let cases = cases.into_iter().chain(unread_of_changes());
    let mut tried = BTreeSet::new();
    for (code, good, rules) in cases {
        let all = findings(&good);
        let reported: Vec<&Finding> = all.iter().filter(|finding| finding.code == code).collect();
        assert_eq!(reported.len(), 1, "{code}: {all:#?}");
        // A fact that a disruptive change depends on blocks it until accepted by name.
        // So does its target, without which it cannot be planned.
        let blocks = reported[0].resource.is_some() || rules.starts_with("CHG-01");
        let expected = if blocks {
            Severity::Blocking
        } else {
            Severity::Unknown
        };
        assert_eq!(reported[0].severity, expected);
        assert_eq!(
            (
                reported[0].params["why"].as_str(),
                reported[0].params["rules"].as_str()
            ),
            ("403 Forbidden", rules),
            "{code}"
        );
        let only = all
            .iter()
            .filter(|finding| finding.code.starts_with("unread.") || finding.rule == "USE-01")
            .count();
        assert_eq!(only, 1, "{code}: {all:#?}");
        hold_their_values(reported[0]);
        tried.insert(code);
    }
    let known: BTreeSet<&str> = all_codes()
        .into_iter()
        .filter(|code| code.starts_with("unread."))
        .collect();
    assert_eq!(tried, known);
    let unasked = good::extension().with(|spec, facts| {
        spec.cluster = ClusterChoice::Create;
        *facts = Facts::default();
    });
    assert!(
        findings(&unasked)
            .iter()
            .all(|finding| finding.severity != Severity::Unknown),
        "facts that were not requested are not reported"
    );
}
