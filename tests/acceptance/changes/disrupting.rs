//! Every goal that interrupts or destroys something others may use.

use super::other_user::OtherUser;
use super::users::{Fleet, ML, clean_up};
use super::*;
use berth_domain::change::Goal;
use berth_domain::spec::ClusterChoice;
use serde_json::json;

fn changing(change: Change) -> Goal {
    Goal::Change {
        change: Box::new(change),
        waived: Vec::new(),
    }
}

/// Every disruptive change that nothing else blocks. `churn-prod` is being moved.
pub fn disrupting(fleet: &Fleet) -> Vec<Change> {
    let hub = fleet.cluster("germanywestcentral", "aks-hub-prod");
    let fraud = fleet.compute("westeurope", "fraud-prod");
    let churn = fleet.compute("westeurope", "churn-prod");
    let speech = fleet.compute("northeurope", "speech-test");
    let upgrade = |nodes| Change::Upgrade {
        cluster_id: hub.clone(),
        version: "1.36".to_owned(),
        nodes,
        support: None,
    };
    vec![
        clean_up(fleet.cluster("uksouth", "aks-docs-prod")),
        Change::Tls {
            compute_id: fraud.clone(),
            tls: Tls::None,
        },
        Change::LoadBalancer {
            compute_id: fraud,
            load_balancer: LoadBalancer::Internal { subnet: None },
        },
        Change::RenewLabel {
            compute_id: fleet.compute("northeurope", "forecast-prod"),
        },
        Change::Refresh {
            compute_id: speech.clone(),
        },
        Change::Move {
            compute_id: speech.clone(),
            new_compute: "speech-new".to_owned(),
            namespace: "models".to_owned(),
        },
        Change::MoveBack {
            compute_id: churn.clone(),
        },
        Change::MoveFinish { compute_id: churn },
        Change::Detach { compute_id: speech },
        Change::Detach {
            compute_id: fleet.compute("northeurope", "legacy-7f3a"),
        },
        // Another compute on the cluster is detached first.
        Change::DeleteWithCluster {
            compute_id: fleet.compute("northeurope", "legacy-7f3a"),
            confirm: "aks-legacy-7f3a".to_owned(),
        },
        upgrade(false),
        upgrade(true),
        Change::Power {
            cluster_id: hub.clone(),
            running: false,
        },
        Change::DeleteCluster {
            cluster_id: hub,
            confirm: "aks-hub-prod".to_owned(),
        },
    ]
}

/// Prepares the fleet for [`disrupting`] and returns every disruptive goal.
pub async fn prepared(fleet: &Fleet) -> Vec<Goal> {
    let other_user = OtherUser::of(&fleet.0).await;
    let body = json!({ "location": "westeurope", "properties": {
        "computeType": "AKS", "resourceId": fleet.cluster("northeurope", "aks-legacy-7f3a"),
        "properties": { "clusterPurpose": "FastProd", "loadBalancerType": "PublicIp" },
    } });
    let other = fleet.compute("westeurope", "legacy-too");
    other_user.make(&other, ML, body).await;
    let moves = fleet.0.change(Change::Move {
        compute_id: fleet.compute("westeurope", "churn-prod"),
        new_compute: "churn-new".to_owned(),
        namespace: "models".to_owned(),
    });
    assert_succeeded(&moves.await.unwrap());
    let made = fleet.0.run(fleet.0.production_extension()).await.unwrap();
    assert_succeeded(&made);
    let mut goals: Vec<Goal> = disrupting(fleet).into_iter().map(changing).collect();
    goals.push(changing(Change::ClearUp {
        run: made.summary.id,
        resources: made.made.into_iter().map(|made| made.resource_id).collect(),
        confirm: "aks-prod-01".to_owned(),
    }));
    goals.extend([
        attach_shared(fleet, Route::Classic),
        attach_shared(fleet, Route::Extension),
    ]);
    goals
}

/// An attachment to a shared cluster: it replaces the classic front end or changes the extension.
fn attach_shared(fleet: &Fleet, route: Route) -> Goal {
    let mut spec = fleet.0.attach_existing(route);
    if route == Route::Extension {
        spec.cluster = ClusterChoice::Existing {
            resource_id: fleet.cluster("germanywestcentral", "aks-hub-prod"),
        };
        spec.place.resource_group.clear();
        spec.place.cluster_name.clear();
        spec.place.location.clear();
    }
    Goal::SetUp { spec: Box::new(spec) }
}

/// Whether the goals after it in the list can still be reached once this one is.
pub fn leaves_fleet_usable(goal: &Goal) -> bool {
    match goal {
        Goal::SetUp { .. } | Goal::Deploy { .. } => false,
        Goal::Change { change, .. } => match &**change {
            Change::Detach { compute_id } => !compute_id.ends_with("legacy-7f3a"),
            other => !["refresh", "move", "move_back", "upgrade", "power"].contains(&other.as_str()),
        },
    }
}
