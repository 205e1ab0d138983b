//! Checks that a change shows: nodes, versions, resources that are there or gone. Only reads; each check gives one check.

use super::sentence::Sentence;
use crate::clock::Clock;
use crate::cluster_access::{ClusterAccessError, connect};
use crate::inside::Inside;
use berth_arm::resources::{clusters, endpoints};
use berth_arm::{Arm, ArmError};
use berth_cluster::NodeState;
use berth_contract::run::{Proof, ProofCheck, ProofCheckState};
use berth_domain::cluster_object::ClusterObject;
use berth_domain::diagnosis::ServiceFacts;
use berth_domain::facts::ProvisioningState;
use berth_domain::plan::Check;
use berth_domain::resource_id::last_segment;
use futures::future::join_all;
use serde_json::Value;

/// Runs the checks concurrently. Only an error of Azure is an error; a cluster that cannot be accessed gives a check.
pub(crate) async fn run_checks(arm: &Arm, clock: &dyn Clock, checks: &[Check]) -> Result<Proof, ArmError> {
    let checks = join_all(checks.iter().map(|check| run_check(arm, clock, check))).await;
    Ok(Proof {
        checks: checks.into_iter().collect::<Result<_, _>>()?,
        url: None,
        curl: None,
        dns_record: None,
        looked_at: clock.now().to_string(),
    })
}

async fn run_check(arm: &Arm, clock: &dyn Clock, check: &Check) -> Result<ProofCheck, ArmError> {
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
            Ok(version_check(&runs, version))
        }
        Check::Support {
            cluster_id,
            tier,
            plan,
        } => {
            let found = clusters::get_cluster(arm, cluster_id).await?;
            let has = found.map(|cluster| (cluster.tier, cluster.support_plan));
            Ok(support_check(has.unwrap_or_default(), tier, plan))
        }
        Check::Power { cluster_id, running } => {
            let found = clusters::get_cluster(arm, cluster_id).await?;
            let code = found.map(|cluster| cluster.power_state).unwrap_or_default();
            Ok(power_check(last_segment(cluster_id), &code, *running))
        }
        Check::There { resource_id } => Ok(there(
            last_segment(resource_id),
            endpoints::resource(arm, resource_id).await?.as_ref(),
        )),
        Check::Gone { resource_id } => Ok(gone(
            last_segment(resource_id),
            endpoints::resource(arm, resource_id).await?.as_ref(),
        )),
        Check::Clean { cluster_id } => clean(arm, clock, cluster_id).await,
        Check::Released { cluster_id } => released(arm, clock, cluster_id).await,
    }
}

struct Wanted<'a> {
    pool: &'a str,
    at_least: u32,
    at_most: u32,
    version: Option<&'a str>,
}

/// Judges the nodes of a pool as Kubernetes lists them.
async fn nodes_of(arm: &Arm, cluster_id: &str, wanted: Wanted<'_>) -> Result<ProofCheck, ArmError> {
    match nodes(arm, cluster_id).await {
        Ok(all) => Ok(judge(&all, &wanted)),
        Err(ClusterAccessError::Azure(error)) if error.is_transient() => Err(error),
        Err(error) => {
            let (pool, why) = (wanted.pool.to_owned(), error.failure(cluster_id).detail);
            Ok(Sentence::NodesUnseen { pool, why }.check(ProofCheckState::NotFromHere))
        }
    }
}

async fn nodes(arm: &Arm, cluster_id: &str) -> Result<Vec<NodeState>, ClusterAccessError> {
    Ok(connect(arm, cluster_id).await?.nodes().await?)
}

fn judge(all: &[NodeState], wanted: &Wanted<'_>) -> ProofCheck {
    let mine: Vec<&NodeState> = all
        .iter()
        .filter(|node| node.pool.eq_ignore_ascii_case(wanted.pool))
        .collect();
    let ready = mine.iter().filter(|node| node.ready).count();
    let pool = wanted.pool.to_owned();
    let least = usize::try_from(wanted.at_least).unwrap_or(usize::MAX);
    let most = usize::try_from(wanted.at_most).unwrap_or(usize::MAX);
    if ready < least {
        let (ready, nodes) = (ready.to_string(), least.to_string());
        return Sentence::FewNodes { pool, ready, nodes }.check(ProofCheckState::Fails);
    }
    if mine.len() > most {
        let (ready, most) = (mine.len().to_string(), most.to_string());
        return Sentence::ManyNodes { pool, ready, most }.check(ProofCheckState::Fails);
    }
    let other = wanted
        .version
        .and_then(|wanted| mine.iter().find(|node| !is_version(&node.version, wanted)));
    if let (Some(node), Some(wanted)) = (other, wanted.version) {
        let (version, wanted) = (node.version.clone(), wanted.to_owned());
        return Sentence::NodesOfOtherVersion {
            pool,
            version,
            wanted,
        }
        .check(ProofCheckState::Fails);
    }
    let version = mine.first().map(|node| node.version.clone()).unwrap_or_default();
    let (ready, nodes) = (ready.to_string(), mine.len().to_string());
    Sentence::NodesReady {
        pool,
        ready,
        nodes,
        version,
    }
    .check(ProofCheckState::Holds)
}

/// Whether a running version (`1.36.2`) matches the wanted one (`1.36` or `1.36.2`).
fn is_version(runs: &str, wanted: &str) -> bool {
    runs == wanted
        || runs
            .strip_prefix(wanted)
            .is_some_and(|rest| rest.starts_with('.'))
}

