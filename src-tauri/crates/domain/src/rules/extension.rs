//! The extension `Microsoft.AzureML.Kubernetes`.

use super::{Case, Rule, Verdict, block, info, unread, warn, when};
use crate::bodies::extension::{EXTENSION_NAME, EXTENSION_TYPE};
use crate::facts::ExtensionFacts;
use crate::finding::WizardStep;

const DEPLOY: &str = "learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension";
const HEALTH: &str = "learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension";
const FIELD: &str = "cluster.resourceId";

pub(super) const RULES: &[Rule] = &[
    rule("EXT-05", DEPLOY, |case| {
        if !case.extension() || !case.uses_existing() {
            return Vec::new();
        }
        if case.facts.extensions.known().is_none() {
            return unread(&case.facts.extensions, FIELD);
        }
        let other = installed(case).filter(|found| !found.name.eq_ignore_ascii_case(EXTENSION_NAME));
        other
            .map(|found| block(FIELD).with("name", &found.name))
            .into_iter()
            .collect()
    }),
    rule("EXT-06", HEALTH, |case| {
        let leaving =
            installed(case).filter(|found| found.provisioning_state.eq_ignore_ascii_case("Deleting"));
        leaving
            .map(|found| block(FIELD).with("name", &found.name))
            .into_iter()
            .collect()
    }),
    rule("EXT-10", DEPLOY, |case| {
        let changed = installed(case).filter(|found| {
            found.name.eq_ignore_ascii_case(EXTENSION_NAME)
                && found.provisioning_state.eq_ignore_ascii_case("Succeeded")
        });
        changed
            .map(|found| warn(FIELD).with("name", &found.name))
            .into_iter()
            .collect()
    }),
    rule("CPU-24", HEALTH, |case| {
        let few = case.extension()
            && case
                .capacity()
                .is_some_and(|capacity| (1..3).contains(&capacity.nodes));
        when(few && !case.production(), || info("size.nodes"))
    }),
];

const fn rule(id: &'static str, source: &'static str, check: fn(&Case<'_>) -> Vec<Verdict>) -> Rule {
    Rule {
        id,
        source,
        step: WizardStep::Place,
        local: false,
        waivable: false,
        check,
    }
}

fn installed<'a>(case: &'a Case<'_>) -> Option<&'a ExtensionFacts> {
    let known = case
        .facts
        .extensions
        .known()
        .filter(|_| case.extension() && case.uses_existing())?;
    known
        .iter()
        .find(|found| found.extension_type.eq_ignore_ascii_case(EXTENSION_TYPE))
}
