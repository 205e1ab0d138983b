//! Two matrices. In the first, a run is killed before, during and after each request of each plan, and resumes to the
//! same result: nothing is lost, duplicated or created without being reported. In the second, each request meets each
//! fault, and the run reaches the same result or fails with a clear error and then resumes to it.
//!
//! The sandbox's time advances only while Berth waits, so no case takes long.
//!
//! One line of [`plans!`] adds a plan to both, and every kind of change has one ([`kinds`]). By default every write,
//! every fourth read and every fourth fault is tried, others for each commit ([`turn`]); all of them with
//! `BERTH_MATRIX=full` (`make matrix`).

mod canary;
mod child;
mod end_state;
mod faults;
mod figures;
mod fixture;
mod kill;
mod kinds;
mod order;
mod redirect_target;
mod runner;
pub mod serving;
mod time;
mod trace;
mod turn;

use crate::harness::{World, own_pair};
use berth_domain::change::{Change, Role, Support};
use berth_domain::deployment_spec::Auth;
use berth_domain::endpoint::EndpointKey;
use berth_domain::spec::{Autoscale, LoadBalancer, PairRef, Route, Spec, Tier, Tls};
use berth_domain::traffic::Traffic;
use order::Order;

/// Both matrices for each plan: its name, and how the world is prepared and which order follows.
macro_rules! plans {
    ($($name:ident: $prepare:expr;)*) => {
        mod killed {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                pub async fn $name() {
                    kill::matrix(stringify!($name), $prepare).await;
                }
            )*
        }

        mod faulted {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                pub async fn $name() {
                    faults::matrix(stringify!($name), $prepare).await;
                }
            )*
        }
    };
}

