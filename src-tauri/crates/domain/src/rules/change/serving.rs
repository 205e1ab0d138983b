//! Re-creating the classic front end, and changing the load balancer or TLS.

use super::super::verdict::{block, info, unread, warn, when};
use super::super::{Case, Rule, Verdict};
use crate::change::Change;
use crate::change::serving::TlsNow;
use crate::facts::{Fact, RENEWED_BELOW_DAYS};
use crate::finding::WizardStep::Review;
use crate::spec::{LoadBalancer, Route, Tls};

const CLASSIC: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";
const SECURE: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-secure-web-service";
const EXTENSION: &str = "learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension";
const SDK: &str = "package azureml-core 1.61, core/compute/aks.py";
const RENEWAL: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-secure-web-service; \
                       MicrosoftDocs/azure-docs issue 56352 (2020: nothing is renewed above about 70 days)";
const TLS_OFF: &str = "learn.microsoft.com/azure/machine-learning/how-to-secure-kubernetes-online-endpoint; \
                       learn.microsoft.com/azure/aks/deploy-extensions-az-cli";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("REF-01", Review, CLASSIC, |case| {
        let refresh = matches!(case.change, Some(Change::Refresh { .. }));
        let other = case
            .serving()
            .filter(|serving| refresh && serving.route != Route::Classic);
        other.map(|_| block("")).into_iter().collect()
    }),
    Rule::azure("REF-02", Review, SDK, |case| {
        let refresh = matches!(case.change, Some(Change::Refresh { .. }));
        let created_by_aml = case
            .serving()
            .filter(|serving| refresh && serving.is_attached == Some(false));
        created_by_aml.map(|_| block("")).into_iter().collect()
    }),
    Rule::azure("REF-03", Review, SECURE, certificate_backup).says(&[
        "REF-03",
        "REF-03.expired",
        "REF-03.found",
    ]),
    Rule::azure("REF-04", Review, CLASSIC, label),
    Rule::azure("EXS-01", Review, EXTENSION, extension_installed).says(&["EXS-01", "EXS-01.untold"]),
    Rule::azure("EXS-02", Review, EXTENSION, subnet_of_extension),
    Rule::azure("TLS-05", Review, CLASSIC, |case| {
        let internal = matches!(
            case.change,
            Some(Change::LoadBalancer {
                load_balancer: LoadBalancer::Internal { .. },
                ..
            })
        );
        let label = matches!(
            case.serving().map(|serving| serving.tls),
            Some(TlsNow::Microsoft { .. })
        );
        when(internal && label, || block(""))
    }),
    Rule::azure("TLS-08", Review, SDK, |case| {
        let other = renewed(case).is_some_and(|tls| !matches!(tls, TlsNow::Microsoft { .. }));
        when(other, || block(""))
    }),
    Rule::azure("TLS-09", Review, RENEWAL, renewal).says(&[
        "TLS-09.due",
        "TLS-09.not_due",
        "TLS-09.none",
        "TLS-09.unseen",
    ]),
    Rule::azure("TLS-28", Review, SECURE, url_changes),
    Rule::local("TLS-29", Review, SECURE, no_rollback),
    // One page says to remove the settings, the other that omitted protected settings are deleted. Neither speaks of empty ones.
    Rule::azure("TLX-14", Review, TLS_OFF, |case| {
        let turns_off = matches!(case.change, Some(Change::Tls { tls: Tls::None, .. }));
        let stored = case
            .serving()
            .is_some_and(|found| found.route == Route::Extension && found.tls != TlsNow::Off);
        when(turns_off && stored, || info(""))
    }),
    Rule::azure("LBR-12", Review, CLASSIC, |case| {
        let (Some(Change::LoadBalancer { load_balancer, .. }), Some(serving)) = (case.change, case.serving())
        else {
            return Vec::new();
        };
        let same = super::is_balanced(case, &serving, load_balancer);
        when(!same, || warn(""))
    }),
];

/// The certificate must be backed up before anything changes. Only the run reads and checks its key.
fn certificate_backup(case: &Case<'_>) -> Vec<Verdict> {
    let needs = matches!(
        case.change,
        Some(
            Change::Refresh { .. }
                | Change::Move { .. }
                | Change::MoveFinish { .. }
                | Change::LoadBalancer { .. }
        )
    );
    let Some(serving) = case.serving().filter(|_| needs) else {
        return Vec::new();
    };
    // Changing the load balancer affects neither the certificate of a classic compute nor one in a named secret.
    let untouched = matches!(case.change, Some(Change::LoadBalancer { .. })) && serving.secret.is_some();
    if untouched || !matches!(serving.tls, TlsNow::Own { .. }) {
        return Vec::new();
    }
    let found = match case.facts.change.kept.known() {
        None => return unread("kept", &case.facts.change.kept),
        Some(None) => return vec![block("")],
        Some(Some(found)) => found,
    };
    if found.key_given && !found.key_matches {
        return vec![block("")];
    }
    let until = super::super::certificate::day(&found.not_after);
    if found.expired {
        vec![warn("").variant("expired").with("until", until)]
    } else {
        vec![info("").variant("found").with("until", until)]
    }
}

