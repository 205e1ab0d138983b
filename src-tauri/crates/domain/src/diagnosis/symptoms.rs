//! The input of a diagnosis.

use super::Unread;
use super::inside::{EndpointFacts, EventFacts, InsideFacts, ServiceFacts};
use super::states::{self, Condition};
use crate::certificate::CertificateFacts;
use crate::facts::{ClusterFacts, ComputeFacts, ExtensionFacts, Fact};
use crate::resource_id::last_segment;
use crate::spec::Route;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Name of the scoring front end's Service, on both routes.
pub const FRONT_END: &str = "azureml-fe";

/// Everything read about one cluster.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Symptoms {
    pub cluster_id: String,
    /// `None` if the cluster does not exist.
    pub cluster: Fact<Option<ClusterFacts>>,
    /// Computes on the cluster.
    pub computes: Fact<Vec<ComputeState>>,
    /// Whether some workspaces or subscriptions could not be read, so that computes may be missing.
    pub computes_unread: bool,
    /// Endpoints, deployments and services on those computes that could be read.
    pub answering: Vec<AnsweringState>,
    /// `None` if the Azure ML extension is not installed.
    pub extension: Fact<Option<ExtensionState>>,
    /// Why the cluster could not be entered, if that was attempted and failed.
    pub inside_closed: Option<String>,
    pub inside: InsideFacts,
    /// The expected front ends.
    pub front_ends: Vec<FrontEndState>,
}

impl Symptoms {
    pub(super) fn cluster_name(&self) -> &str {
        last_segment(&self.cluster_id)
    }

    /// The cluster, if it is known to exist.
    pub(super) fn cluster_there(&self) -> Option<&ClusterFacts> {
        self.cluster.known().and_then(Option::as_ref)
    }

    /// The extension, if it is known to be installed.
    pub(super) fn extension_there(&self) -> Option<&ExtensionState> {
        self.extension.known().and_then(Option::as_ref)
    }

    /// Computes of a type (`AKS`, `Kubernetes`).
    pub(super) fn computes_of(&self, kind: &str) -> impl Iterator<Item = &ComputeState> {
        let all = self.computes.known().into_iter().flatten();
        all.filter(move |compute| compute.facts.compute_type.eq_ignore_ascii_case(kind))
    }

    /// The front end's Service in a namespace.
    pub(super) fn service(&self, namespace: &str) -> Option<&ServiceFacts> {
        let mut all = self.inside.services.known().into_iter().flatten();
        all.find(|service| service.namespace == namespace && service.name == FRONT_END)
    }

    /// Numbers of endpoints behind the front end's Service in a namespace.
    pub(super) fn endpoints(&self, namespace: &str) -> Option<&EndpointFacts> {
        let mut all = self.inside.endpoints.known().into_iter().flatten();
        all.find(|found| found.namespace == namespace && found.service == FRONT_END)
    }

    /// The latest warnings about one object, formatted as lines.
    pub(super) fn warnings(&self, kind: &str, namespace: &str, name: &str) -> Vec<String> {
        let about =
            |event: &&EventFacts| event.kind == kind && event.namespace == namespace && event.name == name;
        let all = self.inside.events.known().into_iter().flatten();
        all.filter(about)
            .take(2)
            .map(|event| {
                let times = if event.count > 1 {
                    format!(" (×{})", event.count)
                } else {
                    String::new()
                };
                format!(
                    "{}/{}: {}: {}{times}",
                    event.kind, event.name, event.reason, event.message
                )
            })
            .collect()
    }
}

/// An error that Azure reports on a resource.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReportedError {
    pub code: String,
    pub message: String,
}

impl ReportedError {
    /// `code: message`.
    pub(super) fn line(&self) -> String {
        [self.code.as_str(), self.message.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(": ")
    }
}

/// A compute as a diagnosis needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComputeState {
    pub facts: ComputeFacts,
    /// `FastProd`, `DenseProd`, `DevTest` (type `AKS`).
    pub purpose: Option<String>,
    /// `Enabled`, `Auto`, `Disabled` (type `AKS`).
    pub tls: Option<String>,
    /// Host name that clients use (type `AKS`).
    pub cname: Option<String>,
    /// Whether it requests an internal load balancer (type `AKS`).
    pub internal: bool,
    pub errors: Vec<ReportedError>,
}

