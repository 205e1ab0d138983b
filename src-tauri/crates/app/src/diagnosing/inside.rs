//! Reads a cluster from inside: through its own API, or else with a command that Azure runs in it
//! (learn.microsoft.com/azure/aks/access-private-cluster).

use berth_arm::Arm;
use berth_arm::resources::run_command::run_command;
use berth_cluster::kubectl::KubectlLook;
use berth_cluster::{ClusterError, Look, LookScope};
use berth_contract::diagnosis::Via;
use berth_domain::diagnosis::LogFacts;
use berth_domain::facts::{ClusterFacts, Fact};
use berth_runs::cluster_access::{self, ClusterAccessError};

/// Reads the cluster, trying the access path that is more likely to work first. The error says why each path failed.
pub(crate) async fn look(
    arm: &Arm,
    cluster: &ClusterFacts,
    scope: &LookScope,
) -> Result<(Look, Via), String> {
    let ways = if cluster.private_cluster {
        // Its API server is reachable only from within its network.
        [Via::RunCommand, Via::Cluster]
    } else {
        [Via::Cluster, Via::RunCommand]
    };
    let mut reasons = Vec::new();
    for way in ways {
        let result = match way {
            Via::Cluster => over_api(arm, &cluster.id, scope).await,
            Via::RunCommand => over_command(arm, cluster, scope).await.map_err(LookError::Closed),
        };
        match result {
            Ok(look) => return Ok((look, way)),
            Err(LookError::Closed(why)) => reasons.push(why),
            Err(LookError::Refused(why)) => {
                reasons.push(why);
                break;
            }
        }
    }
    Err(reasons.join(" · "))
}

/// Why the cluster could not be read.
enum LookError {
    /// This access path does not work; another may.
    Closed(String),
    /// The kubeconfig is invalid or would run or change something. Nothing else from this source is trusted.
    Refused(String),
}

async fn over_api(arm: &Arm, cluster_id: &str, scope: &LookScope) -> Result<Look, LookError> {
    let inside = match cluster_access::connect(arm, cluster_id).await {
        Ok(inside) => inside,
        Err(refused @ ClusterAccessError::Cluster(ClusterError::Kubeconfig { .. })) => {
            return Err(LookError::Refused(refused.chain()));
        }
        Err(closed) => return Err(LookError::Closed(closed.chain())),
    };
    inside
        .look(scope)
        .await
        .map_err(|error| LookError::Closed(error.chain()))
}

async fn over_command(arm: &Arm, cluster: &ClusterFacts, scope: &LookScope) -> Result<Look, String> {
    // Local accounts can be disabled only with Entra ID, and then the command needs the user's token.
    let with_entra = cluster.local_accounts_disabled;
    let kubectl = KubectlLook::default();
    let command = kubectl.look_command(scope);
    let ended = run_command(arm, &cluster.id, &command, with_entra)
        .await
        .map_err(|error| error.chain())?;
    let mut look = kubectl.read_look(scope, &ended.logs);
    look.inside.logs = match look.inside.pods.known() {
        Some(pods) => match kubectl.logs_command(pods) {
            Some(command) => logs(
                run_command(arm, &cluster.id, &command, with_entra)
                    .await
                    .map(|ended| kubectl.read_logs(pods, &ended.logs))
                    .map_err(|error| error.chain()),
            ),
            None => Fact::Known(Vec::new()),
        },
        None => Fact::NotAsked,
    };
    Ok(look)
}

fn logs(read: Result<Vec<LogFacts>, String>) -> Fact<Vec<LogFacts>> {
    read.map_or_else(Fact::Unknown, Fact::Known)
}
