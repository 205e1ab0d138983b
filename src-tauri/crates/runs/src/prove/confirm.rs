//! Whether a change shows: nodes, versions, what is there and what is gone. Reads only; one look, one rung a check.

use super::rungs::rung;
use crate::steps::ensure_namespace::{NoWayIn, connect};
use crate::steps::state;
use berth_arm::resources::{clusters, computes};
use berth_arm::{Arm, ArmError};
use berth_cluster::NodeState;
use berth_contract::run::{Proof, Rung, RungKind, RungState};
use berth_domain::plan::Check;
use berth_domain::resource_id::ResourceId;
use futures::future::join_all;
use serde_json::Value;

/// api-version by which any other resource is read: extensions and groups.
const EXTENSIONS: &str = "api-version=2023-05-01";
const GROUPS: &str = "api-version=2024-03-01";

/// Takes one look at everything, side by side.
///
/// # Errors
/// [`ArmError`] where Azure does not answer; a cluster that lets nobody in is a rung.
pub(crate) async fn look(arm: &Arm, now: String, checks: &[Check]) -> Result<Proof, ArmError> {
    let rungs = join_all(checks.iter().map(|check| one(arm, check))).await;
    Ok(Proof {
        rungs: rungs.into_iter().collect::<Result<_, _>>()?,
        url: None,
        curl: None,
        dns_record: None,
        looked_at: now,
    })
}

async fn one(arm: &Arm, check: &Check) -> Result<Rung, ArmError> {
    match check {
        Check::Nodes {
            cluster_id,
            pool,
            at_least,
            at_most,
            version,
        } => {
            let wanted = Wanted {
                pool,
                at_least: *at_least,
                at_most: *at_most,
                version: version.as_deref(),
            };
            nodes_of(arm, cluster_id, wanted).await
        }
        Check::Version { cluster_id, version } => {
            let found = clusters::get_cluster(arm, cluster_id).await?;
            let runs = found
                .map(|cluster| cluster.kubernetes_version)
                .unwrap_or_default();
            Ok(version_rung(&runs, version))
        }
        Check::Power { cluster_id, running } => {
            let found = clusters::get_cluster(arm, cluster_id).await?;
            let code = found.map(|cluster| cluster.power_state).unwrap_or_default();
            Ok(power_rung(name(cluster_id), &code, *running))
        }
        Check::There { resource_id } => Ok(there(name(resource_id), read(arm, resource_id).await?.as_ref())),
        Check::Gone { resource_id } => Ok(gone(name(resource_id), read(arm, resource_id).await?.as_ref())),
        Check::Clean { cluster_id } => clean(arm, cluster_id).await,
        Check::Released { cluster_id } => released(arm, cluster_id).await,
    }
}

async fn read(arm: &Arm, id: &str) -> Result<Option<Value>, ArmError> {
    let parsed = ResourceId::parse(id);
    if parsed.as_ref().is_some_and(ResourceId::is_compute) {
        return computes::get_compute(arm, id).await;
    }
    if parsed.as_ref().is_some_and(ResourceId::is_cluster) {
        return Ok(clusters::get_cluster_whole(arm, id)
            .await?
            .map(|(_, value)| value));
    }
    let query = if parsed.is_some() { EXTENSIONS } else { GROUPS };
    arm.get_optional(&format!("{id}?{query}")).await
}

fn name(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

struct Wanted<'a> {
    pool: &'a str,
    at_least: u32,
    at_most: u32,
    version: Option<&'a str>,
}

/// What Kubernetes says of the nodes; where it lets nobody in, what Azure says of the pool.
async fn nodes_of(arm: &Arm, cluster_id: &str, wanted: Wanted<'_>) -> Result<Rung, ArmError> {
    let inside = match connect(arm, cluster_id).await {
        Ok(inside) => inside.nodes().await.map_err(NoWayIn::Cluster),
        Err(no_way) => Err(no_way),
    };
    match inside {
        Ok(all) => Ok(judge(&all, &wanted)),
        Err(NoWayIn::Azure(error)) if error.is_transient() => Err(error),
        Err(no_way) => {
            let why = no_way.failure(cluster_id).detail;
            let params = [("pool", wanted.pool.to_owned()), ("why", why)];
            Ok(rung(
                RungKind::Nodes,
                RungState::NotFromHere,
                "nodes.unseen",
                params,
            ))
        }
    }
}

