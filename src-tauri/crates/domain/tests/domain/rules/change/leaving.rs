//! Rules for detaching, deleting and cleaning up.

use super::*;
use berth_domain::cluster_object::{ClusterObject, ObjectKind};
use berth_domain::resource_id::parent;

pub(super) fn rows() -> Vec<Row> {
    let leaves = classic(detach());
    let deletes = classic(delete("aks-there"));
    let brought = classic(delete_both("aks-there"));
    let made = |good: &Good| with_compute(good, "/properties/isAttachedCompute", false.into());
    let unstated = with_compute(&brought, "/properties/isAttachedCompute", serde_json::Value::Null);
    let both = made(&brought);
    let removes = facing(&classic(clean_up()), |facts| {
        good::attach(facts, vec![]);
        facts.leftovers = Fact::Known(vec![ClusterObject::in_default(ObjectKind::Service, "azureml-fe")]);
    });
    let clean = facing(&removes, |facts| facts.leftovers = Fact::Known(vec![]));
    let in_use = facing(&removes, |facts| {
        good::attach(facts, vec![good::compute(CLASSIC, "AKS")])
    });
    let free = facing(&deletes, |facts| good::attach(facts, vec![]));
    let shared = facing(&both, |facts| {
        let elsewhere = ComputeFacts {
            id: classic_id().replace("ws-prod", "ws-lab"),
            ..good::compute(CLASSIC, "AKS")
        };
        good::attach(facts, vec![good::compute(CLASSIC, "AKS"), elsewhere]);
    });
    let renewed = facing(&classic(refresh()), |facts| {
        facts.users = shared.facts.users.clone()
    });
    let lost = facing(&both, |facts| facts.change.compute = Fact::Unknown("403".into()));
    let allowed = elsewhere(&deletes, Fact::Known(good::everything()));
    vec![
        told("ATT-17", Warning, leaves.clone(), serving(&leaves)),
        told("ATT-18", Information, deletes.clone(), leaves.clone()),
        told("ATT-18", Information, moving(back()), moving(finish())),
        told(
            "ATT-18.gone",
            Warning,
            leaves.clone(),
            facing(&leaves, |facts| facts.cluster = Fact::Known(None)),
        ),
        told("ATT-19", Blocking, both.clone(), brought),
        told("ATT-19", Blocking, both.clone(), unstated),
        told("ATT-20", Blocking, deletes.clone(), classic(delete("aks"))),
        told("ATT-20", Blocking, both.clone(), made(&classic(delete_both("")))),
        told("ATT-20", Blocking, deletes.clone(), classic(delete(""))),
        told(
            "ATT-20",
            Blocking,
            classic(clear_up()),
            classic(clear_up_of(good::change::made(), "aks-there")),
        ),
        told("ATT-20.unknown", Blocking, both.clone(), lost),
        told("ATT-21", Warning, free, deletes.clone()),
        told(
            "ATT-22",
            Blocking,
            allowed.clone(),
            elsewhere(&deletes, Fact::Known(vec![])),
        ),
        told(
            "ATT-22.workspace",
            Blocking,
            allowed,
            elsewhere(&deletes, Fact::Unknown("403 Forbidden".into())),
        ),
        told("ATT-21", Warning, both.clone(), shared),
        told("CLN-01", Blocking, classic(refresh()), renewed),
        told("DEL-01", Warning, leaves.clone(), deletes),
        told("DEL-01", Warning, leaves.clone(), both),
        told("DEL-02", Warning, leaves.clone(), made(&leaves)),
        told("CLN-01", Blocking, removes.clone(), in_use),
        told("CLN-02", Blocking, removes.clone(), clean.clone()),
        told("CLN-02.found", Information, clean, removes),
    ]
}

/// The compute on the cluster is in another workspace, on which the person has the given rights.
fn elsewhere(good: &Good, rights: Fact<Vec<Rights>>) -> Good {
    facing(good, |facts| {
        let compute = ComputeFacts {
            id: classic_id().replace("ws-prod", "ws-lab"),
            ..good::compute(CLASSIC, "AKS")
        };
        let workspace = parent(&compute.id).unwrap_or_default().to_uppercase();
        facts.other_workspaces = vec![WorkspaceRights { workspace, rights }];
        good::attach(facts, vec![compute]);
    })
}

/// Rights on a workspace that could not be read are accepted for that workspace alone.
#[test]
fn unread_rights_on_another_workspace_are_accepted_by_name() {
    let unread = Fact::Unknown("403 Forbidden".into());
    let mut deletes = elsewhere(&classic(delete("aks-there")), unread);
    let compute = classic_id().replace("ws-prod", "ws-lab");
    let workspace = parent(&compute).unwrap_or_default().to_owned();
    let told = |deletes: &Good| {
        let found = findings(deletes).into_iter();
        let mut found = found.filter(|found| found.code == "ATT-22.workspace");
        found.next().map(|found| (found.severity, found.resource))
    };
    let resource = Some(workspace.clone());
    assert_eq!(told(&deletes), Some((Blocking, resource.clone())));
    deletes.spec.waived = vec!["ATT-22:/subscriptions/other".into()];
    assert_eq!(told(&deletes), Some((Blocking, resource.clone())));
    deletes.spec.waived = vec![format!("ATT-22:{workspace}")];
    assert_eq!(told(&deletes), Some((Unknown, resource)));
    let not_read = facing(&deletes, |facts| facts.other_workspaces.clear());
    assert!(told(&not_read).is_some(), "what was not read is not allowed");
    assert_eq!(told(&classic(detach())), None);
}

#[test]
fn the_name_to_type_has_the_clusters_own_spelling() {
    let mut upper_case = classic(delete("x"));
    if let Some(Change::DeleteCluster { cluster_id, .. }) = &mut upper_case.change {
        *cluster_id = cluster_id.to_uppercase();
    }
    let name = findings(&upper_case)
        .into_iter()
        .find(|finding| finding.rule == "ATT-20")
        .and_then(|finding| finding.params.get("name").cloned());
    assert_eq!(name.as_deref(), Some("aks-there"));
}