impl ComputeState {
    /// `workspace/name`.
    pub fn place(&self) -> String {
        format!("{}/{}", self.facts.workspace, self.facts.name)
    }

    pub(super) fn condition(&self) -> Condition {
        states::provisioning(&self.facts.provisioning_state)
    }
}

/// An endpoint, a deployment, or a service of the classic route.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnsweringState {
    /// `endpoint/deployment` for a deployment.
    pub name: String,
    /// The compute it runs on, as `workspace/name`.
    pub compute: String,
    /// Whether it is a service of the classic route. Services have other states than endpoints.
    pub is_service: bool,
    /// State in Azure's spelling.
    pub state: String,
    pub errors: Vec<ReportedError>,
}

impl AnsweringState {
    pub(super) fn condition(&self) -> Condition {
        if self.is_service {
            states::of_service(&self.state)
        } else {
            states::provisioning(&self.state.as_str().into())
        }
    }
}

/// The extension as a diagnosis needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionState {
    pub facts: ExtensionFacts,
    pub errors: Vec<ReportedError>,
    /// Minutes since the last modification, if Azure reports it.
    pub minutes: Option<u32>,
}

impl ExtensionState {
    pub(super) fn condition(&self) -> Condition {
        states::provisioning(&self.facts.provisioning_state)
    }

    /// Whether a setting has this value, ignoring case.
    pub(super) fn has(&self, setting: &str, value: &str) -> bool {
        let found = self.facts.settings.get(setting);
        found.is_some_and(|found| found.eq_ignore_ascii_case(value))
    }
}

/// An expected front end, and what was observed from outside.
#[derive(Debug, Clone, PartialEq)]
pub struct FrontEndState {
    pub route: Route,
    pub namespace: String,
    /// Host name that clients use.
    pub name: Option<String>,
    /// Whether Azure assigned the name and manages its DNS record.
    pub name_of_azure: bool,
    /// Whether TLS should be on.
    pub tls: bool,
    /// Whether it should be behind an internal load balancer.
    pub internal: bool,
    /// Whether its compute or extension reports success.
    pub installed: bool,
    /// Addresses that the name resolves to on this computer.
    pub addresses: Fact<Vec<String>>,
    /// The certificate in its Secret; `None` if the Secret does not exist.
    pub secret: Fact<Option<CertificateFacts>>,
    /// Result of connecting to it.
    pub connection: Fact<Connection>,
}

/// Result of connecting to a front end.
#[derive(Debug, Clone, PartialEq)]
pub enum Connection {
    /// The connection failed; the reason.
    Silent(String),
    /// Connected; TLS is off.
    Plain,
    /// Connected, but the TLS handshake failed; the reason.
    NoTls(String),
    /// The certificate that it presented.
    Tls(Box<CertificateFacts>),
}

/// Everything that could not be read, and every state that Berth does not know.
pub fn unread(symptoms: &Symptoms) -> Vec<Unread> {
    let inside = &symptoms.inside;
    let mut all = vec![
        ("cluster", symptoms.cluster.why_unknown()),
        ("computes", symptoms.computes.why_unknown()),
        ("extension", symptoms.extension.why_unknown()),
        ("nodes", inside.nodes.why_unknown()),
        ("pods", inside.pods.why_unknown()),
        ("events", inside.events.why_unknown()),
        ("logs", inside.logs.why_unknown()),
        ("services", inside.services.why_unknown()),
        ("endpoints", inside.endpoints.why_unknown()),
        ("health_check", inside.health_check.why_unknown()),
        ("leftovers", inside.leftovers.why_unknown()),
    ];
    for front_end in &symptoms.front_ends {
        all.push(("name", front_end.addresses.why_unknown()));
        all.push(("secret", front_end.secret.why_unknown()));
        all.push(("connection", front_end.connection.why_unknown()));
    }
    let known = all.into_iter().filter_map(|(what, why)| Some((what, why?)));
    let unknown = states::unknown(symptoms);
    let reasons = known.chain(unknown.iter().map(|state| ("state", state.as_str())));
    let mut list: Vec<Unread> = Vec::new();
    for (what, why) in reasons {
        let one = Unread {
            what: what.to_owned(),
            why: why.to_owned(),
        };
        if !list.contains(&one) {
            list.push(one);
        }
    }
    list
}
