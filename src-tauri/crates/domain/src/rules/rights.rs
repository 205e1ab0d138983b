//! Whether the person has permission for every action of the plan.

use super::actions::{Actions, actions};
use super::verdict::{block, on, unread, warn, when};
use super::{Case, Rule, Verdict, on_change};
use crate::change::Goal;
use crate::facts::{Fact, Rights};
use crate::finding::WizardStep;
use crate::plan::{PlanStep, StepKind};
use crate::resource_id::{last_segment, same_resource, subnet_label};
use crate::rights::allowed;
use crate::spec::{ClusterChoice, LoadBalancer, Spec, Tls};

const PERMISSIONS: &str = "learn.microsoft.com/rest/api/authorization/permissions/list-for-resource-group";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("ATT-22", WizardStep::Review, PERMISSIONS, missing_rights)
        .on_change(on_change::of_what_is_there)
        .says(&["ATT-22", "ATT-22.look", "ATT-22.workspace"]),
];

/// The same for a version to deploy.
pub(super) const OF_DEPLOYMENTS: &[Rule] =
    &[
        Rule::azure("DEP-25", WizardStep::Review, PERMISSIONS, missing_to_deploy)
            .says(&["DEP-25", "DEP-25.store"]),
    ];

/// Lets Azure ML issue a signature for the container of models; without it, the person's own rights on the storage are
/// used.
const STORE_SECRETS: &str = "Microsoft.MachineLearningServices/workspaces/datastores/listsecrets/action";

/// The steps of the plan, if it can be made. Open choices of a set-up do not matter.
pub(super) fn planned_steps(case: &Case<'_>) -> Option<Vec<PlanStep>> {
    if case.change.is_some() {
        return case.changing_steps();
    }
    case.steps_to(&Goal::SetUp {
        spec: Box::new(with_placeholders(case.spec)),
    })
}

fn missing_rights(case: &Case<'_>) -> Vec<Verdict> {
    let Some(steps) = planned_steps(case) else {
        return Vec::new();
    };
    let facts = case.facts;
    let place = &case.spec.place;
    let mut wanted = actions(&steps, case);
    if !case.uses_existing() {
        wanted.group.append(&mut wanted.cluster);
    }
    let existing = case.existing().map(|cluster| cluster.subscription_id.as_str());
    let subscription = existing.unwrap_or(&place.subscription_id);
    let name = case.spec.cluster_id();
    let name = name.as_deref().map_or("", last_segment);
    let subnet = case
        .chosen_subnet_id()
        .map_or_else(String::new, |id| subnet_label(&id));
    let mut found = missing_on_others(case, &wanted.other_workspaces);
    for (fact, rights, actions, scope) in [
        (
            "subscription_rights",
            &facts.subscription_rights,
            &wanted.subscription,
            subscription,
        ),
        (
            "group_rights",
            &facts.group_rights,
            &wanted.group,
            place.resource_group.as_str(),
        ),
        ("cluster_rights", &facts.cluster_rights, &wanted.cluster, name),
        (
            "subnet_rights",
            &facts.subnet_rights,
            &wanted.subnet,
            subnet.as_str(),
        ),
        (
            "workspace_rights",
            &facts.workspace_rights,
            &wanted.workspace,
            place.workspace.name.as_str(),
        ),
    ] {
        found.extend(missing_on(fact, rights, actions, scope));
    }
    found.extend(cannot_look(case, &wanted, name));
    found
}

/// Computes of other workspaces are detached before the cluster is deleted. A workspace whose rights could not be read must
/// be accepted by name.
fn missing_on_others(case: &Case<'_>, wanted: &[(String, &'static str)]) -> Vec<Verdict> {
    let mut found = Vec::new();
    for (at, (workspace, action)) in wanted.iter().enumerate() {
        let listed = |(other, _): &(String, _)| same_resource(other, workspace);
        if wanted[..at].iter().any(listed) {
            continue;
        }
        let mut read = case.facts.other_workspaces.iter();
        let read = read.find(|read| same_resource(&read.workspace, workspace));
        let about = |verdict: Verdict| {
            let verdict = verdict.with("action", action);
            verdict.with("scope", last_segment(workspace))
        };
        match read.map(|read| &read.rights) {
            Some(Fact::Known(rights)) if allowed(rights, action) => {}
            Some(Fact::Known(_)) => found.push(about(block(""))),
            unread => {
                let why = unread.and_then(Fact::why_unknown).unwrap_or_default();
                let verdict = block("").variant("workspace").consent(workspace);
                found.push(about(verdict).with("why", why));
            }
        }
    }
    found
}

