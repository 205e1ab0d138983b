//! The logs of the scoring front ends, without secrets.

use crate::look::LogWanted;
use crate::{ClusterClient, ClusterError, scrub};
use berth_domain::diagnosis::{FRONT_END, PodFacts};
use futures::future::join_all;
use kube::api::LogParams;

/// Maximum number of logs to read. Three pods route by default
/// (learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension, `inferenceRouterHA`).
const MOST: usize = 6;
/// Maximum size of a log in bytes.
const BYTES: usize = 4 * 1024 * 1024;

/// The log of a container.
#[derive(Debug)]
pub struct ContainerLog {
    /// `namespace/name`.
    pub pod: String,
    pub container: String,
    /// Oldest first.
    pub lines: Result<Vec<String>, ClusterError>,
}

/// The logs of the pods of front ends.
#[derive(Debug)]
pub struct FrontEndLogs {
    pub logs: Vec<ContainerLog>,
    /// How many further logs were not read.
    pub left_out: usize,
}

impl ClusterClient {
    /// Reads the last lines of the front ends in some namespaces.
    ///
    /// # Errors
    /// When the pods cannot be listed. Each log has its own result.
    pub async fn front_end_logs(
        &self,
        namespaces: &[String],
        lines: u32,
    ) -> Result<FrontEndLogs, ClusterError> {
        let pods = self.pods(namespaces).await?;
        let mut wanted: Vec<LogWanted> = pods
            .iter()
            .filter(|pod| pod.name.starts_with(FRONT_END))
            .flat_map(logs_of)
            .collect();
        let left_out = wanted.len().saturating_sub(MOST);
        wanted.truncate(MOST);
        let logs = join_all(wanted.into_iter().map(|one| self.last_lines(one, lines))).await;
        Ok(FrontEndLogs { logs, left_out })
    }

    async fn last_lines(&self, wanted: LogWanted, lines: u32) -> ContainerLog {
        // A limit in bytes would cut off the newest lines.
        let params = LogParams {
            container: Some(wanted.container.clone()),
            tail_lines: Some(i64::from(lines)),
            ..LogParams::default()
        };
        let text = self.log_text(&wanted, &params, BYTES).await;
        ContainerLog {
            pod: format!("{}/{}", wanted.namespace, wanted.pod),
            container: wanted.container,
            lines: text.map(|text| scrub::lines(&text)),
        }
    }
}

fn logs_of(pod: &PodFacts) -> impl Iterator<Item = LogWanted> {
    let running = pod.containers.iter().filter(|container| !container.done);
    running.map(|container| LogWanted {
        namespace: pod.namespace.clone(),
        pod: pod.name.clone(),
        container: container.name.clone(),
        previous: false,
    })
}
