use super::*;
use crate::facts::{ClusterUsers, ComputeFacts, Dependent, ProvisioningState, UnreadKind, UnreadUsers};
use crate::plan::{Affected, Bound};
use std::collections::BTreeMap;

const CLUSTER: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks";
const WORKSPACE: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";

fn deletion_plan() -> Plan {
    let change = Change::DeleteCluster {
        cluster_id: CLUSTER.to_owned(),
        confirm: "aks".to_owned(),
    };
    Plan {
        id: "p".to_owned(),
        goal: Goal::Change {
            change: Box::new(change),
            waived: Vec::new(),
        },
        title: "aks".to_owned(),
        steps: Vec::new(),
        pair: None,
        former: None,
        bound: Bound {
            affected: vec![Affected {
                resource_id: format!("{WORKSPACE}/onlineEndpoints/Known").to_uppercase(),
                name: "Known".to_owned(),
                is_compute: false,
            }],
            ..Bound::default()
        },
        back: Vec::new(),
    }
}

fn facts(endpoints: &[&str], unread: bool) -> Facts {
    let compute_id = format!("{WORKSPACE}/computes/c");
    let compute = ComputeFacts {
        id: compute_id.clone(),
        name: "c".to_owned(),
        workspace: "w".to_owned(),
        compute_type: "Kubernetes".to_owned(),
        cluster_id: Some(CLUSTER.to_owned()),
        provisioning_state: ProvisioningState::Succeeded,
        is_attached: Some(true),
        namespace: None,
        purpose: None,
        tags: BTreeMap::new(),
        identity: None,
    };
    let dependents = endpoints.iter().map(|name| Dependent {
        name: (*name).to_owned(),
        compute: "c".to_owned(),
        compute_id: compute_id.clone(),
        url: None,
        state: "Succeeded".to_owned(),
        deployments: Vec::new(),
    });
    let closed = UnreadUsers {
        resource_id: "/subscriptions/lab/w".to_owned(),
        name: "w".to_owned(),
        what: UnreadKind::Workspace,
        why: "403".to_owned(),
    };
    Facts {
        users: Some(ClusterUsers {
            computes: vec![compute],
            dependents: dependents.collect(),
            unread: unread.then_some(closed).into_iter().collect(),
        }),
        ..Facts::default()
    }
}

fn codes(facts: &Facts, consents: &[String]) -> Vec<String> {
    let plan = deletion_plan();
    let Goal::Change { change, .. } = &plan.goal else {
        unreachable!();
    };
    let all = unforeseen(&plan, change, facts, consents);
    all.into_iter().map(|finding| finding.code).collect()
}

#[test]
fn only_effects_nobody_agreed_to_block() {
    let detached = Facts {
        users: Some(ClusterUsers::default()),
        ..Facts::default()
    };
    assert_eq!(
        codes(&detached, &[]),
        Vec::<String>::new(),
        "a goal that is partly achieved"
    );
    let all = codes(&facts(&["Known", "newcomer"], true), &[]);
    assert_eq!(all, ["RES-01.service", "RES-01.compute", "USE-01.workspace"]);
}

#[test]
fn each_effect_needs_consent_by_name() {
    let now = facts(&["newcomer"], true);
    let consents = [
        format!("RES-01:{WORKSPACE}/onlineEndpoints/newcomer"),
        format!("RES-01:{WORKSPACE}/computes/c"),
        "USE-01:/subscriptions/lab/w".to_owned(),
    ];
    assert_eq!(codes(&now, &consents), Vec::<String>::new());
    for general in ["RES-01", "*", "", "RES-01:"] {
        assert_eq!(codes(&now, &[general.to_owned()]).len(), 3, "{general}");
    }
}

#[test]
fn a_read_only_step_disrupts_nothing() {
    let mut plan = deletion_plan();
    let step = |kind: StepKind| PlanStep {
        id: "s".to_owned(),
        kind,
        request: None,
        inside: Vec::new(),
        stages: Vec::new(),
        usual: crate::plan::UsualTime {
            from_seconds: 1,
            to_seconds: 2,
        },
        costs: Vec::new(),
        interrupts: Vec::new(),
        undo: crate::plan::Note {
            code: "undo.never".to_owned(),
            params: BTreeMap::new(),
        },
    };
    let look = step(StepKind::Confirm { checks: Vec::new() });
    assert!(disrupting(&plan, &[&look]).is_none());
    let leftovers = step(StepKind::RemoveLeftovers {
        cluster_id: CLUSTER.to_owned(),
        objects: Vec::new(),
    });
    assert!(disrupting(&plan, &[&look, &leftovers]).is_some());
    plan.steps = vec![look, leftovers];
    assert_eq!(clusters(&plan), [CLUSTER]);
}