fn version_check(runs: &str, wanted: &str) -> ProofCheck {
    let version = runs.to_owned();
    if is_version(runs, wanted) {
        return Sentence::VersionHolds { version }.check(ProofCheckState::Holds);
    }
    let wanted = wanted.to_owned();
    Sentence::OtherVersion { version, wanted }.check(ProofCheckState::Fails)
}

fn support_check((tier, plan): (String, String), tier_wanted: &str, plan_wanted: &str) -> ProofCheck {
    if tier.eq_ignore_ascii_case(tier_wanted) && plan.eq_ignore_ascii_case(plan_wanted) {
        return Sentence::SupportHolds { tier, plan }.check(ProofCheckState::Holds);
    }
    let (tier_wanted, plan_wanted) = (tier_wanted.to_owned(), plan_wanted.to_owned());
    Sentence::OtherSupport {
        tier,
        plan,
        tier_wanted,
        plan_wanted,
    }
    .check(ProofCheckState::Fails)
}

fn power_check(cluster: &str, code: &str, running: bool) -> ProofCheck {
    let wanted = if running { "Running" } else { "Stopped" };
    let cluster = cluster.to_owned();
    match (code.eq_ignore_ascii_case(wanted), running) {
        (true, true) => Sentence::Running { cluster }.check(ProofCheckState::Holds),
        (true, false) => Sentence::Stopped { cluster }.check(ProofCheckState::Holds),
        (false, _) => {
            let state = code.to_owned();
            Sentence::OtherPower { cluster, state }.check(ProofCheckState::Fails)
        }
    }
}

fn there(name: &str, found: Option<&Value>) -> ProofCheck {
    let name = name.to_owned();
    match found.map(ProvisioningState::of_resource) {
        None => Sentence::Absent { name }.check(ProofCheckState::Fails),
        Some(ProvisioningState::Unstated | ProvisioningState::Succeeded) => {
            Sentence::There { name }.check(ProofCheckState::Holds)
        }
        Some(state) => {
            let state = state.to_string();
            Sentence::ThereInState { name, state }.check(ProofCheckState::Fails)
        }
    }
}

fn gone(name: &str, found: Option<&Value>) -> ProofCheck {
    let name = name.to_owned();
    match found.map(ProvisioningState::of_resource) {
        None => Sentence::Gone { name }.check(ProofCheckState::Holds),
        Some(state) => {
            let state = state.to_string();
            Sentence::StillThere { name, state }.check(ProofCheckState::Fails)
        }
    }
}

async fn clean(arm: &Arm, clock: &dyn Clock, cluster_id: &str) -> Result<ProofCheck, ArmError> {
    match leftovers(arm, clock, cluster_id).await {
        Ok(left) if left.is_empty() => Ok(Sentence::Clean {}.check(ProofCheckState::Holds)),
        Ok(left) => {
            let objects = ClusterObject::join(&left);
            Ok(Sentence::Left { objects }.check(ProofCheckState::Fails))
        }
        Err(ClusterAccessError::Azure(error)) if error.is_transient() => Err(error),
        Err(error) => {
            let why = error.failure(cluster_id).detail;
            Ok(Sentence::InsideUnseen { why }.check(ProofCheckState::NotFromHere))
        }
    }
}

async fn leftovers(
    arm: &Arm,
    clock: &dyn Clock,
    cluster_id: &str,
) -> Result<Vec<ClusterObject>, ClusterAccessError> {
    let mut cluster = Inside::open(arm, clock, cluster_id).await?;
    Box::pin(cluster.leftovers()).await
}

async fn released(arm: &Arm, clock: &dyn Clock, cluster_id: &str) -> Result<ProofCheck, ArmError> {
    let name = "azureml/azureml-fe".to_owned();
    match front_end(arm, clock, cluster_id).await {
        Ok(None) => Ok(Sentence::Gone { name }.check(ProofCheckState::Holds)),
        Ok(Some(_)) => {
            let state = "deleting".to_owned();
            Ok(Sentence::StillThere { name, state }.check(ProofCheckState::Fails))
        }
        Err(ClusterAccessError::Azure(error)) if error.is_transient() => Err(error),
        Err(error) => {
            let why = error.failure(cluster_id).detail;
            Ok(Sentence::InsideUnseen { why }.check(ProofCheckState::NotFromHere))
        }
    }
}

async fn front_end(
    arm: &Arm,
    clock: &dyn Clock,
    cluster_id: &str,
) -> Result<Option<ServiceFacts>, ClusterAccessError> {
    let mut cluster = Inside::open(arm, clock, cluster_id).await?;
    cluster.front_end("azureml").await
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
    fn only_nodes_of_the_pool_count() {
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
    fn a_minor_version_does_not_match_a_longer_one() {
        assert!(is_version("1.3.1", "1.3") && !is_version("1.36.1", "1.3"));
    }

    #[test]
    fn a_resource_is_there_or_gone() {
        let found = serde_json::json!({ "properties": { "provisioningState": "Succeeded" } });
        assert_eq!(there("c", Some(&found)).state, ProofCheckState::Holds);
        assert_eq!(there("c", None).code, "there.absent");
        assert_eq!(gone("c", Some(&found)).code, "gone.still");
        assert_eq!(gone("c", None).state, ProofCheckState::Holds);
    }
}
