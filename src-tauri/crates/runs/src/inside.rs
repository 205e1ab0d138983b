//! What runs ask inside a cluster: over its API or, where that is closed to this computer or this account, with a command that
//! Azure runs there (learn.microsoft.com/azure/aks/access-private-cluster).

use crate::clock::Clock;
use crate::cluster_access::{ClusterAccessError, connect};
use berth_arm::Arm;
use berth_arm::resources::clusters;
use berth_arm::resources::run_command::{
    COMMAND_LIMIT, CommandState, RunCommandError, poll_command, start_command,
};
use berth_cluster::kubectl::{KubectlAsk, KubectlLook, KubectlSaid};
use berth_cluster::{ClusterClient, ClusterError};
use berth_domain::cluster_object::ClusterObject;
use berth_domain::diagnosis::ServiceFacts;
use berth_domain::facts::ClusterFacts;

/// How to get into a cluster.
enum Way {
    Api(Box<ClusterClient>),
    Command { with_entra: bool },
}

/// Access to the inside of a cluster.
pub(crate) struct Inside<'a> {
    arm: &'a Arm,
    clock: &'a dyn Clock,
    cluster_id: &'a str,
    way: Way,
}

impl<'a> Inside<'a> {
    /// Connects.
    ///
    /// # Errors
    /// Why neither way is open.
    pub(crate) async fn open(
        arm: &'a Arm,
        clock: &'a dyn Clock,
        cluster_id: &'a str,
    ) -> Result<Self, ClusterAccessError> {
        let way = match connect(arm, cluster_id).await {
            Ok(client) => Way::Api(Box::new(client)),
            Err(error) => Way::Command {
                with_entra: command_instead(arm, cluster_id, error).await?,
            },
        };
        Ok(Self {
            arm,
            clock,
            cluster_id,
            way,
        })
    }

    /// Lists the names of the namespaces.
    pub(crate) async fn namespaces(&mut self) -> Result<Vec<String>, ClusterAccessError> {
        if let Way::Api(client) = &self.way {
            match client.namespaces().await {
                Ok(found) => return Ok(found),
                Err(error) => self.change_way(error).await?,
            }
        }
        Ok(self.ask(&KubectlAsk::Namespaces).await?.names())
    }

    /// Reads the Service of the scoring front end; `None` when there is none.
    pub(crate) async fn front_end(
        &mut self,
        namespace: &str,
    ) -> Result<Option<ServiceFacts>, ClusterAccessError> {
        if let Way::Api(client) = &self.way {
            match client.front_end(namespace).await {
                Ok(found) => return Ok(found),
                Err(error) => self.change_way(error).await?,
            }
        }
        let said = self.ask(&KubectlAsk::FrontEnd(namespace)).await?;
        Ok(said.service()?)
    }