fn judge(all: &[NodeState], wanted: &Wanted<'_>) -> Rung {
    let mine: Vec<&NodeState> = all
        .iter()
        .filter(|node| node.pool.eq_ignore_ascii_case(wanted.pool))
        .collect();
    let ready = mine.iter().filter(|node| node.ready).count();
    let count = |number: usize| number.to_string();
    let pool = ("pool", wanted.pool.to_owned());
    let least = usize::try_from(wanted.at_least).unwrap_or(usize::MAX);
    let most = usize::try_from(wanted.at_most).unwrap_or(usize::MAX);
    let fails =
        |code: &str, more: [(&'static str, String); 3]| rung(RungKind::Nodes, RungState::Fails, code, more);
    if ready < least {
        return fails(
            "nodes.few",
            [pool, ("ready", count(ready)), ("nodes", count(least))],
        );
    }
    if mine.len() > most {
        return fails(
            "nodes.many",
            [pool, ("ready", count(mine.len())), ("most", count(most))],
        );
    }
    let other = wanted
        .version
        .and_then(|wanted| mine.iter().find(|node| !is_version(&node.version, wanted)));
    if let (Some(node), Some(version)) = (other, wanted.version) {
        let (runs, wanted) = (("version", node.version.clone()), ("wanted", version.to_owned()));
        return fails("nodes.version", [pool, runs, wanted]);
    }
    let version = mine.first().map(|node| node.version.clone()).unwrap_or_default();
    let (ready, nodes) = (("ready", count(ready)), ("nodes", count(mine.len())));
    rung(
        RungKind::Nodes,
        RungState::Holds,
        "nodes.ready",
        [pool, ready, nodes, ("version", version)],
    )
}

/// Whether a version that runs (`1.36.2`) is the one wanted (`1.36` or `1.36.2`).
fn is_version(runs: &str, wanted: &str) -> bool {
    runs == wanted
        || runs
            .strip_prefix(wanted)
            .is_some_and(|rest| rest.starts_with('.'))
}

fn version_rung(runs: &str, wanted: &str) -> Rung {
    if is_version(runs, wanted) {
        return rung(
            RungKind::Version,
            RungState::Holds,
            "version.holds",
            [("version", runs.to_owned())],
        );
    }
    let params = [("version", runs.to_owned()), ("wanted", wanted.to_owned())];
    rung(RungKind::Version, RungState::Fails, "version.other", params)
}

fn power_rung(cluster: &str, code: &str, running: bool) -> Rung {
    let wanted = if running { "Running" } else { "Stopped" };
    let (state, word) = match (code.eq_ignore_ascii_case(wanted), running) {
        (true, true) => (RungState::Holds, "power.running"),
        (true, false) => (RungState::Holds, "power.stopped"),
        (false, _) => (RungState::Fails, "power.other"),
    };
    let params = [("cluster", cluster.to_owned()), ("state", code.to_owned())];
    rung(RungKind::Power, state, word, params)
}

fn there(name: &str, found: Option<&Value>) -> Rung {
    let (rung_state, code, state) = match found.map(state) {
        None => (RungState::Fails, "there.absent", String::new()),
        Some(state) if matches!(state.as_str(), "" | "succeeded") => (RungState::Holds, "there.holds", state),
        Some(state) => (RungState::Fails, "there.state", state),
    };
    rung(
        RungKind::There,
        rung_state,
        code,
        [("name", name.to_owned()), ("state", state)],
    )
}

fn gone(name: &str, found: Option<&Value>) -> Rung {
    let name = ("name", name.to_owned());
    match found {
        None => rung(RungKind::Gone, RungState::Holds, "gone.holds", [name]),
        Some(found) => rung(
            RungKind::Gone,
            RungState::Fails,
            "gone.still",
            [name, ("state", state(found))],
        ),
    }
}

async fn clean(arm: &Arm, cluster_id: &str) -> Result<Rung, ArmError> {
    let left = match connect(arm, cluster_id).await {
        Ok(inside) => Box::pin(inside.leftovers()).await.map_err(NoWayIn::Cluster),
        Err(no_way) => Err(no_way),
    };
    match left {
        Ok(left) if left.is_empty() => Ok(rung(RungKind::Clean, RungState::Holds, "clean.holds", [])),
        Ok(left) => {
            let params = [("objects", left.join(", "))];
            Ok(rung(RungKind::Clean, RungState::Fails, "clean.left", params))
        }
        Err(NoWayIn::Azure(error)) if error.is_transient() => Err(error),
        Err(no_way) => {
            let params = [("why", no_way.failure(cluster_id).detail)];
            Ok(rung(
                RungKind::Clean,
                RungState::NotFromHere,
                "clean.unseen",
                params,
            ))
        }
    }
}

async fn released(arm: &Arm, cluster_id: &str) -> Result<Rung, ArmError> {
    let found = match connect(arm, cluster_id).await {
        Ok(inside) => inside.front_end("azureml").await.map_err(NoWayIn::Cluster),
        Err(no_way) => Err(no_way),
    };
    let name = ("name", "azureml/azureml-fe".to_owned());
    match found {
        Ok(None) => Ok(rung(RungKind::Gone, RungState::Holds, "gone.holds", [name])),
        Ok(Some(_)) => {
            let state = ("state", "deleting".to_owned());
            Ok(rung(
                RungKind::Gone,
                RungState::Fails,
                "gone.still",
                [name, state],
            ))
        }
        Err(NoWayIn::Azure(error)) if error.is_transient() => Err(error),
        Err(no_way) => {
            let params = [("why", no_way.failure(cluster_id).detail)];
            Ok(rung(
                RungKind::Clean,
                RungState::NotFromHere,
                "clean.unseen",
                params,
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(pool: &str, ready: bool, version: &str) -> NodeState {
        NodeState {
            name: "n".to_owned(),
            pool: pool.to_owned(),
            ready,
            version: version.to_owned(),
        }
    }

    fn judged(nodes: &[NodeState], at_least: u32, at_most: u32, version: Option<&str>) -> String {
        let wanted = Wanted {
            pool: "system",
            at_least,
            at_most,
            version,
        };
        judge(nodes, &wanted).code
    }

    #[test]
    fn nodes_of_the_pool_alone_count() {
        let three = [
            node("system", true, "1.35.4"),
            node("system", true, "1.35.4"),
            node("other", true, "1.35.4"),
        ];
        assert_eq!(judged(&three, 2, 2, None), "nodes.ready");
        assert_eq!(judged(&three, 3, 3, None), "nodes.few");
        assert_eq!(judged(&three, 1, 1, None), "nodes.many");
        assert_eq!(judged(&three, 2, 2, Some("1.35")), "nodes.ready");
        assert_eq!(judged(&three, 2, 2, Some("1.36")), "nodes.version");
        let waiting = [node("system", true, "1.35.4"), node("system", false, "1.35.4")];
        assert_eq!(judged(&waiting, 2, 2, None), "nodes.few");
    }

    #[test]
    fn a_minor_version_is_not_the_beginning_of_another() {
        assert!(is_version("1.3.1", "1.3") && !is_version("1.36.1", "1.3"));
    }

    #[test]
    fn there_and_gone() {
        let found = serde_json::json!({ "properties": { "provisioningState": "Succeeded" } });
        assert_eq!(there("c", Some(&found)).state, RungState::Holds);
        assert_eq!(there("c", None).code, "there.absent");
        assert_eq!(gone("c", Some(&found)).code, "gone.still");
        assert_eq!(gone("c", None).state, RungState::Holds);
    }
}
