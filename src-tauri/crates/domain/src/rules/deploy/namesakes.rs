//! Versions of other endpoints with the same name, whose pods the version may replace.

use super::names::{is_endpoint_name, is_service_name};
use crate::deployment_spec::DeploySpec;
use crate::facts::{Fact, Namesake, Namesakes};
use crate::finding::WizardStep::Review as Step;
use crate::rules::verdict::{block, on, unknown, warn};
use crate::rules::{Case, Rule, Verdict};
use crate::spec::Route;

const ISSUE: &str = "github.com/Azure/azure-sdk-for-python/issues/28096";

pub(super) const RULES: &[Rule] =
    &[Rule::azure("DEP-31", Step, ISSUE, namesakes).says(&["DEP-31.idle", "DEP-31.live", "DEP-31.unread"])];

/// The person consents for each endpoint whose version has traffic, or may have.
fn namesakes(case: &Case<'_>) -> Vec<Verdict> {
    let Some(spec) = case.deploy else {
        return Vec::new();
    };
    let (found, unread) = match &case.facts.deploy.namesakes {
        Fact::Known(Namesakes { found, unread }) => (found.as_slice(), unread.as_ref()),
        Fact::Unknown(why) => (&[][..], Some(why)),
        Fact::NotAsked => return Vec::new(),
    };
    let mut verdicts: Vec<Verdict> = found.iter().map(|namesake| shared(spec, namesake)).collect();
    verdicts.extend(on(unread, |why| {
        unknown("version", why)
            .variant("unread")
            .with("name", &spec.version)
    }));
    verdicts
}

fn shared(spec: &DeploySpec, namesake: &Namesake) -> Verdict {
    let verdict = match namesake.share {
        Some(0) => warn("version").variant("idle"),
        Some(_) | None => block("version").variant("live").consent(&namesake.endpoint_id),
    };
    verdict
        .with("name", &spec.version)
        .with("endpoint", &namesake.endpoint)
        .with("compute", &spec.compute)
        .with("other", other_name(spec))
}

/// A name that no other endpoint is likely to use, because it begins with the endpoint's.
fn other_name(spec: &DeploySpec) -> String {
    let fits = match spec.route {
        Route::Extension => is_endpoint_name,
        Route::Classic => is_service_name,
    };
    let whole = format!("{}-{}", spec.endpoint.name(), spec.version);
    match fits(&whole) {
        true => whole,
        false => format!("{}-2", spec.version),
    }
}