    /// Reads the certificate in the front end's secret, PEM.
    pub(crate) async fn front_end_certificate(
        &mut self,
        namespace: &str,
        secret: &str,
    ) -> Result<Option<String>, ClusterAccessError> {
        if let Way::Api(client) = &self.way {
            match client.front_end_certificate(namespace, secret).await {
                Ok(found) => return Ok(found),
                Err(error) => self.change_way(error).await?,
            }
        }
        let secrets = if secret.is_empty() {
            self.ask(&KubectlAsk::Secrets(namespace)).await?.secrets()?
        } else {
            vec![secret.to_owned()]
        };
        for name in &secrets {
            let said = self.ask(&KubectlAsk::Certificate { namespace, name }).await?;
            if let Some(found) = said.certificate() {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Lists the objects of a classic front end that exist.
    pub(crate) async fn leftovers(&mut self) -> Result<Vec<ClusterObject>, ClusterAccessError> {
        if let Way::Api(client) = &self.way {
            match Box::pin(client.leftovers()).await {
                Ok(found) => return Ok(found),
                Err(error) => self.change_way(error).await?,
            }
        }
        Ok(self.ask(&KubectlAsk::Leftovers).await?.leftovers())
    }

    /// Makes a namespace, by the way that reading found open.
    pub(crate) async fn make_namespace(&self, name: &str) -> Result<(), ClusterError> {
        match &self.way {
            Way::Api(client) => client.ensure_namespace(name).await,
            Way::Command { .. } => self.ask(&KubectlAsk::MakeNamespace(name)).await.map(drop),
        }
    }

    /// Removes objects, by the way that reading found open.
    pub(crate) async fn remove(&self, objects: &[ClusterObject]) -> Result<(), ClusterError> {
        match &self.way {
            Way::Api(client) => Box::pin(client.remove_leftovers(objects)).await,
            Way::Command { .. } => self.ask(&KubectlAsk::Remove(objects)).await.map(drop),
        }
    }

    /// # Errors
    /// The error itself, if commands cannot replace the API.
    async fn change_way(&mut self, error: ClusterError) -> Result<(), ClusterAccessError> {
        let with_entra = command_instead(self.arm, self.cluster_id, error.into()).await?;
        self.way = Way::Command { with_entra };
        Ok(())
    }

    async fn ask(&self, ask: &KubectlAsk<'_>) -> Result<KubectlSaid, ClusterError> {
        let (kubectl, with_entra) = (
            KubectlLook::default(),
            matches!(self.way, Way::Command { with_entra: true }),
        );
        let command = kubectl.ask(ask)?;
        let output = self.output(&command, with_entra).await;
        let output = output.map_err(|error| command_error(ask, &error))?;
        kubectl.said(ask, &output)
    }

    /// Runs a command and waits for its output.
    async fn output(&self, command: &str, with_entra: bool) -> Result<String, RunCommandError> {
        let until = self.clock.ticks().saturating_add(COMMAND_LIMIT);
        let started = start_command(self.arm, self.cluster_id, command, with_entra).await?;
        loop {
            match poll_command(self.arm, &started).await? {
                CommandState::Over(result) => return Ok(result.logs),
                CommandState::Running { wait } if self.clock.ticks() < until => self.clock.sleep(wait).await,
                CommandState::Running { .. } => {
                    let seconds = COMMAND_LIMIT.as_secs();
                    return Err(RunCommandError::TimedOut { seconds });
                }
            }
        }
    }
}

/// The error of a question that Azure ran.
fn command_error(ask: &KubectlAsk<'_>, error: &RunCommandError) -> ClusterError {
    ClusterError::Command {
        what: ask.what(),
        said: error.chain(),
        transient: error.is_transient(),
    }
}

/// Whether a command that Azure runs instead needs a token of the account.
///
/// # Errors
/// The error itself, unless a command can do what the API refused.
pub(crate) async fn command_instead(
    arm: &Arm,
    cluster_id: &str,
    error: ClusterAccessError,
) -> Result<bool, ClusterAccessError> {
    if !may_be_closed(&error) {
        return Err(error);
    }
    match clusters::get_cluster(arm, cluster_id).await {
        // Local accounts can be off only with Entra ID, and then the command needs the account's token.
        Ok(Some(cluster)) if is_closed(&error, &cluster) && cluster.run_command => {
            Ok(cluster.local_accounts_disabled)
        }
        Ok(Some(cluster)) if cluster.private_cluster && is_closed(&error, &cluster) => {
            Err(ClusterAccessError::Private)
        }
        _ => Err(error),
    }
}

fn may_be_closed(error: &ClusterAccessError) -> bool {
    match error {
        ClusterAccessError::NoLocalAccounts => true,
        ClusterAccessError::Azure(error) => matches!(error.status(), Some(400 | 403)),
        ClusterAccessError::Cluster(error) => error.is_unreached() || error.is_forbidden(),
        ClusterAccessError::NotWritten(_)
        | ClusterAccessError::PutOff(_)
        | ClusterAccessError::Private
        | ClusterAccessError::Unnamed => false,
    }
}

/// Whether the way over the API is closed, and not only disturbed.
fn is_closed(error: &ClusterAccessError, cluster: &ClusterFacts) -> bool {
    match error {
        ClusterAccessError::Cluster(error) if error.is_unreached() => {
            cluster.private_cluster || !cluster.authorized_ranges.is_empty()
        }
        // An administrator's credentials have every right.
        error => may_be_closed(error) && cluster.local_accounts_disabled,
    }
}
