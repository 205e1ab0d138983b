//! Rules for moving from the classic route to the extension route.

use super::super::verdict::{block, info, unknown, unread, warn, when};
use super::super::{Case, Rule, Verdict};
use crate::bodies::extension;
use crate::carry_over::{self, carry_over};
use crate::change::Change;
use crate::change::interruption::listed;
use crate::change::serving::TlsNow;
use crate::facts::{ComputeFacts, Fact};
use crate::finding::Severity;
use crate::finding::WizardStep::Review;
use crate::resource_id::{last_segment, same_resource};
use crate::spec::{Route, classic_namespace};
use serde_json::Value;

const COEXIST: &str = "Azure/AML-Kubernetes docs/attach-compute-on-aks-v1-cluster.md";
const MIGRATE: &str = "learn.microsoft.com/azure/machine-learning/migrate-to-v2-deploy-endpoints";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("MOV-01", Review, COEXIST, |case| {
        let other = case
            .serving()
            .filter(|serving| moves(case) && serving.route != Route::Classic);
        other.map(|_| block("")).into_iter().collect()
    }),
    Rule::azure("MOV-02", Review, COEXIST, |case| {
        let begins = matches!(case.change, Some(Change::Move { .. }));
        let made = case
            .serving()
            .filter(|serving| begins && serving.is_attached != Some(true));
        made.map(|_| warn("")).into_iter().collect()
    }),
    Rule::azure("MOV-03", Review, COEXIST, |case| {
        let begins = matches!(case.change, Some(Change::Move { .. }));
        let label = matches!(
            case.serving().map(|serving| serving.tls),
            Some(TlsNow::Microsoft { .. })
        );
        when(begins && label, || block(""))
    }),
    Rule::azure("MOV-04", Review, COEXIST, same_namespace),
    Rule::azure("MOV-05", Review, COEXIST, |case| {
        when(matches!(case.change, Some(Change::Move { .. })), || info(""))
    }),
    Rule::azure("MOV-06", Review, MIGRATE, by_hand),
    Rule::azure("MOV-07", Review, COEXIST, has_extension),
    Rule::azure("MOV-08", Review, COEXIST, nothing_moved),
    Rule::azure("MOV-09", Review, COEXIST, others_use_it),
    Rule::azure("MOV-10", Review, COEXIST, not_ready),
    Rule::azure("MOV-11", Review, COEXIST, serves_already),
    Rule::azure(carry_over::RULE, Review, carry_over::SOURCE, carried_over).says(carry_over::CODES),
];

fn moves(case: &Case<'_>) -> bool {
    matches!(
        case.change,
        Some(Change::Move { .. } | Change::MoveBack { .. } | Change::MoveFinish { .. })
    )
}

fn same_namespace(case: &Case<'_>) -> Vec<Verdict> {
    let Some(Change::Move { namespace, .. }) = case.change else {
        return Vec::new();
    };
    let classic = classic_namespace(&case.spec.place.workspace.name);
    when(namespace.eq_ignore_ascii_case(&classic), || {
        block("").with("namespace", namespace)
    })
}

/// Moving a compute does not move its services: each has to be deployed again as an endpoint.
fn by_hand(case: &Case<'_>) -> Vec<Verdict> {
    if !matches!(case.change, Some(Change::Move { .. } | Change::MoveFinish { .. })) {
        return Vec::new();
    }
    // Endpoints on a new compute need no move.
    let new = new_computes(case);
    let classic: Vec<_> = case
        .facts
        .dependents()
        .iter()
        .filter(|one| {
            !new.iter()
                .any(|compute| same_resource(&compute.id, &one.compute_id))
        })
        .collect();
    when(!classic.is_empty(), || {
        let verdict = match case.change {
            Some(Change::MoveFinish { .. }) => warn(""),
            _ => info(""),
        };
        verdict
            .with("count", classic.len())
            .with("names", super::named(&classic))
    })
}