/// The service appends six characters of its choice to a label, so the host name changes.
fn label(case: &Case<'_>) -> Vec<Verdict> {
    let refresh = matches!(case.change, Some(Change::Refresh { .. }));
    match case.serving().filter(|_| refresh).map(|serving| serving.tls) {
        Some(TlsNow::Microsoft { label }) => vec![warn("").with("label", label)],
        _ => Vec::new(),
    }
}

/// On the extension route, load balancer and TLS are settings of the extension.
fn extension_installed(case: &Case<'_>) -> Vec<Verdict> {
    let concerns = matches!(
        case.change,
        Some(Change::LoadBalancer { .. } | Change::Tls { .. })
    );
    let of_extension = case
        .serving()
        .is_some_and(|serving| concerns && serving.route == Route::Extension);
    if !of_extension {
        return Vec::new();
    }
    let Some(all) = case.facts.extensions.known() else {
        return unread("extensions", &case.facts.extensions);
    };
    match crate::bodies::extension::installed(all) {
        None => vec![block("")],
        // Without them, it is not known what the change would do.
        Some(found) => when(found.settings.is_empty(), || {
            block("").variant("untold").with("name", &found.name)
        }),
    }
}

fn subnet_of_extension(case: &Case<'_>) -> Vec<Verdict> {
    let Some(Change::LoadBalancer {
        load_balancer: LoadBalancer::Internal { subnet: Some(name) },
        ..
    }) = case.change
    else {
        return Vec::new();
    };
    let of_extension = case
        .serving()
        .is_some_and(|serving| serving.route == Route::Extension);
    when(of_extension && !name.is_empty(), || {
        block("").with("subnet", name)
    })
}

/// Callers must be told when the host name or scheme changes.
fn url_changes(case: &Case<'_>) -> Vec<Verdict> {
    let (Some(Change::Tls { tls, .. }), Some(serving)) = (case.change, case.serving()) else {
        return Vec::new();
    };
    let former = match &serving.tls {
        TlsNow::Own { cname } => cname.clone(),
        TlsNow::Microsoft { label } => label.clone(),
        TlsNow::Off => "http://".to_owned(),
    };
    let now = match tls {
        Tls::None => "http://".to_owned(),
        Tls::Microsoft {
            leaf_domain_label, ..
        } => leaf_domain_label.clone(),
        Tls::Own { cname, .. } | Tls::Generated { cname, .. } => cname.clone(),
    };
    when(!now.is_empty() && !now.eq_ignore_ascii_case(&former), || {
        warn("").with("former", former).with("now", now)
    })
}

/// TLS of the compute whose certificate the change renews.
fn renewed(case: &Case<'_>) -> Option<TlsNow> {
    let renews = matches!(case.change, Some(Change::RenewLabel { .. }));
    case.serving().filter(|_| renews).map(|serving| serving.tls)
}

/// The service does nothing with more than about 70 days left, and takes about 5 hours otherwise (see
/// [`Presented::is_due`]).
///
/// [`Presented::is_due`]: crate::facts::Presented::is_due
fn renewal(case: &Case<'_>) -> Vec<Verdict> {
    let Some(TlsNow::Microsoft { .. }) = renewed(case) else {
        return Vec::new();
    };
    match &case.facts.change.presented {
        Fact::Known(Some(presented)) => {
            let verdict = if presented.is_due() {
                info("").variant("due")
            } else {
                warn("").variant("not_due").with("limit", RENEWED_BELOW_DAYS)
            };
            let until = super::super::certificate::day(&presented.not_after);
            vec![verdict.with("days", presented.days_left).with("until", until)]
        }
        Fact::Known(None) => vec![warn("").variant("none")],
        Fact::Unknown(why) => vec![warn("").variant("unseen").with("why", why)],
        Fact::NotAsked => Vec::new(),
    }
}

/// The previous certificate cannot be backed up, so Berth cannot roll back automatically.
fn no_rollback(case: &Case<'_>) -> Vec<Verdict> {
    let changes = matches!(case.change, Some(Change::Tls { .. }));
    let Some(serving) = case.serving().filter(|_| changes) else {
        return Vec::new();
    };
    let lost = serving.former(&case.facts.change.kept).is_none();
    when(lost, || warn(""))
}