plans! {
    production_extension: async |world: &World| Order::set_up(world.production_extension());
    devtest_classic: async |world: &World| Order::set_up(classic_with_files(world));
    existing_extension: async |world: &World| Order::set_up(world.attach_existing(Route::Extension));
    existing_classic: async |world: &World| Order::set_up(world.attach_existing(Route::Classic));
    scale: async |world: &World| changed(world, Route::Classic, |cluster_id, _| Change::Scale {
        cluster_id,
        pool: "system".to_owned(),
        nodes: 5,
    }).await;
    autoscale: async |world: &World| changed(world, Route::Classic, |cluster_id, _| Change::Autoscale {
        cluster_id,
        pool: "system".to_owned(),
        bounds: Some(Autoscale { min: 3, max: 6 }),
    }).await;
    upgrade: async |world: &World| {
        let (cluster_id, _) = attached(world, Route::Extension).await;
        let version = world.look(&cluster_id).await.upgrades.pop().unwrap().version;
        Order::change(Change::Upgrade { cluster_id, version, nodes: true, support: None })
    };
    upgrade_whole: async |world: &World| {
        let (cluster_id, _) = attached(world, Route::Extension).await;
        out_of_support(world, &cluster_id);
        Order::change(Change::Upgrade { cluster_id, version: "1.34.7".to_owned(), nodes: true, support: None })
    };
    upgrade_long_term: async |world: &World| {
        let (cluster_id, _) = attached(world, Route::Extension).await;
        let version = world.look(&cluster_id).await.upgrades.remove(0).version;
        Order::change(Change::Upgrade { cluster_id, version, nodes: true, support: Some(LONG_TERM) })
    };
    support: async |world: &World| changed(world, Route::Extension, |cluster_id, _| Change::Support {
        cluster_id,
        support: LONG_TERM,
    }).await;
    stop: async |world: &World| changed(world, Route::Extension, |cluster_id, _| Change::Power {
        cluster_id,
        running: false,
    }).await;
    tags: async |world: &World| changed(world, Route::Extension, |resource_id, _| Change::Tags {
        resource_id,
        tags: [("owner".to_owned(), "ml".to_owned())].into(),
    }).await;
    internal_classic: async |world: &World| changed(world, Route::Classic, |_, compute_id| Change::LoadBalancer {
        compute_id,
        load_balancer: LoadBalancer::Internal { subnet: Some("snet-ilb".to_owned()) },
    }).await;
    internal_extension: async |world: &World| changed(world, Route::Extension, |_, compute_id| Change::LoadBalancer {
        compute_id,
        load_balancer: LoadBalancer::Internal { subnet: None },
    }).await;
    tls_classic: async |world: &World| {
        let (_, compute_id) = attached(world, Route::Classic).await;
        Order::change(Change::Tls { compute_id, tls: own(world, "other.contoso.com") })
    };
    tls_extension: async |world: &World| {
        let (_, compute_id) = attached(world, Route::Extension).await;
        Order::change(Change::Tls { compute_id, tls: own(world, "other.contoso.com") })
    };
    tls_off: async |world: &World| changed(world, Route::Classic, |_, compute_id| Change::Tls {
        compute_id,
        tls: Tls::None,
    }).await;
    renew_label: async |world: &World| {
        let spec = labelled(world);
        let compute_id = spec.place.compute_id().unwrap();
        world.run(spec).await.unwrap();
        world.front_ends(serde_json::json!({ "days_left": 20 })).await;
        Order::change(Change::RenewLabel { compute_id })
    };
    refresh: async |world: &World| changed(world, Route::Classic, |_, compute_id| Change::Refresh { compute_id }).await;
    begin_move: async |world: &World| changed(world, Route::Classic, |_, compute_id| moving(compute_id)).await;
    move_back: async |world: &World| {
        let (_, compute_id) = attached(world, Route::Classic).await;
        world.change(moving(compute_id.clone())).await.unwrap();
        Order::change(Change::MoveBack { compute_id })
    };
    move_finish: async |world: &World| {
        let (_, compute_id) = attached(world, Route::Classic).await;
        world.change(moving(compute_id.clone())).await.unwrap();
        Order::change(Change::MoveFinish { compute_id })
    };
    detach: async |world: &World| changed(world, Route::Classic, |_, compute_id| Change::Detach { compute_id }).await;
    clean_up: async |world: &World| {
        let (cluster_id, compute_id) = attached(world, Route::Classic).await;
        world.change(Change::Detach { compute_id }).await.unwrap();
        Order::change(Change::CleanUp { cluster_id })
    };
    delete_cluster: async |world: &World| changed(world, Route::Extension, |cluster_id, _| {
        let confirm = cluster_id.rsplit('/').next().unwrap_or_default().to_owned();
        Change::DeleteCluster { cluster_id, confirm }
    }).await;
    delete_with_cluster: async |world: &World| {
        let (cluster_id, compute_id) = attached(world, Route::Classic).await;
        made_by_workspace(world, &compute_id).await;
        let confirm = cluster_id.rsplit('/').next().unwrap_or_default().to_owned();
        Order::change(Change::DeleteWithCluster { compute_id, confirm })
    };
    traffic: async |world: &World| {
        let endpoint_id = serving::endpoint(world).await;
        let traffic = Traffic::of([("blue".to_owned(), 90), ("green".to_owned(), 10)]).unwrap();
        Order::change(Change::Traffic { endpoint_id, traffic, none: false, default_version: None, control_version: None })
    };
    regenerate_key: async |world: &World| Order::change(Change::RegenerateKey {
        endpoint_id: serving::endpoint(world).await,
        key: EndpointKey::Primary,
    });
    canary: async |world: &World| {
        let endpoint_id = serving::endpoint(world).await;
        Order::change(serving::canary(world, endpoint_id, &[100]))
    };
    delete_version: async |world: &World| Order::change(Change::DeleteVersion {
        endpoint_id: serving::endpoint(world).await,
        version: "green".to_owned(),
    });
    deploy: async |world: &World| serving::first_version(world).await;
    update_version: async |world: &World| serving::updated_version(world).await;
    deploy_service: async |world: &World| serving::service(world).await;
    deploy_classic_version: async |world: &World| serving::further_version(world).await;
    delete_endpoint: async |world: &World| Order::change(Change::DeleteEndpoint {
        endpoint_id: serving::endpoint(world).await,
        confirm: serving::ENDPOINT.to_owned(),
    });
    traffic_classic: async |world: &World| {
        let endpoint_id = serving::classic(world).await;
        let traffic = Traffic::of([("blue".to_owned(), 90), ("green".to_owned(), 10)]).unwrap();
        let green = || Some("green".to_owned());
        Order::change(Change::Traffic { endpoint_id, traffic, none: false, default_version: green(), control_version: green() })
    };
    delete_version_classic: async |world: &World| Order::change(Change::DeleteVersion {
        endpoint_id: serving::classic(world).await,
        version: "green".to_owned(),
    });
    regenerate_key_classic: async |world: &World| Order::change(Change::RegenerateKey {
        endpoint_id: serving::classic(world).await,
        key: EndpointKey::Secondary,
    });
    auth: async |world: &World| Order::auth(serving::endpoint(world).await, Auth::Token);
    auth_classic: async |world: &World| Order::auth(serving::classic(world).await, Auth::Token);
    delete_service: async |world: &World| Order::change(Change::DeleteEndpoint {
        endpoint_id: serving::classic(world).await,
        confirm: serving::ENDPOINT.to_owned(),
    });
    grant: async |world: &World| {
        let (scope, _) = attached(world, Route::Extension).await;
        let principal_id = world.look(&scope).await.cluster.principal_id.unwrap();
        Order::change(Change::Grant { scope, principal_id, role: Role::NetworkContributor, of: None })
    };
    clear_up: async |world: &World| {
        let end = world.run(world.production_extension()).await.unwrap();
        let resources = end.made.iter().map(|made| made.resource_id.clone()).collect();
        Order::change(Change::ClearUp {
            run: end.summary.id,
            resources,
            confirm: "aks-prod-01".to_owned(),
        })
    };
}

