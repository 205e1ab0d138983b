//! Reads the pods of the versions while a canary watches them. Pods that cannot be read are unknown and do not end it.

use super::CanaryRun;
use crate::cluster_access::{self, ClusterAccessError};
use crate::engine::step_run::StepError;
use crate::inside;
use berth_arm::Arm;
use berth_arm::resources::computes;
use berth_arm::resources::endpoints::online;
use berth_arm::resources::run_command::{
    COMMAND_LIMIT, CommandState, StartedCommand, poll_command, start_command,
};
use berth_cluster::kubectl::{KubectlAsk, KubectlLook};
use berth_cluster::{ClusterClient, LookScope};
use berth_contract::run::PodsSeen;
use berth_domain::canary::{Event, Pods};
use berth_domain::diagnosis::PodFacts;
use berth_domain::endpoint::Endpoint;
use berth_domain::plan::StepKind;
use std::time::Duration;

/// How the pods of a compute's namespace are read.
pub(super) struct PodReader {
    cluster_id: String,
    namespaces: Vec<String>,
    way: Way,
}

enum Way {
    Api(Box<ClusterClient>),
    /// Azure runs a command in the cluster, whose API is closed.
    Command {
        with_entra: bool,
        running: Option<Running>,
        /// When the next one may start.
        from: u64,
    },
}

/// A command on its way. The calls go on meanwhile.
struct Running {
    kubectl: KubectlLook,
    command: StartedCommand,
    /// When it counts as lost.
    until: u64,
}

/// Seconds until pods that could not be read are read again.
const AGAIN: u64 = 300;
/// Seconds from one command to the next: Azure starts a pod for each.
const COMMAND_EVERY: u64 = 120;
/// How long a reading may keep the calls waiting.
const LIMIT: Duration = Duration::from_secs(30);

impl CanaryRun<'_, '_> {
    /// Reads the pods, if they matter now, and tells the canary.
    pub(super) async fn look_at_pods(&mut self) -> Result<(), StepError> {
        if !self.state.canary.watches_pods() || self.now() < self.pods_from {
            return Ok(());
        }
        let Some(seen) = &self.seen else { return Ok(()) };
        let endpoint = online(seen).endpoint;
        let (arm, reader, now) = (self.step.tools().arm.clone(), self.pods.take(), self.now());
        let reading = tokio::time::timeout(LIMIT, Box::pin(read(&arm, reader, &endpoint, now)));
        let read = self.step.unless_cancelled(reading).await?;
        match read.unwrap_or_else(|_| Err("no answer in time".to_owned())) {
            Ok((reader, pods)) => {
                self.pods = Some(reader);
                pods.map_or(Ok(()), |pods| self.judge_pods(&endpoint, &pods))
            }
            Err(why) => {
                self.pods_from = self.now().saturating_add(AGAIN);
                let why = self.step.engine.redactor.text(&why);
                self.state.pods = Some(PodsSeen::Unread { why });
                Ok(())
            }
        }
    }

    fn judge_pods(&mut self, endpoint: &Endpoint, all: &[PodFacts]) -> Result<(), StepError> {
        let StepKind::Canary { canary, before, .. } = &self.step.planned().kind else {
            return Ok(());
        };
        let new = Pods::of(endpoint, &[&canary.version], all);
        let old: Vec<&str> = before
            .live()
            .map(|(version, _)| version)
            .filter(|version| !version.eq_ignore_ascii_case(&canary.version))
            .collect();
        let old = Pods::of(endpoint, &old, all);
        self.state.pods = Some(if new.count.all == 0 {
            PodsSeen::None
        } else {
            PodsSeen::Counted(new.count)
        });
        self.apply(Event::Pods {
            new: Some(new),
            old: Some(old),
        })
    }
}

