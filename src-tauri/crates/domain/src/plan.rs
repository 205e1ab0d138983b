//! What will be done, as data: ordered steps, each with the very request it sends. Secrets appear as markers that are
//! replaced in memory, right before sending, and shown to people as dots.

pub mod describe;
mod make;
mod make_cluster;
pub(crate) mod providers;
mod timing;

pub use make::plan;

use crate::spec::{LoadBalancer, PairRef, Spec};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Tag that Berth writes on what it makes, with the plan's id: how a resumed run recognises its own work.
pub const PLAN_TAG: &str = "berth-plan";

/// An ordered list of steps that makes a specification true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Plan {
    /// Id, fixed when the plan is made; names and tags of what the run makes carry it.
    pub id: String,
    /// What it was made from.
    pub spec: Spec,
    /// The steps, in order.
    pub steps: Vec<PlanStep>,
    /// The certificate the run applies, where it applies one.
    pub pair: Option<PairRef>,
}

/// One resumable part of a plan: at most one request that changes something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PlanStep {
    /// Id within the plan (`create_cluster`).
    pub id: String,
    /// What it does.
    pub kind: StepKind,
    /// The request that changes something, where there is one.
    pub request: Option<PlannedRequest>,
    /// How long it usually takes.
    pub usual: UsualTime,
    /// What costs money from then on.
    pub costs: Vec<Note>,
    /// What it interrupts.
    pub interrupts: Vec<Note>,
    /// How it is undone.
    pub undo: Note,
}

/// Kinds of step: a closed list, so that a journal can be read back and a `match` shows them all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum StepKind {
    /// Makes the certificate the specification describes, into the vault.
    MakeCertificate {
        /// Name it is for.
        cname: String,
    },
    /// Registers a resource provider and waits until it is.
    RegisterProvider {
        /// `Microsoft.KubernetesConfiguration`.
        namespace: String,
        /// Resource id of the provider in the subscription.
        resource_id: String,
    },
    /// Makes the resource group.
    EnsureResourceGroup {
        /// Its resource id.
        resource_id: String,
    },
    /// Makes the AKS cluster.
    CreateCluster {
        /// Its resource id.
        resource_id: String,
    },
    /// Makes the namespace of the compute inside the cluster, where it is not there.
    EnsureNamespace {
        /// The cluster.
        cluster_id: String,
        /// The namespace.
        namespace: String,
    },
    /// Installs extension `Microsoft.AzureML.Kubernetes`.
    InstallExtension {
        /// Resource id of the extension.
        resource_id: String,
    },
    /// Attaches the cluster to the workspace.
    AttachCompute {
        /// Resource id of the compute.
        resource_id: String,
        /// `Kubernetes` or `AKS`.
        compute_type: String,
    },
    /// Lets Azure ML make cluster and compute in one (legacy).
    CreateThroughAml {
        /// Resource id of the compute.
        resource_id: String,
    },
    /// Looks from outside whether it works. Reads only.
    Prove {
        /// The cluster; `None` when only the compute will tell it (made by Azure ML).
        cluster_id: Option<String>,
        /// The compute.
        compute_id: String,
        /// Namespace of the scoring front end's service: `azureml` (extension) or `default` (classic).
        namespace: String,
        /// Public or internal, as chosen.
        load_balancer: LoadBalancer,
        /// Name callers use, where it is known beforehand.
        cname: Option<String>,
        /// Whether TLS is on.
        tls: bool,
    },
}

impl StepKind {
    /// Values for the step's title: its text members, and the last part of its resource id as `name`.
    pub fn params(&self) -> BTreeMap<String, String> {
        let value = serde_json::to_value(self).unwrap_or_default();
        let members = value.as_object().into_iter().flatten();
        let mut params: BTreeMap<String, String> = members
            .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect();
        let id = params
            .get("resourceId")
            .or_else(|| params.get("computeId"))
            .cloned()
            .unwrap_or_default();
        params.insert(
            "name".to_owned(),
            id.rsplit('/').next().unwrap_or_default().to_owned(),
        );
        params
    }

    /// The Azure resource the step makes or changes, where it is one.
    pub fn resource_id(&self) -> Option<&str> {
        match self {
            Self::RegisterProvider { resource_id, .. }
            | Self::EnsureResourceGroup { resource_id }
            | Self::CreateCluster { resource_id }
            | Self::InstallExtension { resource_id }
            | Self::AttachCompute { resource_id, .. }
            | Self::CreateThroughAml { resource_id } => Some(resource_id),
            Self::MakeCertificate { .. } | Self::EnsureNamespace { .. } | Self::Prove { .. } => None,
        }
    }
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A choice that a request needs has not been made; the path names it.
    #[error("{0} has not been chosen")]
    Missing(&'static str),
    /// Two choices that no request can carry together; the paths name them.
    #[error("{0} and {1} cannot go together")]
    Contradiction(&'static str, &'static str),
}

/// A request as it will be sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PlannedRequest {
    /// `PUT`, `POST`, …
    pub method: String,
    /// Path and query from the cloud's ARM address on, api-version included. For requests to a cluster's own API: its path.
    pub path: String,
    /// Body; secrets are markers (see [`SecretPart`]).
    #[ts(type = "unknown")]
    pub body: Option<serde_json::Value>,
}

/// How long something usually takes, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct UsualTime {
    /// Rather quick.
    pub from_seconds: u32,
    /// Rather slow; beyond it the run says "slower than usual", not "failed".
    pub to_seconds: u32,
}

/// A catalogue key with its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Note {
    /// Key of the words in the catalogue `plan`.
    pub code: String,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
}

/// The four forms in which a certificate or key goes into a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretPart {
    /// Certificate chain, PEM text (classic).
    CertificatePem,
    /// Key, PEM text (classic).
    KeyPem,
    /// Certificate chain, base64 of the PEM bytes (extension).
    CertificateBase64,
    /// Key, base64 of the PEM bytes (extension).
    KeyBase64,
}

impl SecretPart {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::CertificatePem,
        Self::KeyPem,
        Self::CertificateBase64,
        Self::KeyBase64,
    ];

    /// What stands in a body for it.
    pub const fn marker(self) -> &'static str {
        match self {
            Self::CertificatePem => "{{secret:certificate_pem}}",
            Self::KeyPem => "{{secret:key_pem}}",
            Self::CertificateBase64 => "{{secret:certificate_base64}}",
            Self::KeyBase64 => "{{secret:key_base64}}",
        }
    }
}
