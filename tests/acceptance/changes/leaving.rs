//! Detaching, deleting, clearing up and granting roles.

use super::*;
use berth_contract::model::AccessQuestion;
use berth_sandbox::Seed;

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_is_detached_cleaned_up_and_deleted() {
    let (world, cluster_id, compute_id) =
        attached("change-leave", Route::Classic, Some("ml.contoso.com")).await;
    let end = world
        .change(Change::Detach {
            compute_id: compute_id.clone(),
        })
        .await
        .unwrap();
    assert_succeeded(&end);
    assert_eq!(codes(&end), ["gone.holds", "there.holds"]);
    assert_eq!(world.look(&cluster_id).await.leftovers.len(), 8);
    let end = world
        .change(Change::CleanUp {
            cluster_id: cluster_id.clone(),
        })
        .await
        .unwrap();
    assert_succeeded(&end);
    assert!(world.look(&cluster_id).await.leftovers.is_empty());

    let delete = |confirm: &str| Change::DeleteCluster {
        cluster_id: cluster_id.clone(),
        confirm: confirm.to_owned(),
    };
    let refused = world.change(delete("yes")).await.unwrap_err();
    assert_eq!(refused.params["rules"], "ATT-20");
    let end = world
        .change(delete(cluster_id.rsplit('/').next().unwrap()))
        .await
        .unwrap();
    assert_succeeded(&end);
    assert_eq!(codes(&end), ["gone.holds"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn resources_of_a_run_are_deleted_in_reverse_order() {
    let world = World::new("change-clear-up").await;
    let end = world.run(world.production_extension()).await.unwrap();
    let resources: Vec<String> = end.made.iter().map(|made| made.resource_id.clone()).collect();
    assert!(resources.len() >= 3, "{resources:?}");
    let end = world
        .change(Change::ClearUp {
            run: end.summary.id.clone(),
            resources,
            confirm: "aks-prod-01".to_owned(),
        })
        .await
        .unwrap();
    assert_succeeded(&end);
    assert!(
        codes(&end).iter().all(|code| *code == "gone.holds"),
        "{:?}",
        codes(&end)
    );
    let kinds: Vec<String> = end.plan.steps.iter().map(|step| step.kind.title()).collect();
    assert_eq!(kinds[0], "step.remove_resource.attachment");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_cluster_created_by_azure_ml_is_deleted_with_its_compute() {
    let world = World::seeded("change-made-by-aml", 1200.0, Seed::Fleet).await;
    let group = format!(
        "/subscriptions/{}/resourceGroups/rg-serving-",
        world.ready.subscription_ids[0]
    );
    let compute = |location: &str, name: &str| {
        let workspace = "providers/Microsoft.MachineLearningServices/workspaces/ml-";
        format!("{group}{location}/{workspace}{location}/computes/{name}")
    };
    let delete = |compute_id: String, confirm: &str| Change::DeleteWithCluster {
        compute_id,
        confirm: confirm.to_owned(),
    };
    // A cluster that was only attached is never deleted this way, whatever name is typed.
    let brought = compute("northeurope", "speech-test");
    let refused = world
        .change(delete(brought, "aks-speech-test"))
        .await
        .unwrap_err();
    assert_eq!(refused.params["rules"], "ATT-19");
    let made = compute("northeurope", "legacy-7f3a");
    let refused = world
        .change(delete(made.clone(), "legacy-7f3a"))
        .await
        .unwrap_err();
    assert_eq!(refused.params["rules"], "ATT-20");
    assert!(world.exchanges("DELETE", "/computes/").is_empty());
    let end = world.change(delete(made, "aks-legacy-7f3a")).await.unwrap();
    assert_succeeded(&end);
    assert_eq!(codes(&end), ["gone.holds", "gone.holds"]);
    let sent = world.exchanges("DELETE", "/computes/legacy-7f3a");
    assert!(
        sent[0]["url"]
            .as_str()
            .unwrap()
            .ends_with("underlyingResourceAction=Delete")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_role_is_reported_and_can_be_granted() {
    let world = World::new("change-grant").await;
    let spec = world.attach_existing(Route::Extension);
    let question = AccessQuestion {
        account: world.on(spec.clone()).account,
        workspace_id: spec.place.workspace.resource_id().unwrap(),
        cluster_id: spec.cluster_id().unwrap(),
        route: spec.route,
    };
    let report = world.berth.check_access(&question).await.unwrap();
    assert!(report.problems.is_empty(), "{report:#?}");
    assert!(report.may_grant && !report.lacks.is_empty(), "{report:#?}");
    // Azure ML gives a system-assigned identity its rights.
    assert!(
        report.lacks.iter().all(|lack| lack.who == "cluster"),
        "{report:#?}"
    );
    for lack in &report.lacks {
        let grant = Change::Grant {
            scope: lack.scope.clone(),
            principal_id: lack.principal_id.clone(),
            role: lack.role,
            of: Some(lack.of.clone()),
        };
        let end = world.change(grant).await.unwrap();
        assert_eq!(end.summary.state, RunState::Succeeded);
    }
    let after = world.berth.check_access(&question).await.unwrap();
    assert!(after.lacks.is_empty(), "{after:#?}");
}