/// The pods in the namespace of the endpoint's compute; `None` if they are not due yet. The error says why they cannot be read.
async fn read(
    arm: &Arm,
    reader: Option<PodReader>,
    endpoint: &Endpoint,
    now: u64,
) -> Result<(PodReader, Option<Vec<PodFacts>>), String> {
    let mut reader = match reader {
        Some(reader) => reader,
        None => connect(arm, endpoint).await?,
    };
    if let Way::Api(client) = &reader.way {
        match client.pods(&reader.namespaces).await {
            Ok(pods) => return Ok((reader, Some(pods))),
            Err(error) => reader.way = command_instead(arm, &reader.cluster_id, error.into()).await?,
        }
    }
    let pods = reader.over_command(arm, now).await?;
    Ok((reader, pods))
}

/// # Errors
/// Why the API is closed, unless commands can replace it.
async fn command_instead(arm: &Arm, cluster_id: &str, error: ClusterAccessError) -> Result<Way, String> {
    let with_entra = inside::command_instead(arm, cluster_id, error).await;
    Ok(Way::Command {
        with_entra: with_entra.map_err(|error| error.chain())?,
        running: None,
        from: 0,
    })
}

impl PodReader {
    /// Starts a command if one is due, or asks what became of the one on its way.
    async fn over_command(&mut self, arm: &Arm, now: u64) -> Result<Option<Vec<PodFacts>>, String> {
        let Way::Command {
            with_entra,
            running,
            from,
        } = &mut self.way
        else {
            return Ok(None);
        };
        let ask = KubectlAsk::Pods(&self.namespaces);
        let Some(under_way) = running.take() else {
            if now >= *from {
                *from = now.saturating_add(COMMAND_EVERY);
                *running = Some(start(arm, &self.cluster_id, &ask, *with_entra, now).await?);
            }
            return Ok(None);
        };
        match poll_command(arm, &under_way.command).await {
            Ok(CommandState::Over(result)) => {
                let said = under_way.kubectl.said(&ask, &result.logs);
                let pods = said.and_then(|said| said.pods());
                pods.map(Some).map_err(|error| error.chain())
            }
            Ok(CommandState::Running { .. }) if now >= under_way.until => {
                Err("the command that Azure runs in the cluster does not end".to_owned())
            }
            Ok(CommandState::Running { .. }) => {
                *running = Some(under_way);
                Ok(None)
            }
            Err(error) => Err(error.chain()),
        }
    }
}

async fn start(
    arm: &Arm,
    cluster_id: &str,
    ask: &KubectlAsk<'_>,
    with_entra: bool,
    now: u64,
) -> Result<Running, String> {
    let kubectl = KubectlLook::default();
    let command = kubectl.ask(ask).map_err(|error| error.chain())?;
    let command = start_command(arm, cluster_id, &command, with_entra).await;
    Ok(Running {
        kubectl,
        command: command.map_err(|error| error.chain())?,
        until: now.saturating_add(COMMAND_LIMIT.as_secs()),
    })
}

async fn connect(arm: &Arm, endpoint: &Endpoint) -> Result<PodReader, String> {
    let id = endpoint.compute_id.as_deref();
    let id = id.ok_or("Azure does not say on which compute it runs")?;
    let compute = computes::get_compute(arm, id).await;
    let compute = compute.map_err(|error| error.chain())?;
    let compute = computes::compute(&compute.ok_or("its compute does not exist")?);
    let scope = LookScope {
        namespaces: compute.namespace.into_iter().collect(),
        ..LookScope::default()
    };
    let namespaces = scope.valid().namespaces;
    if namespaces.is_empty() {
        return Err("Azure does not say in which namespace it runs".to_owned());
    }
    let way = match cluster_access::connect_to(arm, compute.cluster_id.as_deref()).await {
        Ok(client) => Way::Api(Box::new(client)),
        Err(error) => command_instead(arm, compute.cluster_id.as_deref().unwrap_or_default(), error).await?,
    };
    let cluster_id = compute.cluster_id.unwrap_or_default();
    Ok(PodReader {
        cluster_id,
        namespaces,
        way,
    })
}
