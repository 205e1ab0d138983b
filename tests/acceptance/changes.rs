//! Changes to existing resources: each is planned, executed and verified.

mod answering;
mod bound;
mod budgets;
mod clearing;
mod disrupting;
mod gone;
mod granting;
mod identity;
mod leaving;
mod made_by_aml;
pub mod other_user;
mod reach;
mod reviewed;
mod stepped_canary;
mod traffic;
mod traffic_classic;
mod unread;
mod upgrading;
pub mod users;
mod versions;

use crate::harness::{World, own_pair};
use berth_contract::run::{ProofCheckState, RunSnapshot, RunState};
use berth_domain::change::Change;
use berth_domain::spec::{Autoscale, LoadBalancer, PairRef, Route, Spec, Tls};
use serde_json::Value;

/// A world with the seed's cluster attached.
async fn attached(name: &str, route: Route, tls: Option<&str>) -> (World, String, String) {
    let world = World::new(name).await;
    let spec = Spec {
        tls: Some(tls.map_or(Tls::None, |cname| own(&world, cname))),
        ..world.attach_existing(route)
    };
    let cluster = spec.cluster_id().unwrap();
    let compute = spec.place.compute_id().unwrap();
    let end = world.run(spec).await.unwrap();
    assert_succeeded(&end);
    (world, cluster, compute)
}

pub fn own(world: &World, cname: &str) -> Tls {
    let (certificate, key) = own_pair(world.folder.path(), cname);
    Tls::Own {
        cname: cname.to_owned(),
        pair: Some(PairRef::Files {
            certificate: certificate.display().to_string(),
            key: key.display().to_string(),
        }),
    }
}