/// Says for each version of each service whether it can be carried over to the new compute, and why not.
fn carried_over(case: &Case<'_>) -> Vec<Verdict> {
    let Some(Change::Move {
        compute_id,
        new_compute,
        ..
    }) = case.change
    else {
        return Vec::new();
    };
    let services = match &case.facts.change.services {
        Fact::Known(services) => services,
        Fact::Unknown(why) => return vec![unknown("", why).variant("unread")],
        Fact::NotAsked => return Vec::new(),
    };
    let on_it = |service: &&Value| runs_on(service, last_segment(compute_id));
    let workspace = &case.spec.place.workspace;
    let lines = services.iter().filter(on_it).flat_map(|service| {
        let name = service["name"].as_str().unwrap_or_default();
        let versions = carry_over(service, workspace, new_compute);
        versions
            .into_iter()
            .flat_map(|version| version.lines(name))
            .collect::<Vec<_>>()
    });
    lines
        .map(|(code, severity, params)| {
            let verdict = match severity {
                Severity::Information => info(""),
                _ => warn(""),
            };
            let all = params.iter();
            all.fold(verdict.variant(code), |verdict, (name, value)| {
                verdict.with(name, value)
            })
        })
        .collect()
}

/// Whether a service is on a compute, or may be because Azure does not say which one it is on.
fn runs_on(service: &Value, compute: &str) -> bool {
    let own = service["computeName"].as_str();
    own.is_none_or(|name| name.eq_ignore_ascii_case(compute))
}

fn has_extension(case: &Case<'_>) -> Vec<Verdict> {
    if !matches!(case.change, Some(Change::Move { .. })) {
        return Vec::new();
    }
    let Some(all) = case.facts.extensions.known() else {
        return unread("extensions", &case.facts.extensions);
    };
    extension::installed(all)
        .map(|found| block("").with("name", &found.name))
        .into_iter()
        .collect()
}

/// Computes on the cluster that use the extension route.
fn new_computes<'a>(case: &Case<'a>) -> Vec<&'a ComputeFacts> {
    case.facts
        .attachments()
        .iter()
        .filter(|compute| compute.is_kubernetes())
        .collect()
}

/// The computes that the move made.
fn moved<'a>(case: &Case<'a>) -> Vec<&'a ComputeFacts> {
    let Some(serving) = case.serving() else {
        return Vec::new();
    };
    new_computes(case)
        .into_iter()
        .filter(|compute| serving.moved_to(compute))
        .collect()
}

fn nothing_moved(case: &Case<'_>) -> Vec<Verdict> {
    let back = match case.change {
        Some(Change::MoveBack { .. }) => true,
        Some(Change::MoveFinish { .. }) => false,
        _ => return Vec::new(),
    };
    if !moved(case).is_empty() {
        return Vec::new();
    }
    // A move that stopped half-way may have left the extension.
    let Some(all) = case.facts.extensions.known().filter(|_| back) else {
        return if back {
            unread("extensions", &case.facts.extensions)
        } else {
            vec![block("")]
        };
    };
    let beside = extension::installed(all).is_some_and(extension::stands_beside);
    when(!beside, || block(""))
}

/// The extension cannot be removed while other computes use it.
fn others_use_it(case: &Case<'_>) -> Vec<Verdict> {
    if !matches!(case.change, Some(Change::MoveBack { .. })) {
        return Vec::new();
    }
    let own = moved(case);
    let mut others = new_computes(case);
    others.retain(|compute| !own.contains(compute));
    when(!others.is_empty(), || block("").with("computes", listed(&others)))
}

fn not_ready(case: &Case<'_>) -> Vec<Verdict> {
    if !matches!(case.change, Some(Change::MoveFinish { .. })) {
        return Vec::new();
    }
    let waiting: Vec<&str> = moved(case)
        .iter()
        .filter(|compute| !compute.provisioning_state.is_succeeded())
        .map(|compute| compute.name.as_str())
        .collect();
    when(!waiting.is_empty(), || {
        block("").with("computes", waiting.join(", "))
    })
}

fn serves_already(case: &Case<'_>) -> Vec<Verdict> {
    if !matches!(case.change, Some(Change::MoveBack { .. })) {
        return Vec::new();
    }
    let new = moved(case);
    let serving: Vec<_> = case
        .facts
        .dependents()
        .iter()
        .filter(|one| {
            new.iter()
                .any(|compute| same_resource(&compute.id, &one.compute_id))
        })
        .collect();
    when(!serving.is_empty(), || {
        warn("")
            .with("count", serving.len())
            .with("names", super::named(&serving))
    })
}
