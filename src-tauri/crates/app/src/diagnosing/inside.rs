//! Looks into a cluster: through its own API, else by a command that Azure runs in it
//! (learn.microsoft.com/azure/aks/access-private-cluster).

use berth_arm::Arm;
use berth_arm::resources::run_command::run_command;
use berth_cluster::kubectl::KubectlLook;
use berth_cluster::{ClusterError, Look, LookScope};
use berth_contract::diagnosis::Via;
use berth_domain::diagnosis::LogFacts;
use berth_domain::facts::{ClusterFacts, Fact};
use berth_runs::cluster_access::{self, ClusterAccessError};

/// Takes a look, by the way that is likelier to be open first. The error says of each way why it is not.
pub(super) async fn look(
    arm: &Arm,
    cluster: &ClusterFacts,
    scope: &LookScope,
) -> Result<(Look, Via), String> {
    let ways = if cluster.private_cluster {
        // Its address leads nowhere, unless this computer is in its network.
        [Via::RunCommand, Via::Cluster]
    } else {
        [Via::Cluster, Via::RunCommand]
    };
    let mut said = Vec::new();
    for way in ways {
        let seen = match way {
            Via::Cluster => over_api(arm, &cluster.id, scope).await,
            Via::RunCommand => over_command(arm, cluster, scope).await.map_err(NoLook::Closed),
        };
        match seen {
            Ok(look) => return Ok((look, way)),
            Err(NoLook::Closed(why)) => said.push(why),
            Err(NoLook::Refused(why)) => {
                said.push(why);
                break;
            }
        }
    }
    Err(said.join(" · "))
}

/// Why there was no look.
enum NoLook {
    /// This way is closed; another may be open.
    Closed(String),
    /// What was answered would do something, or is not a kubeconfig. Nothing else that comes from there is believed.
    Refused(String),
}

async fn over_api(arm: &Arm, cluster_id: &str, scope: &LookScope) -> Result<Look, NoLook> {
    let inside = match cluster_access::connect(arm, cluster_id).await {
        Ok(inside) => inside,
        Err(refused @ ClusterAccessError::Cluster(ClusterError::Kubeconfig { .. })) => {
            return Err(NoLook::Refused(refused.chain()));
        }
        Err(closed) => return Err(NoLook::Closed(closed.chain())),
    };
    inside
        .look(scope)
        .await
        .map_err(|error| NoLook::Closed(error.chain()))
}

async fn over_command(arm: &Arm, cluster: &ClusterFacts, scope: &LookScope) -> Result<Look, String> {
    // Local accounts can be off only where Entra ID is on, and such a cluster wants a token of the person.
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
