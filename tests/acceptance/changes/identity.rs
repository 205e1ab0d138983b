//! A workspace that acts with a user-assigned identity attaches a cluster only if that identity has its roles.

use super::assert_succeeded;
use super::other_user::OtherUser;
use crate::harness::World;
use berth_contract::model::AccessQuestion;
use berth_contract::run::RunState;
use berth_domain::change::{Change, Role};
use berth_domain::finding::Severity;
use berth_domain::rights::IDENTITY_ROLES;
use berth_domain::spec::{Route, Spec};
use serde_json::json;

const WORKSPACES: &str = "2024-04-01";

/// A set-up in the seed's workspace, which then acts with a user-assigned identity.
async fn with_own_identity(world: &World) -> Spec {
    let spec = world.attach_existing(Route::Extension);
    let id = spec.place.workspace.resource_id().unwrap();
    let group = id.split_once("/providers/").unwrap().0;
    let identity = format!("{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-ml");
    let user = OtherUser::of(world).await;
    let found = user.find(&id, WORKSPACES).await.unwrap();
    let body = json!({
        "location": found["location"],
        "identity": { "type": "UserAssigned", "userAssignedIdentities": { &identity: {} } },
        "properties": {
            "storageAccount": found["properties"]["storageAccount"],
            "keyVault": found["properties"]["keyVault"],
            "applicationInsights": found["properties"]["applicationInsights"],
            "primaryUserAssignedIdentity": identity,
        },
    });
    user.make(&id, WORKSPACES, body).await;
    spec
}

#[tokio::test(flavor = "multi_thread")]
async fn the_identity_gets_its_roles_before_the_cluster_is_attached() {
    let world = World::new("identity-roles").await;
    let spec = with_own_identity(&world).await;
    let review = world.berth.review(&world.on(spec.clone())).await.unwrap();
    let blocking = review
        .findings
        .iter()
        .find(|found| found.rule == "ATT-31")
        .unwrap();
    assert_eq!(blocking.severity, Severity::Blocking);
    assert_eq!(blocking.params["identity"], "id-ml");
    let refused = world.run(spec.clone()).await.unwrap_err();
    assert_eq!(refused.params["rules"], "ATT-31");

    let question = AccessQuestion {
        account: world.on(spec.clone()).account,
        workspace_id: spec.place.workspace.resource_id().unwrap(),
        cluster_id: spec.cluster_id().unwrap(),
        route: spec.route,
    };
    let report = world.berth.check_access(&question).await.unwrap();
    assert!(report.problems.is_empty() && report.may_grant, "{report:#?}");
    let lacks = report.lacks.iter().filter(|lack| lack.who == "workspace");
    let roles: Vec<Role> = lacks.clone().map(|lack| lack.role).collect();
    assert_eq!(roles, IDENTITY_ROLES);
    for lack in lacks {
        let grant = Change::Grant {
            scope: lack.scope.clone(),
            principal_id: lack.principal_id.clone(),
            role: lack.role,
            of: Some(lack.of.clone()),
        };
        assert_eq!(
            world.change(grant).await.unwrap().summary.state,
            RunState::Succeeded
        );
    }
    assert_succeeded(&world.run(spec).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn azure_refuses_an_identity_without_roles() {
    let world = World::new("identity-refused").await;
    let spec = Spec {
        waived: vec!["ATT-31".to_owned()],
        ..with_own_identity(&world).await
    };
    let end = world.run(spec).await.unwrap();
    assert_eq!(end.summary.state, RunState::Failed);
    let failure = end.steps.iter().find_map(|step| step.failure.as_ref()).unwrap();
    assert!(
        format!("{failure:?}").contains("AKS role check failed for user assigned identity"),
        "{failure:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_that_cannot_be_read_are_reported_as_unknown() {
    let world = World::new("identity-unread").await;
    let spec = with_own_identity(&world).await;
    let refusing = json!({
        "match": { "method": "GET", "path": "*/roleAssignments*" },
        "do": { "status": 403, "code": "AuthorizationFailed", "message": "not yours" },
        "times": 100,
    });
    world.fault(refusing).await;
    let review = world.berth.review(&world.on(spec)).await.unwrap();
    let unread = review
        .findings
        .iter()
        .find(|found| found.code == "unread.identity_roles")
        .unwrap();
    assert_eq!(unread.severity, Severity::Unknown);
    assert!(unread.params["why"].contains("not yours"), "{unread:#?}");
}
