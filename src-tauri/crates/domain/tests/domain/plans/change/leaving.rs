//! Detaching, deleting, rights, and clearing up.

use super::*;

#[test]
fn a_compute_is_detached_and_never_deleted_with_a_cluster_that_was_brought() {
    let good = classic(detach());
    assert_eq!(ids(&good), ["detach", "confirm"]);
    assert_eq!(
        path(&good, "detach"),
        format!(
            "DELETE {}{COMPUTE_API}&underlyingResourceAction=Detach",
            classic_id()
        )
    );
    assert_eq!(checks(&good), [gone(classic_id()), there(good::cluster().id)]);
    let brought = classic(delete_both("aks-there"));
    let unsaid = with_compute(&brought, "/properties/isAttachedCompute", Value::Null);
    let of_extension = facing(&deletable(), |facts| {
        facts.change.compute = Fact::Known(Some(raw_new()))
    });
    for good in [brought, unsaid] {
        assert_eq!(
            refused(&good),
            PlanError::Contradiction("compute", "isAttachedCompute")
        );
    }
    assert_eq!(
        refused(&of_extension),
        PlanError::Contradiction("compute", "route")
    );
    assert_eq!(ids(&deletable()), ["delete_with_cluster", "confirm"]);
    assert_eq!(
        path(&deletable(), "delete_with_cluster"),
        format!(
            "DELETE {}{COMPUTE_API}&underlyingResourceAction=Delete",
            classic_id()
        )
    );
    assert_eq!(
        checks(&deletable()),
        [gone(classic_id()), gone(good::cluster().id)]
    );
}

#[test]
fn attachments_go_before_their_cluster() {
    let elsewhere = ComputeFacts {
        id: classic_id().replace("ws-prod", "ws-lab"),
        workspace: "ws-lab".into(),
        ..good::compute(CLASSIC, "AKS")
    };
    let good = facing(&classic(delete("aks-there")), |facts| {
        facts.attachments = Fact::Known(vec![good::compute(CLASSIC, "AKS"), elsewhere.clone()]);
    });
    assert_eq!(ids(&good), ["detach_1", "detach_2", "delete_cluster", "confirm"]);
    for (id, compute) in [("detach_1", classic_id()), ("detach_2", elsewhere.id.clone())] {
        assert_eq!(
            path(&good, id),
            format!("DELETE {compute}{COMPUTE_API}&underlyingResourceAction=Detach")
        );
    }
    let cluster = good::cluster().id;
    assert_eq!(
        path(&good, "delete_cluster"),
        format!("DELETE {cluster}{CLUSTER_API}")
    );
    assert_eq!(
        checks(&good),
        [gone(classic_id()), gone(elsewhere.id), gone(cluster)]
    );
}

#[test]
fn a_role_is_given_by_the_plans_id() {
    let good = classic(grant("o-1"));
    assert_eq!(ids(&good), ["assign_role"]);
    let cluster = good::cluster().id;
    assert_eq!(
        path(&good, "assign_role"),
        format!("PUT {cluster}/providers/Microsoft.Authorization/roleAssignments/p-1?api-version=2022-04-01")
    );
    let definition = format!(
        "/subscriptions/{}/providers/Microsoft.Authorization/roleDefinitions/0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8",
        good::SUBSCRIPTION
    );
    assert_eq!(
        body(&good, "assign_role")["properties"],
        json!({ "roleDefinitionId": definition, "principalId": "o-1", "principalType": "ServicePrincipal" })
    );
    let params = step(&good, "assign_role").kind.params();
    assert_eq!(params["name"], "aks-there");
    assert_eq!(params["role"], "Azure Kubernetes Service Cluster Admin Role");
}

#[test]
fn a_run_is_cleared_up_from_its_end() {
    let good = classic(clear_up());
    assert_eq!(
        ids(&good),
        ["remove_1", "remove_2", "remove_3", "remove_4", "confirm"]
    );
    let made = made();
    let wanted = [
        format!("DELETE {}{COMPUTE_API}&underlyingResourceAction=Detach", made[3]),
        format!("DELETE {}{EXTENSION_API}", made[2]),
        format!("DELETE {}{CLUSTER_API}", made[1]),
        format!("DELETE {}?api-version=2024-03-01", made[0]),
    ];
    for (at, wanted) in wanted.iter().enumerate() {
        assert_eq!(path(&good, &format!("remove_{}", at + 1)), *wanted);
    }
    assert_eq!(
        checks(&good),
        made.iter().rev().cloned().map(gone).collect::<Vec<_>>()
    );
    let left = facing(&good, |facts| {
        facts.change.present = Fact::Known(vec![made[2].to_uppercase()])
    });
    assert_eq!(ids(&left), ["remove_1", "confirm"]);
    assert_eq!(
        path(&left, "remove_1"),
        format!("DELETE {}{EXTENSION_API}", made[2])
    );
    let none = facing(&good, |facts| facts.change.present = Fact::Known(vec![]));
    assert_eq!(refused(&none), PlanError::Missing("resources"));
}