fn assert_succeeded(run: &RunSnapshot) {
    let failures: Vec<_> = run
        .steps
        .iter()
        .filter_map(|step| step.failure.as_ref())
        .collect();
    let state = run.summary.state;
    assert_eq!(
        state,
        RunState::Succeeded,
        "{:?} {failures:#?} {:#?}",
        steps(run),
        run.proof
    );
    let proof = run.proof.as_ref().expect("a proof");
    let wrong: Vec<_> = proof
        .checks
        .iter()
        .filter(|check| check.state == ProofCheckState::Fails)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn steps(run: &RunSnapshot) -> Vec<&str> {
    run.plan.steps.iter().map(|step| step.id.as_str()).collect()
}

pub fn codes(run: &RunSnapshot) -> Vec<&str> {
    let proof = run.proof.as_ref().expect("a proof");
    proof.checks.iter().map(|check| check.code.as_str()).collect()
}

/// The bodies of writes to a resource.
fn bodies(world: &World, method: &str, part: &str) -> Vec<Value> {
    let sent = world.exchanges(method, part);
    sent.iter()
        .map(|exchange| exchange["request_body"].clone())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_are_scaled_manually_and_by_the_autoscaler() {
    let (world, cluster_id, _) = attached("change-nodes", Route::Classic, None).await;
    let pool = "system".to_owned();
    let end = world
        .change(Change::Scale {
            cluster_id: cluster_id.clone(),
            pool: pool.clone(),
            nodes: 5,
        })
        .await
        .unwrap();
    assert_succeeded(&end);
    assert_eq!(codes(&end), ["nodes.ready"]);
    assert_eq!(end.proof.as_ref().unwrap().checks[0].params["nodes"], "5");

    let bounds = Some(Autoscale { min: 3, max: 8 });
    let end = world
        .change(Change::Autoscale {
            cluster_id: cluster_id.clone(),
            pool: pool.clone(),
            bounds,
        })
        .await
        .unwrap();
    assert_succeeded(&end);
    // Scaling by hand is now refused before anything is sent.
    let refused = world
        .change(Change::Scale {
            cluster_id: cluster_id.clone(),
            pool: pool.clone(),
            nodes: 4,
        })
        .await
        .unwrap_err();
    assert_eq!(refused.params["rules"], "SCL-02");
    let end = world
        .change(Change::Autoscale {
            cluster_id,
            pool,
            bounds: None,
        })
        .await
        .unwrap();
    assert_succeeded(&end);
    assert_eq!(bodies(&world, "PUT", "/agentPools/").len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_is_upgraded_stopped_started_and_tagged() {
    let (world, cluster_id, _) = attached("change-cluster", Route::Extension, None).await;
    let details = world.look(&cluster_id).await;
    let target = details
        .upgrades
        .last()
        .expect("an available upgrade")
        .version
        .clone();
    let upgrade = Change::Upgrade {
        cluster_id: cluster_id.clone(),
        version: target.clone(),
        nodes: true,
        support: None,
    };
    let end = world.change(upgrade).await.unwrap();
    assert_succeeded(&end);
    assert_eq!(codes(&end)[0], "version.holds");
    assert!(
        codes(&end)[1..].iter().all(|code| *code == "nodes.ready"),
        "{:?}",
        codes(&end)
    );
    assert_eq!(world.look(&cluster_id).await.cluster.kubernetes_version, target);

    for running in [false, true] {
        let end = world
            .change(Change::Power {
                cluster_id: cluster_id.clone(),
                running,
            })
            .await
            .unwrap();
        assert_succeeded(&end);
    }
    let tags = [("owner".to_owned(), "ml/platform".to_owned())].into();
    let end = world
        .change(Change::Tags {
            resource_id: cluster_id.clone(),
            tags,
        })
        .await
        .unwrap();
    assert_succeeded(&end);
    assert_eq!(world.look(&cluster_id).await.cluster.tags["owner"], "ml/platform");
}

#[tokio::test(flavor = "multi_thread")]
async fn load_balancer_and_tls_change_on_both_routes() {
    for (name, route) in [
        ("change-lb-classic", Route::Classic),
        ("change-lb-extension", Route::Extension),
    ] {
        let (world, _, compute_id) = attached(name, route, Some("ml.contoso.com")).await;
        let to = |load_balancer| Change::LoadBalancer {
            compute_id: compute_id.clone(),
            load_balancer,
        };
        let subnet = (route == Route::Classic).then(|| "snet-ilb".to_owned());
        let end = world.change(to(LoadBalancer::Internal { subnet })).await.unwrap();
        assert_succeeded(&end);
        let end = world.change(to(LoadBalancer::Public)).await.unwrap();
        assert_succeeded(&end);
        // TLS was not changed: the certificate is still served.
        assert!(
            codes(&end).iter().any(|code| code.starts_with("tls.")),
            "{:?}",
            codes(&end)
        );

        let tls = own(&world, "other.contoso.com");
        let end = world
            .change(Change::Tls {
                compute_id: compute_id.clone(),
                tls,
            })
            .await
            .unwrap();
        assert_succeeded(&end);
        let end = world
            .change(Change::Tls {
                compute_id: compute_id.clone(),
                tls: Tls::None,
            })
            .await
            .unwrap();
        assert_succeeded(&end);
        match route {
            Route::Classic => {
                for body in bodies(&world, "PUT", "/computes/attached").iter().skip(1).take(2) {
                    assert_eq!(
                        body.pointer("/properties/properties/sslConfiguration"),
                        None,
                        "{body:#}"
                    );
                }
            }
            Route::Extension => {
                for body in bodies(&world, "PATCH", "/extensions/").iter().take(3) {
                    let protected = &body["properties"]["configurationProtectedSettings"];
                    assert_eq!(
                        protected.as_object().map(serde_json::Map::len),
                        Some(2),
                        "{body:#}"
                    );
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn components_are_refreshed_with_the_same_certificate() {
    let (world, cluster_id, compute_id) =
        attached("change-refresh", Route::Classic, Some("ml.contoso.com")).await;
    let end = world.change(Change::Refresh { compute_id }).await.unwrap();
    assert_succeeded(&end);
    assert_eq!(
        steps(&end),
        [
            "keep_certificate",
            "detach",
            "remove_leftovers",
            "attach_compute",
            "prove"
        ]
    );
    let details = world.look(&cluster_id).await;
    assert_eq!(details.computes.len(), 1);
    assert_eq!(details.computes[0].name.as_deref(), Some("ml.contoso.com"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_can_be_undone_or_finished() {
    let (world, cluster_id, compute_id) =
        attached("change-move", Route::Classic, Some("ml.contoso.com")).await;
    let begin = || Change::Move {
        compute_id: compute_id.clone(),
        new_compute: "moved".to_owned(),
        namespace: "models".to_owned(),
    };
    let end = world.change(begin()).await.unwrap();
    assert_succeeded(&end);
    assert_eq!(world.look(&cluster_id).await.computes.len(), 2);
    let end = world
        .change(Change::MoveBack {
            compute_id: compute_id.clone(),
        })
        .await
        .unwrap();
    assert_succeeded(&end);
    assert_eq!(world.look(&cluster_id).await.computes.len(), 1);
    let end = world.change(begin()).await.unwrap();
    assert_succeeded(&end);
    let end = world
        .change(Change::MoveFinish {
            compute_id: compute_id.clone(),
        })
        .await
        .unwrap();
    assert_succeeded(&end);
    let left = world.look(&cluster_id).await;
    assert_eq!(left.computes[0].compute.compute_type, "Kubernetes");
    assert!(left.leftovers.is_empty(), "{:?}", left.leftovers);
}
