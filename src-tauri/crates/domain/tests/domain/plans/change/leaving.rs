//! Plans for detaching, deleting, role assignments and clearing up.

use super::*;

#[test]
fn only_a_cluster_created_by_azure_ml_is_deleted_with_its_compute() {
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
fn detaching_from_a_cluster_that_is_gone_expects_no_cluster_and_offers_no_undo() {
    let orphan = facing(&classic(detach()), |facts| facts.cluster = Fact::Known(None));
    assert_eq!(ids(&orphan), ["detach", "confirm"]);
    assert_eq!(step(&orphan, "detach").undo.code, "undo.never");
    assert_eq!(checks(&orphan), [gone(classic_id())]);
    let never_made = with_compute(&classic(detach()), "/properties/resourceId", Value::Null);
    assert_eq!(checks(&never_made), [gone(classic_id())]);
    assert_eq!(step(&classic(detach()), "detach").undo.code, "undo.attach_again");
}

#[test]
fn computes_are_detached_before_their_cluster_is_deleted() {
    let elsewhere = ComputeFacts {
        id: classic_id().replace("ws-prod", "ws-lab"),
        workspace: "ws-lab".into(),
        ..good::compute(CLASSIC, "AKS")
    };
    let good = facing(&classic(delete("aks-there")), |facts| {
        good::attach(facts, vec![good::compute(CLASSIC, "AKS"), elsewhere.clone()]);
    });
    assert_eq!(ids(&good), ["detach_1", "detach_2", "delete_cluster", "confirm"]);
    for (id, compute) in [("detach_1", elsewhere.id.clone()), ("detach_2", classic_id())] {
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
        [gone(elsewhere.id), gone(classic_id()), gone(cluster)]
    );
}

#[test]
fn the_name_of_a_role_assignment_derives_from_the_plan_id() {
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
fn clearing_up_removes_resources_in_reverse_order() {
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
    let one = classic(clear_up_of(vec![format!("{}/", made[2].to_uppercase())], ""));
    assert_eq!(ids(&one), ["remove_1", "confirm"]);
    assert_eq!(
        path(&one, "remove_1"),
        format!("DELETE {}{EXTENSION_API}", made[2]),
        "the id is spelled as in the journal"
    );
    let reversed = classic(clear_up_of(made.iter().rev().cloned().collect(), "rg-ml"));
    assert_eq!(ids(&reversed), ids(&good));
    assert_eq!(path(&reversed, "remove_1"), path(&good, "remove_1"));
    let gone_already = with_made(&good, 3, |made| made.now = Fact::Known(None));
    assert_eq!(
        path(&gone_already, "remove_1"),
        format!("DELETE {}{EXTENSION_API}", made[2])
    );
    assert_eq!(refused(&all_gone(&good)), PlanError::Missing("resources"));
}

#[test]
fn each_removal_names_the_provenance_it_expects() {
    let good = classic(clear_up());
    let only = |id: &str| match step(&good, id).kind {
        StepKind::RemoveResource { only, .. } => only.expect("a provenance"),
        other => panic!("{other:?}"),
    };
    let at = Some("2026-01-01T00:00:00Z".to_owned());
    assert_eq!(
        (only("remove_1").plan, only("remove_1").identity),
        (Some("p-0".into()), at.clone())
    );
    assert_eq!(
        (only("remove_2").plan, only("remove_2").identity),
        (None, at),
        "extensions have no tags"
    );
    assert_eq!(only("remove_4").contents, Some(made()));
}

#[test]
fn clearing_up_removes_only_what_the_run_created() {
    let good = classic(clear_up());
    let foreign = classic(clear_up_of(vec!["/subscriptions/s/resourceGroups/g".into()], "g"));
    let no_run = facing(&good, |facts| facts.change.run = Fact::Known(None));
    let unread = facing(&good, |facts| facts.change.run = Fact::Unknown("no JSON".into()));
    let uncertain = with_made(&good, 1, |made| made.certain = false);
    let group_unread = with_made(&good, 0, |made| made.contents = Fact::Unknown("403".into()));
    let contradiction = PlanError::Contradiction("run", "resources");
    for (good, wanted) in [
        (no_run, PlanError::Missing("run")),
        (unread, PlanError::Missing("run")),
        (foreign, contradiction.clone()),
        (uncertain, contradiction.clone()),
        (group_unread, contradiction),
    ] {
        assert_eq!(refused(&good), wanted);
    }
}

#[test]
fn deleting_a_cluster_or_group_requires_its_name() {
    let brought = |confirm: &str| {
        let good = classic(delete_both(confirm));
        with_compute(&good, "/properties/isAttachedCompute", false.into())
    };
    for typed in ["", " ", "AKS-THERE", "rg", "yes"] {
        for good in [
            classic(delete(typed)),
            brought(typed),
            classic(clear_up_of(made(), typed)),
            classic(clear_up_of(vec![made()[1].clone()], typed)),
        ] {
            assert_eq!(refused(&good), PlanError::Unconfirmed, "{typed:?}");
        }
    }
    let spaced = classic(delete(" aks-there "));
    assert!(ids(&spaced).contains(&"delete_cluster".to_owned()));
}

#[test]
fn deleting_a_cluster_requires_its_users_to_be_read() {
    for good in [classic(delete("aks-there")), deletable()] {
        let good = facing(&good, |facts| facts.users = None);
        assert_eq!(refused(&good), PlanError::Missing("users"));
    }
}

#[test]
fn other_computes_are_detached_before_deleting_with_cluster() {
    let elsewhere = ComputeFacts {
        id: classic_id().replace("ws-prod", "ws-lab"),
        workspace: "ws-lab".into(),
        ..good::compute(CLASSIC, "AKS")
    };
    let good = facing(&deletable(), |facts| {
        let own = ComputeFacts {
            id: classic_id().to_uppercase(),
            ..good::compute(CLASSIC, "AKS")
        };
        good::attach(facts, vec![own, elsewhere.clone()]);
    });
    assert_eq!(ids(&good), ["detach_1", "delete_with_cluster", "confirm"]);
    assert_eq!(
        path(&good, "detach_1"),
        format!(
            "DELETE {}{COMPUTE_API}&underlyingResourceAction=Detach",
            elsewhere.id
        )
    );
}

#[test]
fn deleting_a_cluster_names_its_identity() {
    let good = facing(&classic(delete("aks-there")), |facts| {
        let mut cluster = raw_cluster();
        cluster["properties"]["resourceUID"] = json!("u-1");
        facts.change.cluster = Fact::Known(Some(cluster));
    });
    let StepKind::RemoveResource { only: Some(only), .. } = step(&good, "delete_cluster").kind else {
        panic!("a provenance");
    };
    assert_eq!((only.plan, only.identity), (None, Some("u-1".into())));
}

#[test]
fn roles_are_assigned_only_to_known_identities() {
    for (scope, principal) in [
        (good::cluster().id, "o-2"),
        (good::cluster().id, ""),
        (format!("/subscriptions/{}", good::SUBSCRIPTION), "o-1"),
        ("/".to_owned(), "o-1"),
    ] {
        let good = classic(grant_on(&scope, principal));
        let refused = refused(&good);
        assert!(
            matches!(
                refused,
                PlanError::Missing("principalId") | PlanError::Contradiction("principalId", "scope")
            ),
            "{scope} {principal}: {refused}"
        );
    }
}

#[test]
fn clean_up_shows_its_requests_to_the_cluster() {
    let good = facing(&classic(clean_up()), |facts| {
        good::attach(facts, vec![]);
        let objects = ["clusterrole -/azureml-fe-role", "service default/azureml-fe"];
        facts.leftovers = Fact::Known(objects.map(|object| object.parse().unwrap()).to_vec());
    });
    let plan = plan(&good.goal(), &good.facts, "p-1").expect("a plan");
    let sent: Vec<String> = plan
        .steps
        .iter()
        .flat_map(|step| &step.inside)
        .map(|request| format!("{} {}", request.method, request.path))
        .collect();
    assert_eq!(
        sent,
        [
            "DELETE /apis/rbac.authorization.k8s.io/v1/clusterroles/azureml-fe-role",
            "DELETE /api/v1/namespaces/default/services/azureml-fe",
        ]
    );
}