/// The proof goes on without a look inside the cluster.
fn cannot_look(case: &Case<'_>, wanted: &Actions, cluster: &str) -> Vec<Verdict> {
    let (fact, rights) = if case.uses_existing() {
        ("cluster_rights", &case.facts.cluster_rights)
    } else {
        ("group_rights", &case.facts.group_rights)
    };
    let needed = [&wanted.cluster, &wanted.group];
    let only_looks = |action: &&&str| !needed.iter().any(|needed| needed.contains(action));
    let looks: Vec<&str> = wanted.look.iter().filter(only_looks).copied().collect();
    let needs_none = needed.iter().all(|needed| needed.is_empty());
    let Some(known) = rights.known() else {
        return if needs_none && !looks.is_empty() {
            unread(fact, rights)
        } else {
            Vec::new()
        };
    };
    let missing = looks.into_iter().find(|action| !allowed(known, action));
    on(missing, |action| {
        let verdict = warn("").variant("look");
        verdict.with("action", action).with("scope", cluster)
    })
}

/// Rights on the workspace; those on its storage are not read.
fn missing_to_deploy(case: &Case<'_>) -> Vec<Verdict> {
    let Some(spec) = case.deploy else {
        return Vec::new();
    };
    let goal = Goal::Deploy {
        spec: Box::new(spec.clone()),
    };
    let steps = case.steps_to(&goal).unwrap_or_default();
    let wanted = actions(&steps, case).workspace;
    let rights = &case.facts.workspace_rights;
    let name = &spec.workspace.name;
    let mut found = missing_on("workspace_rights", rights, &wanted, name);
    let uploads = |step: &PlanStep| matches!(step.kind, StepKind::UploadModel { .. });
    let cannot_list = rights
        .known()
        .is_some_and(|rights| !allowed(rights, STORE_SECRETS));
    found.extend(when(cannot_list && steps.iter().any(uploads), || {
        let verdict = warn("models").variant("store").with("scope", name);
        verdict.with("action", STORE_SECRETS)
    }));
    for verdict in &mut found {
        verdict.field.get_or_insert("workspace");
    }
    found
}

fn missing_on(
    name: &'static str,
    rights: &Fact<Vec<Rights>>,
    actions: &[&'static str],
    scope: &str,
) -> Vec<Verdict> {
    let mut wanted: Vec<&str> = Vec::new();
    for action in actions {
        if !wanted.contains(action) {
            wanted.push(action);
        }
    }
    if wanted.is_empty() {
        return Vec::new();
    }
    let Some(rights) = rights.known() else {
        return unread(name, rights);
    };
    let missing = wanted.into_iter().filter(|action| !allowed(rights, action));
    missing
        .map(|action| block("").with("action", action).with("scope", scope))
        .collect()
}

/// Fills missing choices with placeholders, so that missing rights are reported before all choices are made. The
/// placeholders do not affect which actions are needed.
fn with_placeholders(spec: &Spec) -> Spec {
    let mut spec = spec.clone();
    let fill = |text: &mut String| {
        if text.is_empty() {
            "open".clone_into(text);
        }
    };
    fill(&mut spec.place.compute_name);
    if spec.cluster == ClusterChoice::Create {
        fill(&mut spec.place.cluster_name);
        fill(&mut spec.place.location);
        fill(&mut spec.size.vm_size);
        fill(&mut spec.version.kubernetes);
    }
    spec.network.load_balancer.get_or_insert(LoadBalancer::Public);
    // A new certificate cannot be compared with the installed one, so the extension is always sent with it.
    let has_certificate = matches!(&spec.tls, Some(Tls::Own { .. } | Tls::Generated { .. }));
    if !has_certificate && !matches!(spec.tls, Some(Tls::Microsoft { .. })) {
        spec.tls = Some(Tls::None);
    }
    if let Some(Tls::Own { cname, pair }) = &mut spec.tls {
        fill(cname);
        pair.get_or_insert(crate::spec::PairRef::Vault { id: String::new() });
    }
    if let Some(Tls::Generated { cname, .. }) = &mut spec.tls {
        fill(cname);
    }
    spec
}
