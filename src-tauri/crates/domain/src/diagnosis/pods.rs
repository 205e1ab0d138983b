//! Unhealthy pods. Each pod is reported once, under its most specific problem.

use super::inside::{ContainerFacts, LogFacts, PodFacts};
use super::symptoms::Symptoms;
use super::table::{Found, found};
use std::collections::BTreeSet;

/// Number of pods listed by name; the rest are counted.
const NAMED: usize = 3;
/// Number of last log lines quoted as evidence, per container.
const LINES: usize = 4;
/// Number of restarts after which a terminated container counts as crashing rather than starting.
const CRASHING_RESTARTS: u32 = 3;
/// Causes that follow from a problem with the front end's own pods.
const AFTER_FRONT_END: &[&str] = &["no_backends", "front_end_silent", "ClusterServiceNotFound"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PodProblem {
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

fn problem_of(pod: &PodFacts) -> Option<PodProblem> {
    match pod.phase.as_str() {
        "Succeeded" => return None,
        "Failed" if pod.reason.as_deref() == Some("Evicted") => return Some(PodProblem::Evicted),
        _ => {}
    }
    if let Some(why) = &pod.unschedulable {
        return Some(scheduling_problem(why));
    }
    let unready: Vec<&ContainerFacts> = pod
        .containers
        .iter()
        .filter(|one| !one.ready && !one.done)
        .collect();
    let of_container = unready.iter().find_map(|one| container_problem(one));
    of_container.or_else(|| match pod.phase.as_str() {
        "Pending" => Some(PodProblem::Waiting),
        "Failed" => Some(PodProblem::Crashes),
        _ => (!unready.is_empty()).then_some(PodProblem::NotReady),
    })
}

/// Reads the scheduler's message (kubernetes/kubernetes pkg/scheduler/framework/plugins).
fn scheduling_problem(why: &str) -> PodProblem {
    let why = why.to_lowercase();
    if why.contains("insufficient cpu") {
        PodProblem::NoCpu
    } else if why.contains("insufficient memory") {
        PodProblem::NoMemory
    } else if why.contains("taint") {
        PodProblem::Tainted
    } else {
        PodProblem::Unplaced
    }
}

fn container_problem(container: &ContainerFacts) -> Option<PodProblem> {
    if container.ended.as_deref() == Some("OOMKilled") {
        return Some(PodProblem::OutOfMemory);
    }
    match container.waiting.as_deref() {
        Some("ErrImagePull" | "ImagePullBackOff" | "InvalidImageName" | "ErrImageNeverPull") => {
            Some(PodProblem::Image)
        }
        Some("CrashLoopBackOff") => Some(PodProblem::Crashes),
        Some("CreateContainerConfigError" | "CreateContainerError" | "RunContainerError") => {
            Some(PodProblem::NotStarted)
        }
        Some(_) => None,
        None => (container.ended.is_some() && container.restarts >= CRASHING_RESTARTS)
            .then_some(PodProblem::Crashes),
    }
}

fn pods_with(symptoms: &Symptoms, wanted: PodProblem) -> Vec<Found> {
    let all = symptoms.inside.pods.known().into_iter().flatten();
    let pods: Vec<&PodFacts> = all.filter(|pod| problem_of(pod) == Some(wanted)).collect();
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
        found.explaining(AFTER_FRONT_END)
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
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if !parts.is_empty() {
            lines.push(format!(
                "{} {}: {}",
                pod.place(),
                container.name,
                parts.join(", ")
            ));
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
    /// Whether it crashes again and again, or ran out of memory.
    pub fn is_crashing(&self) -> bool {
        matches!(
            problem_of(self),
            Some(PodProblem::Crashes | PodProblem::OutOfMemory)
        )
    }

    /// Containers whose logs are worth reading: they have run and are not ready.
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
    ($($(#[doc = $doc:literal])* $name:ident = $problem:ident;)*) => {
        $(
            $(#[doc = $doc])*
            pub(super) fn $name(symptoms: &Symptoms) -> Vec<Found> {
                pods_with(symptoms, PodProblem::$problem)
            }
        )*
    };
}

checks! {
    /// Images that cannot be pulled.
    image = Image;
    /// Containers that ran out of memory.
    out_of_memory = OutOfMemory;
    /// Containers that keep crashing.
    crashes = Crashes;
    /// Containers that could not be started.
    not_started = NotStarted;
    /// Pods for which no node has enough free vCPU.
    no_cpu = NoCpu;
    /// Pods for which no node has enough free memory.
    no_memory = NoMemory;
    /// Pods that do not tolerate the taints of the available nodes.
    tainted = Tainted;
    /// Pods that cannot be scheduled for another reason.
    unplaced = Unplaced;
    /// Pods evicted by their node.
    evicted = Evicted;
    /// Pods that are starting.
    waiting = Waiting;
    /// Pods that run but are not ready.
    not_ready = NotReady;
}
