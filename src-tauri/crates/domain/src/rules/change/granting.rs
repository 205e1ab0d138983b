//! Role assignments: only to identities that were read, and only on their own resources.

use super::super::verdict::{block, unread, when};
use super::super::{Case, Rule, Verdict};
use crate::change::{Change, is_narrow};
use crate::facts::{Fact, OwnerFacts};
use crate::finding::WizardStep::Review;
use crate::rights::allowed;

const ROLES: &str = "learn.microsoft.com/azure/role-based-access-control/role-assignments-rest";
const IDENTITIES: &str = "learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace";
const SCOPES: &str = "learn.microsoft.com/azure/role-based-access-control/scope-overview";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("GRT-01", Review, ROLES, may_grant),
    Rule::local("GRT-02", Review, ROLES, |case| {
        let Some(Change::Grant { principal_id, .. }) = case.change else {
            return Vec::new();
        };
        when(principal_id.trim().is_empty(), || block("principalId"))
    }),
    Rule::azure("GRT-03", Review, IDENTITIES, identity_is_known).says(&["GRT-03", "GRT-03.unread"]),
    Rule::local("GRT-04", Review, SCOPES, |case| {
        let Some(Change::Grant { scope, .. }) = case.change else {
            return Vec::new();
        };
        when(!is_narrow(scope), || block("scope").with("scope", scope))
    }),
    Rule::azure("GRT-05", Review, IDENTITIES, scope_belongs_to_owner),
];

fn may_grant(case: &Case<'_>) -> Vec<Verdict> {
    let Some(Change::Grant { scope, role, .. }) = case.change else {
        return Vec::new();
    };
    let Some(rights) = case.facts.change.scope_rights.known() else {
        return unread("scope_rights", &case.facts.change.scope_rights);
    };
    when(
        !allowed(rights, "Microsoft.Authorization/roleAssignments/write"),
        || block("").with("scope", scope).with("role", role.display_name()),
    )
}

fn owner<'a>(case: &Case<'a>, principal_id: &str) -> Option<&'a OwnerFacts> {
    let owners = case.facts.change.owners.known()?;
    owners.iter().find(|owner| owner.identity(principal_id).is_some())
}

fn identity_is_known(case: &Case<'_>) -> Vec<Verdict> {
    let Some(Change::Grant {
        principal_id, scope, ..
    }) = case.change
    else {
        return Vec::new();
    };
    // GRT-02 and GRT-04 report these.
    if principal_id.trim().is_empty() || !is_narrow(scope) {
        return Vec::new();
    }
    let verdict = || block("principalId").with("principal", principal_id);
    match &case.facts.change.owners {
        Fact::Unknown(why) => vec![verdict().variant("unread").with("why", why)],
        Fact::Known(_) | Fact::NotAsked => when(owner(case, principal_id).is_none(), verdict),
    }
}

fn scope_belongs_to_owner(case: &Case<'_>) -> Vec<Verdict> {
    let Some(Change::Grant {
        principal_id, scope, ..
    }) = case.change
    else {
        return Vec::new();
    };
    let Some(owner) = owner(case, principal_id).filter(|_| is_narrow(scope)) else {
        return Vec::new();
    };
    when(owner.scope(scope).is_none(), || {
        let name = super::leaving::name_of(&owner.id);
        block("scope").with("scope", scope).with("owner", name)
    })
}
