//! Looks into a cluster through kubectl, for clusters whose API cannot be reached from here: builds the commands and
//! parses their output (learn.microsoft.com/azure/aks/access-private-cluster).
//!
//! Each command is followed by a line with its exit code and an unpredictable marker, because the output of commands
//! is untrusted. Only the certificate of a secret is requested: Azure keeps the output for a while, and it must not
//! contain a key.

mod asks;

pub use asks::{KubectlAsk, KubectlSaid};

use crate::ask::HEAVIEST;
use crate::budgets::budget;
use crate::error::kind;
use crate::front_end::pem;
use crate::look::{LogWanted, Look, LookScope, is_name, log, log_limits, logs_wanted};
use crate::objects;
use berth_domain::change::serving::classic_objects;
use berth_domain::cluster_object::{ClusterObject, ObjectKind};
use berth_domain::diagnosis::{InsideFacts, LogFacts, PodFacts};
use berth_domain::facts::{BudgetFacts, Fact};
use berth_http::weight;
use k8s_openapi::api::core::v1::{Node, Pod, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

const HEALTH: &str = "kubectl get configmap arcml-healthcheck -n azureml --ignore-not-found -o json";

const BUDGETS: &str = "kubectl get poddisruptionbudgets -A -o json";

/// The commands for one look, and the marker that separates their output.
pub struct KubectlLook {
    /// Ends each part of the output.
    mark: String,
}

impl Default for KubectlLook {
    /// Uses a new marker.
    fn default() -> Self {
        Self {
            mark: format!("berth-end-{}", Uuid::new_v4().simple()),
        }
    }
}

impl KubectlLook {
    /// Joins commands into one, with a marker after each.
    fn join_commands(&self, commands: &[String]) -> String {
        let marked = commands
            .iter()
            .enumerate()
            .map(|(at, command)| format!("{command}; echo {} {at} $?", self.mark));
        marked.collect::<Vec<_>>().join("; ")
    }

    /// The output of each command that succeeded, else its error message.
    fn parts(&self, output: &str, count: usize) -> Vec<Result<String, String>> {
        let mut rest = output;
        let mut found = Vec::with_capacity(count);
        for at in 0..count {
            // Output without a final line break is followed directly by the marker.
            let Some((text, tail)) = rest.split_once(&format!("{} {at} ", self.mark)) else {
                found.push(Err("the output of the command ends before this part".to_owned()));
                continue;
            };
            let (code, tail) = tail.split_once('\n').unwrap_or((tail, ""));
            rest = tail;
            found.push(if code.trim() == "0" {
                Ok(text.to_owned())
            } else {
                Err(crate::scrub::lines(text.trim()).join(" "))
            });
        }
        found
    }

    /// The command for a look.
    pub fn look_command(&self, scope: &LookScope) -> String {
        self.join_commands(&look_commands(scope))
    }

    /// Parses the output of [`Self::look_command`]. Logs are requested separately.
    pub fn read_look(&self, scope: &LookScope, output: &str) -> Look {
        look(scope, self.parts(output, look_commands(scope).len()))
    }

    /// The command for the pod disruption budgets.
    pub fn budgets_command(&self) -> String {
        self.join_commands(&[BUDGETS.to_owned()])
    }

    /// Parses the output of [`Self::budgets_command`].
    ///
    /// # Errors
    /// Why the budgets could not be read. A list with an unreadable budget counts as unread.
    pub fn read_budgets(&self, output: &str) -> Result<Vec<BudgetFacts>, String> {
        let text = self.parts(output, 1).remove(0)?;
        let list = json(&text)?;
        let unreadable = || "the list of the budgets cannot be understood".to_owned();
        let items = list["items"].as_array().ok_or_else(unreadable)?;
        let read = |item: &Value| serde_json::from_value(item.clone()).map(|found| budget(&found));
        let all: Result<_, _> = items.iter().map(read).collect();
        all.map_err(|_| unreadable())
    }

    /// The command for the logs of unhealthy containers; `None` when all are healthy.
    pub fn logs_command(&self, pods: &[PodFacts]) -> Option<String> {
        let commands: Vec<String> = wanted(pods).iter().map(log_command).collect();
        (!commands.is_empty()).then(|| self.join_commands(&commands))
    }

    /// Parses the output of [`Self::logs_command`]. Logs that could not be read are left out.
    pub fn read_logs(&self, pods: &[PodFacts], output: &str) -> Vec<LogFacts> {
        let wanted = wanted(pods);
        let parts = self.parts(output, wanted.len());
        let read = wanted.iter().zip(parts);
        read.filter_map(|(wanted, text)| Some(log(wanted, &text.ok()?)))
            .collect()
    }
}

fn look_commands(scope: &LookScope) -> Vec<String> {
    let mut commands = vec![
        "kubectl get nodes -o json".to_owned(),
        HEALTH.to_owned(),
        leftovers_command(),
    ];
    for secret in &scope.secrets {
        commands.push(certificate_command(&secret.namespace, &secret.name));
    }
    for namespace in &scope.namespaces {
        commands.push(format!(
            "kubectl get events -n {namespace} --field-selector type=Warning -o json"
        ));
        commands.push(format!(
            "kubectl get services,endpointslices,pods -n {namespace} -o json"
        ));
    }
    commands
}

fn certificate_command(namespace: &str, name: &str) -> String {
    format!("kubectl get secret {name} -n {namespace} --ignore-not-found -o jsonpath='{{.data.cert\\.pem}}'")
}

fn leftovers_command() -> String {
    let objects: Vec<String> = classic_objects()
        .into_iter()
        .map(|object| format!("{}/{}", object.kind.as_str(), object.name))
        .collect();
    format!(
        "kubectl get {} -n default --ignore-not-found -o name",
        objects.join(" ")
    )
}

/// Builds a look from the parts of the output.
fn look(scope: &LookScope, parts: Vec<Result<String, String>>) -> Look {
    let mut parts = parts.into_iter();
    let mut next = || parts.next().unwrap_or_else(|| Err(String::new()));
    let nodes = next().and_then(|text| items(&text));
    let health = next().and_then(|text| health(&text));
    let leftovers = next().map(|text| text.lines().filter_map(leftover).collect());
    let certificates = scope
        .secrets
        .iter()
        .map(|_| fact(next().map(|text| pem_of(&text))));
    let certificates: Vec<_> = certificates.collect();
    let (mut events, mut objects_of) = (Ok(Vec::new()), Ok(Vec::new()));
    for _ in &scope.namespaces {
        events = also(events, next().and_then(|text| items(&text)));
        objects_of = also(objects_of, next().and_then(|text| items(&text)));
    }
    let services: Result<Vec<Service>, String> = objects_of.as_deref().map_err(Clone::clone).map(of_kind);
    let slices: Result<Vec<EndpointSlice>, String> = objects_of.as_deref().map_err(Clone::clone).map(of_kind);
    let pods: Result<Vec<Pod>, String> = objects_of.as_deref().map_err(Clone::clone).map(of_kind);
    let inside = InsideFacts {
        nodes: fact(nodes.map(|all| of_kind::<Node>(&all).iter().map(objects::node).collect())),
        pods: fact(pods.map(|all| all.iter().map(objects::pod).collect())),
        events: fact(events.map(|all| objects::newest(of_kind(&all).iter().map(objects::warning).collect()))),
        logs: Fact::NotAsked,
        services: fact(services.map(|all| all.iter().map(objects::service).collect())),
        endpoints: fact(slices.map(|all| objects::endpoints(all.iter().map(objects::slice).collect()))),
        health_check: fact(health),
        leftovers: fact(leftovers),
    };
    Look { inside, certificates }
}

fn wanted(pods: &[PodFacts]) -> Vec<LogWanted> {
    let mut wanted = logs_wanted(pods);
    wanted.retain(|one| is_name(&one.namespace) && is_name(&one.pod) && is_name(&one.container));
    wanted
}

fn log_command(wanted: &LogWanted) -> String {
    let previous = if wanted.previous { " --previous" } else { "" };
    let (lines, bytes) = log_limits();
    format!(
        "kubectl logs {} -n {} -c {} --tail={lines} --limit-bytes={bytes}{previous}",
        wanted.pod, wanted.namespace, wanted.container,
    )
}

/// Parses the items of a list. kubectl may print warnings before it.
fn items(text: &str) -> Result<Vec<Value>, String> {
    let list = json(text)?;
    Ok(list["items"].as_array().cloned().unwrap_or_default())
}

fn json(text: &str) -> Result<Value, String> {
    let from = text.find('{').ok_or_else(|| crate::scrub::line(text.trim()))?;
    if weight(text.as_bytes()) > HEAVIEST {
        return Err("the output of the command holds more values than Berth reads".to_owned());
    }
    let mut values = serde_json::Deserializer::from_str(&text[from..]).into_iter::<Value>();
    match values.next() {
        Some(Ok(value)) => Ok(value),
        Some(Err(error)) => Err(format!(
            "the output of the command cannot be understood ({} at line {}, column {})",
            kind(&error),
            error.line(),
            error.column()
        )),
        None => Err(String::new()),
    }
}

/// Picks the objects of one kind.
fn of_kind<K: DeserializeOwned + k8s_openapi::Resource>(items: &[Value]) -> Vec<K> {
    let ours = items.iter().filter(|item| item["kind"] == K::KIND);
    ours.filter_map(|item| serde_json::from_value(item.clone()).ok())
        .collect()
}

fn also(all: Result<Vec<Value>, String>, more: Result<Vec<Value>, String>) -> Result<Vec<Value>, String> {
    let mut all = all?;
    all.extend(more?);
    Ok(all)
}

fn health(text: &str) -> Result<BTreeMap<String, String>, String> {
    if text.trim().is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = json(text)?;
    let data = found["data"].as_object().into_iter().flatten();
    Ok(data
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .map(objects::health)
        .collect())
}

fn pem_of(text: &str) -> Option<String> {
    Some(text.trim()).filter(|text| !text.is_empty()).and_then(pem)
}

/// Parses a line such as `deployment.apps/azureml-fe`.
fn leftover(line: &str) -> Option<ClusterObject> {
    let (kind, name) = line.trim().split_once('/')?;
    let kind: ObjectKind = kind.split('.').next()?.parse().ok()?;
    Some(ClusterObject::in_default(kind, name))
}

fn fact<T>(read: Result<T, String>) -> Fact<T> {
    read.map_or_else(Fact::Unknown, Fact::Known)
}

#[cfg(test)]
mod tests;
