//! Rules for the extension `Microsoft.AzureML.Kubernetes` on an existing cluster.

use super::read::{EXTENSIONS, SOFTWARE};
use super::verdict::{block, info, on, unread, warn, when};
use super::{Case, Rule, Verdict, on_change};
use crate::bodies::extension::{
    EXTENSION_NAME, foreign_protected, installed, instances, serving_differences,
};
use crate::bodies::extension_update::PROTECTED;
use crate::change::{Change, Goal};
use crate::facts::{ExtensionFacts, OtherSoftware};
use crate::finding::WizardStep::Place;
use crate::spec::Tls;

const DEPLOY: &str = "learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension";
const ATTACH: &str = "learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace";
const HEALTH: &str = "learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension";
const ONE_RELEASE: &str = "learn.microsoft.com/rest/api/kubernetesconfiguration/extensions/list";
const PROTECTED_SETTINGS: &str = "learn.microsoft.com/azure/aks/deploy-extensions-az-cli; \
                                  Azure/azure-cli-extensions src/k8s-extension, partner_extensions/AzureMLKubernetes.py";
const COEXIST: &str = "Azure/AML-Kubernetes docs/attach-compute-on-aks-v1-cluster.md";
const FIELD: &str = "cluster.resourceId";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("EXT-05", Place, ONE_RELEASE, another_release).says(&["EXT-05", "EXT-05.unread"]),
    Rule::azure("EXT-06", Place, HEALTH, |case| {
        let found = written(case).and_then(installed);
        on(
            found.filter(|found| found.provisioning_state.is_leaving()),
            |found| block(FIELD).with("name", &found.name),
        )
    })
    .on_change(on_change::writes_extension)
    .reading(&[EXTENSIONS], |case| case.uses_existing() && case.extension()),
    Rule::azure("EXT-08", Place, HEALTH, |case| {
        let operator = installs(case).and_then(|found| found.prometheus_operator.as_ref());
        on(operator, |operator| info(FIELD).with("operator", operator))
    })
    .on_change(on_change::moves)
    .reading(&[SOFTWARE], |case| case.uses_existing() && case.extension()),
    Rule::azure("EXT-09", Place, HEALTH, |case| {
        let class = installs(case).and_then(|found| found.ingress_nginx.as_ref());
        on(class, |class| info(FIELD).with("class", class))
    })
    .on_change(on_change::moves)
    .reading(&[SOFTWARE], |case| case.uses_existing() && case.extension()),
    Rule::azure("ATT-12", Place, ATTACH, unhealthy)
        .on_change(on_change::writes_extension)
        .reading(&[EXTENSIONS], |case| case.uses_existing() && case.extension())
        .says(&["ATT-12", "ATT-12.busy", "ATT-12.failed", "ATT-12.unexplained"]),
    Rule::azure("ATT-37", Place, COEXIST, beside_extension),
    Rule::azure("TLX-09", Place, DEPLOY, changes)
        .reading(&[EXTENSIONS], |case| case.uses_existing() && case.extension())
        .says(&["TLX-09", "TLX-09.certificate"]),
    Rule::azure("TLX-13", Place, PROTECTED_SETTINGS, lost_values)
        .on_change(on_change::writes_extension)
        .waivable()
        .says(&["TLX-13", "TLX-13.waived"]),
    Rule::azure("EXT-13", Place, ONE_RELEASE, several).on_change(on_change::writes_extension),
];

fn found<'a>(case: &Case<'a>) -> Option<&'a ExtensionFacts> {
    installed(
        case.facts
            .extensions
            .known()
            .filter(|_| case.extension() && case.uses_existing())?,
    )
}

/// The other software in the cluster, if the extension is to be installed.
fn installs<'a>(case: &Case<'a>) -> Option<&'a OtherSoftware> {
    let healthy = found(case).is_some_and(|found| found.provisioning_state.is_succeeded());
    let installs = case.extension() && case.uses_existing() && !healthy;
    case.facts.software.known().filter(|_| installs)
}

fn ours(found: &ExtensionFacts) -> bool {
    found.name.eq_ignore_ascii_case(EXTENSION_NAME)
}

/// Whether the plan sends a certificate to the extension.
fn sends_certificate(case: &Case<'_>) -> bool {
    matches!(case.spec.tls, Some(Tls::Own { .. } | Tls::Generated { .. }))
}

