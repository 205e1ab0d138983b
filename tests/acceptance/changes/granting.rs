//! Roles are granted only to identities that Berth has read, and only on related resources.

use super::clearing::blocked;
use super::other_user::OtherUser;
use crate::harness::World;
use berth_contract::run::RunState;
use berth_domain::change::{Change, Role};
use berth_domain::spec::Route;
use serde_json::{Value, json};

const UNKNOWN: &str = "6d0f3f1e-0f43-4c5f-9d6e-2f9a4f1f7a11";

/// The seed's workspace and cluster, as Azure returns them.
struct Seed {
    world: World,
    workspace: Value,
    cluster: Value,
}

impl Seed {
    async fn new(name: &str) -> Self {
        let world = World::new(name).await;
        let spec = world.attach_existing(Route::Extension);
        let other_user = OtherUser::of(&world).await;
        let workspace = spec.place.workspace.resource_id().unwrap();
        Self {
            workspace: other_user.find(&workspace, "2024-04-01").await.unwrap(),
            cluster: other_user
                .find(&spec.cluster_id().unwrap(), "2024-02-01")
                .await
                .unwrap(),
            world,
        }
    }

    fn identity_of_workspace(&self) -> String {
        text(&self.workspace, "/identity/principalId")
    }

    async fn codes(&self, scope: &str, principal: &str, of: Option<String>) -> Vec<String> {
        let found = blocked(&self.world, grant(scope, principal, of)).await;
        assert!(self.world.exchanges("PUT", "roleAssignments").is_empty());
        found.into_iter().map(|finding| finding.code).collect()
    }
}

fn text(value: &Value, at: &str) -> String {
    value.pointer(at).and_then(Value::as_str).unwrap().to_owned()
}

fn grant(scope: &str, principal_id: &str, of: Option<String>) -> Change {
    Change::Grant {
        scope: scope.to_owned(),
        principal_id: principal_id.to_owned(),
        role: Role::Contributor,
        of,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unverified_identity_gets_no_role() {
    let seed = Seed::new("grant-unknown").await;
    let cluster = text(&seed.cluster, "/id");
    let workspace = text(&seed.workspace, "/id");
    for of in [
        None,
        Some(workspace.clone()),
        Some(cluster.clone()),
        Some(text(&seed.workspace, "/properties/storageAccount")),
    ] {
        assert_eq!(seed.codes(&cluster, UNKNOWN, of).await, ["GRT-03"]);
    }
    assert_eq!(seed.codes(&cluster, "  ", None).await, ["GRT-02"]);
    // An OData filter instead of a GUID is refused.
    assert!(!seed.codes(&cluster, "x' or '1' eq '1", None).await.is_empty());
    // The account itself is not a managed identity.
    let own = seed.world.ready.client_id.clone();
    assert_eq!(seed.codes(&cluster, &own, None).await, ["GRT-03"]);
    // The identity of one resource is not accepted for another.
    let principal = seed.identity_of_workspace();
    assert_eq!(
        seed.codes(&cluster, &principal, Some(cluster.clone())).await,
        ["GRT-03"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn broad_and_unrelated_scopes_are_refused() {
    let seed = Seed::new("grant-scopes").await;
    let principal = seed.identity_of_workspace();
    let subscription = format!("/subscriptions/{}", seed.world.ready.subscription_ids[0]);
    for scope in [
        &subscription,
        &format!("{subscription}/providers/Microsoft.Network/locations/westeurope"),
    ] {
        assert_eq!(seed.codes(scope, &principal, None).await, ["GRT-04"], "{scope:?}");
    }
    for scope in [
        "",
        "/",
        &format!("{subscription}/"),
        &format!("{subscription}/providers/Microsoft.ContainerService"),
        "/providers/Microsoft.Management/managementGroups/root",
        "/providers/Microsoft.Authorization",
    ] {
        let codes = seed.codes(scope, &principal, None).await;
        assert!(!codes.is_empty(), "{scope:?}");
    }
    for scope in [
        format!("{subscription}/resourceGroups/rg-of-somebody"),
        format!("{subscription}/resourceGroups/rg-ml-prod/providers/Microsoft.KeyVault/vaults/kv"),
    ] {
        assert_eq!(seed.codes(&scope, &principal, None).await, ["GRT-05"], "{scope}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_identity_gets_no_role() {
    let seed = Seed::new("grant-unread").await;
    let cluster = text(&seed.cluster, "/id");
    let refusing = json!({
        "match": { "method": "GET", "path": "*/workspaces*" },
        "do": { "status": 403, "code": "AuthorizationFailed", "message": "not yours" },
        "times": 100,
    });
    seed.world.fault(refusing).await;
    let principal = seed.identity_of_workspace();
    for of in [None, Some(text(&seed.workspace, "/id"))] {
        let found = blocked(&seed.world, grant(&cluster, &principal, of)).await;
        assert_eq!(found[0].code, "GRT-03.unread", "{found:#?}");
        assert!(found[0].params["why"].contains("not yours"), "{found:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn verified_identities_get_their_roles() {
    let seed = Seed::new("grant-known").await;
    let cluster = text(&seed.cluster, "/id");
    let group = cluster.split_once("/providers/").unwrap().0.to_owned();
    let nodes = text(&seed.cluster, "/properties/nodeResourceGroup");
    let subscription = group.split_once("/resourceGroups/").unwrap().0;
    let kubelet = text(
        &seed.cluster,
        "/properties/identityProfile/kubeletidentity/objectId",
    );
    for (scope, principal, of) in [
        (
            cluster.to_uppercase(),
            seed.identity_of_workspace().to_uppercase(),
            None,
        ),
        (
            text(&seed.workspace, "/properties/storageAccount"),
            seed.identity_of_workspace(),
            Some(text(&seed.workspace, "/id")),
        ),
        (
            group.clone(),
            text(&seed.cluster, "/identity/principalId"),
            Some(cluster.clone()),
        ),
        (format!("{subscription}/resourceGroups/{nodes}"), kubelet, None),
    ] {
        let end = seed.world.change(grant(&scope, &principal, of)).await.unwrap();
        assert_eq!(end.summary.state, RunState::Succeeded, "{scope}");
    }
    let sent = seed.world.exchanges("PUT", "roleAssignments");
    assert_eq!(sent.len(), 4);
    for exchange in &sent {
        assert_eq!(
            exchange["request_body"]["properties"]["principalType"],
            "ServicePrincipal"
        );
    }
    assert!(
        sent[0]["url"].as_str().unwrap().contains(&cluster),
        "as Azure formats it"
    );
}
