//! Reads everything inside a cluster that tells how models are served: nodes, pods, warnings, services, certificates,
//! and the last log lines of unhealthy containers. Reads concurrently and changes nothing.

use crate::{ClusterClient, ClusterError, ask, objects, scrub};
use berth_domain::diagnosis::{InsideFacts, LogFacts, PodFacts};
use berth_domain::facts::Fact;
use futures::future::join_all;
use k8s_openapi::api::core::v1::Pod;
use kube::Resource;
use kube::api::LogParams;
use serde::de::DeserializeOwned;

/// Maximum number of logs to read.
const MOST_LOGS: usize = 6;
/// Lines to read of each log.
const LOG_LINES: u32 = 20;
/// Bytes to read of each log.
const LOG_BYTES: u32 = 16 * 1024;

/// What to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookScope {
    pub namespaces: Vec<String>,
    pub secrets: Vec<SecretRef>,
}

/// A secret with a certificate, as Azure Machine Learning stores it: `cert.pem` and `key.pem`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretRef {
    pub namespace: String,
    pub name: String,
}

impl LookScope {
    /// Drops invalid names, because names from settings are written into commands.
    #[must_use]
    pub fn valid(mut self) -> Self {
        self.namespaces.retain(|name| is_name(name));
        self.namespaces.sort();
        self.namespaces.dedup();
        self.secrets
            .retain(|secret| is_name(&secret.namespace) && is_name(&secret.name));
        self
    }
}

/// Whether the text is a valid object name (kubernetes.io/docs/concepts/overview/working-with-objects/names).
pub(crate) fn is_name(name: &str) -> bool {
    let end = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let label = |label: &str| {
        label.starts_with(end) && label.ends_with(end) && label.chars().all(|c| end(c) || c == '-')
    };
    name.len() <= 253 && name.split('.').all(label)
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Look {
    pub inside: InsideFacts,
    /// The certificate of each secret in the scope, PEM, in the same order; `None` when there is no such secret.
    pub certificates: Vec<Fact<Option<String>>>,
}

/// A container whose log to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LogWanted {
    pub(crate) namespace: String,
    pub(crate) pod: String,
    pub(crate) container: String,
    /// Read the log of the previous run, because the current one has not begun.
    pub(crate) previous: bool,
}

/// Selects containers whose logs are worth reading.
pub(crate) fn logs_wanted(pods: &[PodFacts]) -> Vec<LogWanted> {
    let all = pods.iter().flat_map(|pod| {
        pod.containers_to_hear().map(move |container| LogWanted {
            namespace: pod.namespace.clone(),
            pod: pod.name.clone(),
            container: container.name.clone(),
            previous: container.waiting.is_some() && container.restarts > 0,
        })
    });
    all.take(MOST_LOGS).collect()
}

/// The scrubbed lines of a log.
pub(crate) fn log(wanted: &LogWanted, text: &str) -> LogFacts {
    let mut lines = scrub::lines(text);
    lines.retain(|line| !line.trim().is_empty());
    let from = lines.len().saturating_sub(LOG_LINES as usize);
    LogFacts {
        namespace: wanted.namespace.clone(),
        pod: wanted.pod.clone(),
        container: wanted.container.clone(),
        lines: lines.split_off(from),
    }
}

/// Limits on the log in lines and bytes.
pub(crate) const fn log_limits() -> (u32, u32) {
    (LOG_LINES, LOG_BYTES)
}

impl ClusterClient {
    /// Reads everything in the scope.
    ///
    /// # Errors
    /// When the cluster does not answer at all. What it refuses to tell is unknown.
    pub async fn look(&self, scope: &LookScope) -> Result<Look, ClusterError> {
        // One request first: where nothing answers, twenty more would each run into the timeout.
        self.namespaces().await?;
        let namespaces = scope.namespaces.as_slice();
        let (nodes, pods_and_logs, events, services, slices, health, leftovers, certificates) = tokio::join!(
            self.list("listing nodes", None, None, objects::node),
            self.pods_and_logs(namespaces),
            self.of_namespaces(
                "listing events",
                namespaces,
                Some("type=Warning"),
                objects::warning
            ),
            self.of_namespaces("listing services", namespaces, None, objects::service),
            self.of_namespaces("listing endpoints", namespaces, None, objects::slice),
            self.health_check(),
            Box::pin(self.leftovers()),
            join_all(scope.secrets.iter().map(|secret| self.certificate(secret))),
        );
        let (pods, logs) = pods_and_logs;
        let inside = InsideFacts {
            nodes: fact(nodes),
            pods: fact(pods),
            events: fact(events.map(objects::newest)),
            logs,
            services: fact(services),
            endpoints: fact(slices.map(objects::endpoints)),
            health_check: fact(health.map(Option::unwrap_or_default)),
            leftovers: fact(leftovers),
        };
        Ok(Look {
            inside,
            certificates: certificates.into_iter().map(fact).collect(),
        })
    }

    /// Reads the pods in some namespaces.
    ///
    /// # Errors
    /// When the cluster does not answer or refuses.
    pub async fn pods(&self, namespaces: &[String]) -> Result<Vec<PodFacts>, ClusterError> {
        self.of_namespaces("listing pods", namespaces, None, objects::pod)
            .await
    }

    async fn of_namespaces<K, T>(
        &self,
        what: &'static str,
        namespaces: &[String],
        fields: Option<&str>,
        of: fn(&K) -> T,
    ) -> Result<Vec<T>, ClusterError>
    where
        K: Resource<DynamicType = ()> + DeserializeOwned,
    {
        let lists = namespaces
            .iter()
            .map(|namespace| self.list(what, Some(namespace), fields, of));
        let lists: Vec<Vec<T>> = join_all(lists).await.into_iter().collect::<Result<_, _>>()?;
        Ok(lists.into_iter().flatten().collect())
    }

    async fn pods_and_logs(
        &self,
        namespaces: &[String],
    ) -> (Result<Vec<PodFacts>, ClusterError>, Fact<Vec<LogFacts>>) {
        let pods = match self.pods(namespaces).await {
            Ok(pods) => pods,
            Err(error) => return (Err(error), Fact::NotAsked),
        };
        let wanted = logs_wanted(&pods);
        let read = join_all(wanted.iter().map(|wanted| self.hear(wanted))).await;
        (Ok(pods), fact(read.into_iter().collect()))
    }

    async fn hear(&self, wanted: &LogWanted) -> Result<LogFacts, ClusterError> {
        let params = LogParams {
            container: Some(wanted.container.clone()),
            previous: wanted.previous,
            tail_lines: Some(i64::from(LOG_LINES)),
            limit_bytes: Some(i64::from(LOG_BYTES)),
            ..LogParams::default()
        };
        let text = self.log_text(wanted, &params, LOG_BYTES as usize).await?;
        Ok(log(wanted, &text))
    }

    /// Reads a log of at most so many bytes.
    pub(crate) async fn log_text(
        &self,
        wanted: &LogWanted,
        params: &LogParams,
        most: usize,
    ) -> Result<String, ClusterError> {
        let what = "reading a log";
        if !is_name(&wanted.pod) {
            return Err(ClusterError::Name { what });
        }
        let question = ask::place::<Pod>(what, Some(&wanted.namespace))?.logs(&wanted.pod, params);
        let text = self.bytes(what, question, most).await?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }
}

fn fact<T>(read: Result<T, ClusterError>) -> Fact<T> {
    read.map_or_else(|error| Fact::Unknown(error.chain()), Fact::Known)
}