/// A cluster can have only one release of the extension. One with another name is kept if it already serves as
/// specified.
fn another_release(case: &Case<'_>) -> Vec<Verdict> {
    if !case.extension() || !case.uses_existing() {
        return Vec::new();
    }
    // The PUT would replace the settings of an extension that is there already.
    if let Some(why) = case.facts.extensions.why_unknown() {
        let cluster = case.spec.cluster_id().unwrap_or_default();
        let verdict = block(FIELD).variant("unread").with("why", why);
        return vec![verdict.consent(&cluster)];
    }
    let Some(found) = found(case).filter(|found| !ours(found)) else {
        return Vec::new();
    };
    let same = found.provisioning_state.is_succeeded()
        && !sends_certificate(case)
        && serving_differences(case.spec, found).is_empty();
    when(!same, || {
        block(FIELD)
            .with("name", &found.name)
            .with("state", &found.provisioning_state)
    })
}

fn unhealthy(case: &Case<'_>) -> Vec<Verdict> {
    let changes = case.change.is_some();
    let found = written(case)
        .and_then(installed)
        .filter(|found| changes || ours(found));
    // EXT-06 reports one that is being removed.
    let Some(found) = found.filter(|found| {
        let state = &found.provisioning_state;
        !state.is_succeeded() && !state.is_leaving()
    }) else {
        return Vec::new();
    };
    let verdict = match (found.provisioning_state.is_failed(), &found.error) {
        (false, _) => block(FIELD).variant("busy"),
        (true, _) if changes => warn(FIELD).variant("failed"),
        (true, Some(error)) => info(FIELD).with("error", error),
        (true, None) => info(FIELD).variant("unexplained"),
    };
    vec![
        verdict
            .with("name", &found.name)
            .with("state", &found.provisioning_state),
    ]
}

/// No page says whether a classic compute can be attached beside the extension.
fn beside_extension(case: &Case<'_>) -> Vec<Verdict> {
    if !case.classic() || !case.uses_existing() {
        return Vec::new();
    }
    let Some(all) = case.facts.extensions.known() else {
        return unread("extensions", &case.facts.extensions);
    };
    on(installed(all), |found| warn(FIELD).with("name", &found.name))
}

/// Lists the settings of a healthy extension that would change for the endpoints in use.
fn changes(case: &Case<'_>) -> Vec<Verdict> {
    let Some(found) = found(case).filter(|found| ours(found) && found.provisioning_state.is_succeeded())
    else {
        return Vec::new();
    };
    let differences = serving_differences(case.spec, found);
    if differences.is_empty() {
        return when(sends_certificate(case), || {
            warn(FIELD).variant("certificate").with("name", &found.name)
        });
    }
    vec![
        warn(FIELD)
            .with("name", &found.name)
            .with("settings", differences.join(", ")),
    ]
}

/// The extensions of the cluster, if the plan may write to Azure ML's.
fn written<'a>(case: &Case<'a>) -> Option<&'a [ExtensionFacts]> {
    let finishes_move = matches!(case.change, Some(Change::MoveFinish { .. }));
    let all = case.facts.extensions.known()?;
    (finishes_move || (case.extension() && case.uses_existing())).then_some(all)
}

/// Azure replaces protected values as a set and never returns them, so Berth can send only the certificate again.
fn lost_values(case: &Case<'_>) -> Vec<Verdict> {
    let Some(found) = written(case).and_then(installed) else {
        return Vec::new();
    };
    let values = foreign_protected(found);
    if values.is_empty() {
        return Vec::new();
    }
    let steps = match case.change {
        Some(_) => case.changing_steps(),
        None => case.steps_to(&Goal::SetUp {
            spec: Box::new(case.spec.clone()),
        }),
    };
    let replaces = steps.into_iter().flatten().any(|step| {
        let writes = step.kind.resource_id() == Some(found.id.as_str());
        let request = step.request.filter(|_| writes);
        request.is_some_and(|request| {
            let body = request.body.unwrap_or_default();
            request.method == "PUT" || body.pointer(PROTECTED).is_some()
        })
    });
    when(replaces, || {
        let names: Vec<&str> = values.into_iter().collect();
        block(FIELD)
            .with("name", &found.name)
            .with("values", names.join(", "))
    })
}

/// Azure allows one instance, but a failed one may be left beside another.
fn several(case: &Case<'_>) -> Vec<Verdict> {
    let Some(all) = written(case) else {
        return Vec::new();
    };
    let names: Vec<&str> = instances(all).map(|found| found.name.as_str()).collect();
    let used = installed(all).filter(|_| names.len() > 1);
    on(used, |found| {
        warn(FIELD)
            .with("names", names.join(", "))
            .with("name", &found.name)
    })
}