const LONG_TERM: Support = Support {
    long_term_support: true,
    tier: Tier::Premium,
    patch_upgrades: true,
};

/// Killed during a rollback, a run continues with the rollback. Faults during a rollback have tests in `rollback`.
mod killed_during_rollback {
    use super::*;
    use serde_json::json;

    async fn stuck_front_end(world: &World, route: Route) -> Order {
        let (_, compute_id) = attached(world, route).await;
        world.front_ends(json!({ "sticks": 1 })).await;
        Order::change(Change::Tls {
            compute_id,
            tls: own(world, "other.contoso.com"),
        })
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn tls_rollback_classic() {
        let prepare = async |world: &World| stuck_front_end(world, Route::Classic).await;
        Box::pin(kill::matrix("tls_rollback_classic", prepare)).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn tls_rollback_extension() {
        let prepare = async |world: &World| stuck_front_end(world, Route::Extension).await;
        Box::pin(kill::matrix("tls_rollback_extension", prepare)).await;
    }
}

/// The seed's cluster, attached with a custom certificate.
pub async fn attached(world: &World, route: Route) -> (String, String) {
    let spec = Spec {
        tls: Some(own(world, "ml.contoso.com")),
        ..world.attach_existing(route)
    };
    let (cluster_id, compute_id) = (spec.cluster_id().unwrap(), spec.place.compute_id().unwrap());
    world.run(spec).await.unwrap();
    (cluster_id, compute_id)
}

/// A change to that cluster or compute.
async fn changed(world: &World, route: Route, change: impl Fn(String, String) -> Change) -> Order {
    let (cluster_id, compute_id) = attached(world, route).await;
    Order::change(change(cluster_id, compute_id))
}

/// The seed's cluster with a certificate from Microsoft.
pub fn labelled(world: &World) -> Spec {
    Spec {
        tls: Some(Tls::Microsoft {
            leaf_domain_label: "contoso".to_owned(),
            overwrite_existing_domain: false,
        }),
        ..world.attach_existing(Route::Classic)
    }
}

/// Azure ML no longer creates clusters, but the ones it created still exist.
async fn made_by_workspace(world: &World, compute_id: &str) {
    let sandbox = world.sandbox.as_ref().unwrap();
    let edited = sandbox.edit_resource(compute_id, |body| {
        body["properties"]["isAttachedCompute"] = false.into();
    });
    assert!(edited.unwrap(), "{compute_id} does not exist");
}

/// The cluster's version grows old: AKS then upgrades it only as a whole.
fn out_of_support(world: &World, cluster_id: &str) {
    let sandbox = world.sandbox.as_ref().unwrap();
    let edited = sandbox.edit_resource(cluster_id, |body| {
        let properties = &mut body["properties"];
        properties["kubernetesVersion"] = "1.31".into();
        properties["currentKubernetesVersion"] = "1.31.13".into();
        let pools = properties["agentPoolProfiles"].as_array_mut();
        for pool in pools.into_iter().flatten() {
            pool["orchestratorVersion"] = "1.31".into();
            pool["currentOrchestratorVersion"] = "1.31.13".into();
        }
    });
    assert!(edited.unwrap(), "{cluster_id} does not exist");
}

pub fn moving(compute_id: String) -> Change {
    Change::Move {
        compute_id,
        new_compute: "moved".to_owned(),
        namespace: "models".to_owned(),
    }
}

fn own(world: &World, cname: &str) -> Tls {
    let (certificate, key) = own_pair(world.folder.path(), cname);
    Tls::Own {
        cname: cname.to_owned(),
        pair: Some(PairRef::Files {
            certificate: certificate.display().to_string(),
            key: key.display().to_string(),
        }),
    }
}

/// With the certificate in files: one in memory would be lost with the killed process.
fn classic_with_files(world: &World) -> Spec {
    Spec {
        tls: Some(own(world, "dev.contoso.com")),
        ..world.devtest_classic()
    }
}
