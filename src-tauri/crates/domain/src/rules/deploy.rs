//! Rules for a version to deploy. `SVC` comes from the classic route and
//! `EPT` from the extension route; what both demand of probes, limits, replicas and traffic has its `SVC` id on both.
//! `DEP` are Berth's own.

mod classic;
mod complete;
mod extension;
mod fit;
mod known;
mod links;
mod names;
mod namesakes;
mod removal;
mod settings;
mod update;

pub(crate) use names::ADDRESSES;

use super::{Case, Rule, Verdict, rights};
use crate::deployment_spec::DeploySpec;
use crate::spec::Route;

/// The rules on the workspace itself and on files of this computer.
pub(crate) const WITHOUT_WORKSPACE: [&str; 3] = ["DEP-13", "DEP-20", "DEP-30"];

/// All rules for a version to deploy.
pub(super) fn table() -> impl Iterator<Item = &'static Rule> {
    [
        complete::RULES,
        names::RULES,
        settings::RULES,
        classic::RULES,
        extension::RULES,
        known::RULES,
        links::RULES,
        update::RULES,
        removal::RULES,
        namesakes::RULES,
        fit::RULES,
        rights::OF_DEPLOYMENTS,
    ]
    .into_iter()
    .flatten()
}

fn check(case: &Case<'_>, check: fn(&DeploySpec) -> Vec<Verdict>) -> Vec<Verdict> {
    case.deploy.map_or_else(Vec::new, check)
}

fn on_classic(case: &Case<'_>, check: fn(&DeploySpec) -> Vec<Verdict>) -> Vec<Verdict> {
    of_route(case, Route::Classic).map_or_else(Vec::new, check)
}

fn on_extension(case: &Case<'_>, check: fn(&DeploySpec) -> Vec<Verdict>) -> Vec<Verdict> {
    of_route(case, Route::Extension).map_or_else(Vec::new, check)
}

fn of_route<'a>(case: &Case<'a>, route: Route) -> Option<&'a DeploySpec> {
    case.deploy.filter(|spec| spec.route == route)
}
