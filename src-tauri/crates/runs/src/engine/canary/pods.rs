//! Reads the pods of the versions while a canary watches them. Pods that cannot be read are unknown and do not end it.

use super::CanaryRun;
use crate::cluster_access;
use crate::engine::step_run::StepError;
use berth_arm::Arm;
use berth_arm::resources::computes;
use berth_arm::resources::endpoints::online;
use berth_cluster::{ClusterClient, LookScope};
use berth_contract::run::PodsSeen;
use berth_domain::canary::{Event, Pods};
use berth_domain::diagnosis::PodFacts;
use berth_domain::endpoint::Endpoint;
use berth_domain::plan::StepKind;
use std::time::Duration;

/// Pods are read over the cluster's own API only: a command that Azure runs would start a pod each time.
pub(super) struct PodReader {
    client: ClusterClient,
    namespaces: Vec<String>,
}

/// Seconds until pods that could not be read are read again.
const AGAIN: u64 = 300;
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
        let (arm, reader) = (self.step.tools().arm.clone(), self.pods.take());
        let reading = tokio::time::timeout(LIMIT, Box::pin(read(&arm, reader, &endpoint)));
        let read = self.step.unless_cancelled(reading).await?;
        match read.unwrap_or_else(|_| Err("no answer in time".to_owned())) {
            Ok((reader, pods)) => {
                self.pods = Some(reader);
                self.judge_pods(&endpoint, &pods)
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

/// The pods in the namespace of the endpoint's compute. The error says why they cannot be read.
async fn read(
    arm: &Arm,
    reader: Option<PodReader>,
    endpoint: &Endpoint,
) -> Result<(PodReader, Vec<PodFacts>), String> {
    let reader = match reader {
        Some(reader) => reader,
        None => connect(arm, endpoint).await?,
    };
    let pods = reader.client.pods(&reader.namespaces).await;
    let pods = pods.map_err(|error| error.chain())?;
    Ok((reader, pods))
}

async fn connect(arm: &Arm, endpoint: &Endpoint) -> Result<PodReader, String> {
    let id = endpoint.compute_id.as_deref();
    let id = id.ok_or("Azure does not say on which compute it runs")?;
    let compute = computes::get_compute(arm, id).await;
    let compute = compute.map_err(|error| error.chain())?;
    let compute = computes::compute(&compute.ok_or("its compute does not exist")?);
    let cluster = compute.cluster_id;
    let cluster = cluster.ok_or("Azure does not say on which cluster it runs")?;
    let scope = LookScope {
        namespaces: compute.namespace.into_iter().collect(),
        ..LookScope::default()
    };
    let namespaces = scope.valid().namespaces;
    if namespaces.is_empty() {
        return Err("Azure does not say in which namespace it runs".to_owned());
    }
    let client = cluster_access::connect(arm, &cluster).await;
    let client = client.map_err(|error| error.chain())?;
    Ok(PodReader { client, namespaces })
}
