//! What a diagnosis looks at.

use super::Unread;
use super::inside::{EndpointFacts, EventFacts, InsideFacts, ServiceFacts};
use super::states::{self, Stand};
use crate::certificate::CertificateFacts;
use crate::facts::{ClusterFacts, ComputeFacts, ExtensionFacts, Fact};
use crate::spec::Route;

/// Name of the scoring front end's Service, on both routes.
pub const FRONT_END: &str = "azureml-fe";

/// Everything that was read about one cluster.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Symptoms {
    /// Resource id of the cluster.
    pub cluster_id: String,
    /// The cluster; `None` when it is not there.
    pub cluster: Fact<Option<ClusterFacts>>,
    /// Computes that point at it.
    pub computes: Fact<Vec<ComputeState>>,
    /// Whether there may be more of them, in places that could not be read.
    pub computes_unread: bool,
    /// What answers through them, as far as it could be read.
    pub answering: Vec<AnsweringState>,
    /// The extension of Azure Machine Learning on it; `None` when there is none.
    pub extension: Fact<Option<ExtensionState>>,
    /// Why nobody could look inside, where that was tried in vain.
    pub inside_closed: Option<String>,
    /// What is inside.
    pub inside: InsideFacts,
    /// The front ends that should be there.
    pub front_ends: Vec<FrontEndState>,
}

impl Symptoms {
    /// Name of the cluster.
    pub(super) fn cluster_name(&self) -> &str {
        self.cluster_id.rsplit('/').next().unwrap_or_default()
    }

    /// The cluster, where it is there.
    pub(super) fn cluster_there(&self) -> Option<&ClusterFacts> {
        self.cluster.known().and_then(Option::as_ref)
    }

    /// The extension, where it is there.
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

    /// What stands behind the front end's Service in a namespace.
    pub(super) fn endpoints(&self, namespace: &str) -> Option<&EndpointFacts> {
        let mut all = self.inside.endpoints.known().into_iter().flatten();
        all.find(|found| found.namespace == namespace && found.service == FRONT_END)
    }

    /// Warnings about one object, as lines.
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportedError {
    /// Azure's code.
    pub code: String,
    /// Its words.
    pub message: String,
}

impl ReportedError {
    /// Both in one line.
    pub(super) fn line(&self) -> String {
        [self.code.as_str(), self.message.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(": ")
    }
}

/// A compute with what a diagnosis needs of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComputeState {
    /// The compute.
    pub facts: ComputeFacts,
    /// `FastProd`, `DenseProd`, `DevTest` (type `AKS`).
    pub purpose: Option<String>,
    /// `Enabled`, `Auto`, `Disabled` (type `AKS`).
    pub tls: Option<String>,
    /// Name callers use (type `AKS`).
    pub cname: Option<String>,
    /// Whether it asks for an internal load balancer (type `AKS`).
    pub internal: bool,
    /// What Azure reports on it.
    pub errors: Vec<ReportedError>,
}

impl ComputeState {
    /// `workspace/name`.
    pub fn place(&self) -> String {
        format!("{}/{}", self.facts.workspace, self.facts.name)
    }

    /// What its state comes to.
    pub(super) fn stand(&self) -> Stand {
        states::provisioning(&self.facts.provisioning_state)
    }
}

/// An endpoint, a deployment, or a service of the classic route.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnsweringState {
    /// Its name; `endpoint/deployment` for a deployment.
    pub name: String,
    /// The compute it answers through, as `workspace/name`.
    pub compute: String,
    /// Whether it is a service of the classic route, whose states have words of their own.
    pub is_service: bool,
    /// State, as Azure says it.
    pub state: String,
    /// What Azure reports on it.
    pub errors: Vec<ReportedError>,
}

impl AnsweringState {
    /// What its state comes to.
    pub(super) fn stand(&self) -> Stand {
        if self.is_service {
            states::of_service(&self.state)
        } else {
            states::provisioning(&self.state.as_str().into())
        }
    }
}

/// The extension with what a diagnosis needs of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionState {
    /// The extension.
    pub facts: ExtensionFacts,
    /// What Azure reports on it.
    pub errors: Vec<ReportedError>,
    /// Minutes since its last change began, where Azure tells.
    pub minutes: Option<u32>,
}

impl ExtensionState {
    /// What its state comes to.
    pub(super) fn stand(&self) -> Stand {
        states::provisioning(&self.facts.provisioning_state)
    }

    /// Whether a setting is this, without regard to case.
    pub(super) fn has(&self, setting: &str, value: &str) -> bool {
        let found = self.facts.settings.get(setting);
        found.is_some_and(|found| found.eq_ignore_ascii_case(value))
    }
}

/// A front end that should be there, as it is seen from outside.
#[derive(Debug, Clone, PartialEq)]
pub struct FrontEndState {
    /// Whose it is.
    pub route: Route,
    /// Namespace it stands in.
    pub namespace: String,
    /// Name callers use.
    pub name: Option<String>,
    /// Whether that name is Azure's own, whose record Azure keeps.
    pub name_of_azure: bool,
    /// Whether it should speak TLS.
    pub tls: bool,
    /// Whether it should be behind an internal load balancer.
    pub internal: bool,
    /// Whether its owner says that it is installed.
    pub installed: bool,
    /// Addresses that the name leads to, as this computer sees it.
    pub addresses: Fact<Vec<String>>,
    /// The certificate in its secret; `None` when there is no such secret.
    pub secret: Fact<Option<CertificateFacts>>,
    /// What came of connecting to it.
    pub connection: Fact<Connection>,
}

/// What came of connecting to a front end.
#[derive(Debug, Clone, PartialEq)]
pub enum Connection {
    /// It did not take the connection: why.
    Silent(String),
    /// It took the connection; TLS is off.
    Plain,
    /// It took the connection, and the handshake failed: why.
    NoTls(String),
    /// It showed a certificate.
    Tls(Box<CertificateFacts>),
}

/// Everything that was asked for in vain, and every state that is not known.
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
    let said = all.into_iter().filter_map(|(what, why)| Some((what, why?)));
    let unknown = states::unknown(symptoms);
    let said = said.chain(unknown.iter().map(|state| ("state", state.as_str())));
    let mut list: Vec<Unread> = Vec::new();
    for (what, why) in said {
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
