//! Reads the pod disruption budgets of a cluster whose nodes a change drains: through the cluster's own API, or for a
//! private cluster with a command that Azure runs in it (learn.microsoft.com/azure/aks/access-private-cluster).

use super::fact_of;
use crate::cluster_reader::ClusterReader;
use berth_arm::Arm;
use berth_arm::resources::clusters;
use berth_arm::resources::run_command::run_command;
use berth_cluster::kubectl::KubectlLook;
use berth_domain::change::Change;
use berth_domain::facts::{BudgetFacts, ClusterFacts, Fact};

pub(super) async fn read(arm: &Arm, change: &Change, inside: &ClusterReader) -> Fact<Vec<BudgetFacts>> {
    let drains_all = matches!(
        change,
        Change::Upgrade { nodes: true, .. } | Change::Power { running: false, .. }
    );
    let may_drain = drains_all || change.node_range().is_some();
    let id = change.cluster_id().filter(|_| may_drain);
    let cluster = match fact_of(id, |id| clusters::get_cluster(arm, id)).await {
        Fact::Known(Some(cluster)) => cluster,
        Fact::Known(None) | Fact::NotAsked => return Fact::NotAsked,
        Fact::Unknown(why) => return Fact::Unknown(why),
    };
    // Nothing runs in a stopped cluster, and its API does not answer.
    if cluster.is_stopped() || !drains(change, &cluster) {
        return Fact::NotAsked;
    }
    of(arm, &cluster, inside)
        .await
        .map_or_else(Fact::Unknown, Fact::Known)
}

/// Whether nodes are drained. More nodes drain none.
fn drains(change: &Change, cluster: &ClusterFacts) -> bool {
    change
        .node_range()
        .is_none_or(|(pool, _, most)| cluster.pool(pool).is_some_and(|found| most < found.count))
}

async fn of(arm: &Arm, cluster: &ClusterFacts, inside: &ClusterReader) -> Result<Vec<BudgetFacts>, String> {
    if !cluster.private_cluster || !cluster.run_command {
        return inside.budgets(&cluster.id).await;
    }
    // The API server of a private cluster is reachable only from within its network.
    let over_command = match by_command(arm, cluster).await {
        Ok(budgets) => return Ok(budgets),
        Err(why) => why,
    };
    let over_api = inside.budgets(&cluster.id).await;
    over_api.map_err(|why| format!("{over_command} · {why}"))
}

async fn by_command(arm: &Arm, cluster: &ClusterFacts) -> Result<Vec<BudgetFacts>, String> {
    let kubectl = KubectlLook::default();
    // Local accounts can be disabled only with Entra ID, and then the command needs the user's token.
    let with_entra = cluster.local_accounts_disabled;
    let ended = run_command(arm, &cluster.id, &kubectl.budgets_command(), with_entra)
        .await
        .map_err(|error| error.chain())?;
    kubectl.read_budgets(&ended.logs)
}
