//! Pods that do not run as they should. Each pod counts once, under the most telling of its troubles.

use super::inside::{ContainerFacts, LogFacts, PodFacts};
use super::symptoms::Symptoms;
use super::table::{Found, found};
use std::collections::BTreeSet;

/// Pods that are named in the words; the others are counted.
const NAMED: usize = 3;
/// Log lines that become evidence.
const LINES: usize = 4;
/// Restarts from which a container that is down again crashes rather than starts.
const OFTEN: u32 = 3;
/// What follows from trouble with a front end's own pods.
const FRONT_END: &[&str] = &["no_backends", "front_end_silent", "ClusterServiceNotFound"];

/// What is the matter with a pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Image,
    OutOfMemory,
    Crashes,
    NotStarted,
    NoCpu,
    NoMemory,
    Tainted,
    Unplaced,
    Evicted,
    Waiting,
    NotReady,
}

fn trouble(pod: &PodFacts) -> Option<Trouble> {
    match pod.phase.as_str() {
        "Succeeded" => return None,
        "Failed" if pod.reason.as_deref() == Some("Evicted") => return Some(Trouble::Evicted),
        _ => {}
    }
    if let Some(why) = &pod.unschedulable {
        return Some(unplaced_by(why));
    }
    let unwell: Vec<&ContainerFacts> = pod
        .containers
        .iter()
        .filter(|one| !one.ready && !one.done)
        .collect();
    let of_container = unwell.iter().find_map(|one| of_container(one));
    of_container.or_else(|| match pod.phase.as_str() {
        "Pending" => Some(Trouble::Waiting),
        "Failed" => Some(Trouble::Crashes),
        _ => (!unwell.is_empty()).then_some(Trouble::NotReady),
    })
}

/// The scheduler's words (kubernetes/kubernetes pkg/scheduler/framework/plugins).
fn unplaced_by(why: &str) -> Trouble {
    let why = why.to_lowercase();
    if why.contains("insufficient cpu") {
        Trouble::NoCpu
    } else if why.contains("insufficient memory") {
        Trouble::NoMemory
    } else if why.contains("taint") {
        Trouble::Tainted
    } else {
        Trouble::Unplaced
    }
}

fn of_container(container: &ContainerFacts) -> Option<Trouble> {
    if container.ended.as_deref() == Some("OOMKilled") {
        return Some(Trouble::OutOfMemory);
    }
    match container.waiting.as_deref() {
        Some("ErrImagePull" | "ImagePullBackOff" | "InvalidImageName" | "ErrImageNeverPull") => {
            Some(Trouble::Image)
        }
        Some("CrashLoopBackOff") => Some(Trouble::Crashes),
        Some("CreateContainerConfigError" | "CreateContainerError" | "RunContainerError") => {
            Some(Trouble::NotStarted)
        }
        Some(_) => None,
        None => (container.ended.is_some() && container.restarts >= OFTEN).then_some(Trouble::Crashes),
    }
}

fn with(symptoms: &Symptoms, wanted: Trouble) -> Vec<Found> {
    let all = symptoms.inside.pods.known().into_iter().flatten();
    let pods: Vec<&PodFacts> = all.filter(|pod| trouble(pod) == Some(wanted)).collect();
    if pods.is_empty() {
        return Vec::new();
    }
    let mut names: Vec<String> = pods.iter().take(NAMED).map(|pod| pod.place()).collect();
    if pods.len() > NAMED {
        names.push(format!("+{}", pods.len() - NAMED));
    }
    let images: BTreeSet<&str> = pods
        .iter()
        .flat_map(|pod| &pod.containers)
        .filter(|container| !container.ready && !container.done)
        .map(|container| container.image.as_str())
        .collect();
    let images: Vec<&str> = images.into_iter().collect();
    let evidence = pods.iter().take(NAMED).flat_map(|pod| evidence(symptoms, pod));
    let found = found(evidence.collect())
        .with("pods", names.join(", "))
        .with("count", pods.len())
        .with("image", images.join(", "));
    let of_front_end =
        |pod: &&PodFacts| pod.name.starts_with("azureml-fe") || pod.name.starts_with("azureml-ingress");
    vec![if pods.iter().any(of_front_end) {
        found.explaining(FRONT_END)
    } else {
        found
    }]
}

fn evidence(symptoms: &Symptoms, pod: &PodFacts) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    if let Some(why) = &pod.unschedulable {
        lines.push(format!("{}: {why}", pod.place()));
    }
    for container in pod.containers.iter().filter(|one| !one.ready && !one.done) {
        let code = container.exit_code.map(|code| format!("exit code {code}"));
        let restarts = (container.restarts > 0).then(|| format!("{} restarts", container.restarts));
        let parts = [
            container.waiting.clone(),
            container.ended.clone(),
            code,
            restarts,
            container.message.clone(),
        ];
        let said: Vec<String> = parts.into_iter().flatten().collect();
        if !said.is_empty() {
            lines.push(format!("{} {}: {}", pod.place(), container.name, said.join(", ")));
        }
    }
    lines.extend(symptoms.warnings("Pod", &pod.namespace, &pod.name));
    let of_pod = |log: &&LogFacts| log.namespace == pod.namespace && log.pod == pod.name;
    let logs = symptoms.inside.logs.known().into_iter().flatten();
    for log in logs.filter(of_pod) {
        let from = log.lines.len().saturating_sub(LINES);
        let last = log.lines.iter().skip(from);
        lines.extend(last.map(|line| format!("{}: {line}", log.container)));
    }
    lines
}

impl PodFacts {
    /// Containers whose log is worth reading: they have run, and do not run well.
    pub fn containers_to_hear(&self) -> impl Iterator<Item = &ContainerFacts> {
        let finished = self.phase == "Succeeded";
        let ran =
            |one: &&ContainerFacts| one.ended.is_some() || (one.waiting.is_none() && self.node.is_some());
        self.containers
            .iter()
            .filter(move |one| !finished && !one.ready && !one.done)
            .filter(ran)
    }
}

macro_rules! checks {
    ($($(#[doc = $doc:literal])* $name:ident = $trouble:ident;)*) => {
        $(
            $(#[doc = $doc])*
            pub(super) fn $name(symptoms: &Symptoms) -> Vec<Found> {
                with(symptoms, Trouble::$trouble)
            }
        )*
    };
}

checks! {
    /// Images that cannot be fetched.
    image = Image;
    /// Containers that ran out of memory.
    out_of_memory = OutOfMemory;
    /// Containers that end again and again.
    crashes = Crashes;
    /// Containers that could not be started.
    not_started = NotStarted;
    /// No node with enough vCPU left.
    no_cpu = NoCpu;
    /// No node with enough memory left.
    no_memory = NoMemory;
    /// Only nodes that are kept for others.
    tainted = Tainted;
    /// No node, for another reason.
    unplaced = Unplaced;
    /// Put out by their node.
    evicted = Evicted;
    /// Being started.
    waiting = Waiting;
    /// Running, and not ready.
    not_ready = NotReady;
}
