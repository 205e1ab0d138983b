//! The certificate inventory, by endpoint: where each certificate was found, whether the places agree, when renewal is due
//! and how to renew. Plain data and arithmetic; reading happens elsewhere.

mod judge;

pub use judge::{SOON_DAYS, URGENT_DAYS, aged, agreement_of, due_of, renew_at, renewal_of, sort};

use crate::certificate::CertificateFacts;
use crate::resource_id::last_segment;
use crate::spec::Route;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Certificates of a subscription at one point in time. Contains no secrets and is saved, so it can be shown offline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Inventory {
    /// Time of reading, RFC 3339.
    pub read_at: String,
    pub subscription_id: String,
    /// One entry per front end, soonest expiry first.
    pub endpoints: Vec<EndpointCertificates>,
    /// Certificates with their keys in the vault, soonest expiry first.
    pub kept: Vec<KeptCertificate>,
    /// Lists that could not be read at all, each with the reason.
    pub problems: Vec<String>,
}

/// The certificates of one scoring address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct EndpointCertificates {
    pub compute_id: String,
    /// Ids of other computes behind the same front end (extension route).
    pub also: Vec<String>,
    pub cluster_id: String,
    pub route: Route,
    /// Where TLS comes from.
    pub tls: TlsKind,
    /// DNS name that clients use; `None` if there is none or it is unknown.
    pub name: Option<String>,
    /// DNS label of a Microsoft-managed certificate.
    pub label: Option<String>,
    /// IP address of the front end.
    pub address: Option<String>,
    /// What was found in each place.
    pub places: Vec<PlaceSeen>,
    /// Whether the places have the same certificate.
    pub agreement: Agreement,
    /// Urgency of renewing the certificate in force.
    pub due: Due,
    /// Recommended time of renewal, RFC 3339; see [`renew_at`].
    pub renew_at: Option<String>,
    /// How to renew the certificate in force.
    pub renewal: Renewal,
}

impl EndpointCertificates {
    /// The certificate in force: the one presented, otherwise the one in the cluster, otherwise the one last applied.
    pub fn in_force(&self) -> Option<&CertificateFacts> {
        let at = |place: PlaceKind| {
            let found = self.places.iter().find(|seen| seen.place == place);
            found.and_then(|seen| seen.certificate.as_ref())
        };
        at(PlaceKind::Wire)
            .or_else(|| at(PlaceKind::Cluster))
            .or_else(|| at(PlaceKind::Applied))
    }

    /// Whether the certificate in force does not cover the name that clients use, so that they refuse it.
    pub fn has_wrong_name(&self) -> bool {
        self.tls != TlsKind::Off && self.in_force().is_some_and(|found| found.covers == Some(false))
    }

    pub fn compute(&self) -> &str {
        last_segment(&self.compute_id)
    }
}

/// Where the TLS of an endpoint comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum TlsKind {
    /// TLS is off.
    Off,
    /// A Microsoft-managed certificate under a DNS label.
    Microsoft,
    /// The user's own certificate.
    Own,
}

/// A place where an endpoint's certificate can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PlaceKind {
    /// Presented in a TLS handshake.
    Wire,
    /// In a Kubernetes secret: `azuremlfessl` (classic) or the extension's secret.
    Cluster,
    /// Last applied by Berth, read from the vault: Azure never returns a certificate it was given.
    Applied,
}

/// What was found in one place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PlaceSeen {
    pub place: PlaceKind,
    /// `None` if there is none or it could not be read.
    pub certificate: Option<CertificateFacts>,
    /// Why it could not be read; `None` if reading succeeded.
    pub why: Option<String>,
}

/// Whether the places have the same certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Agreement {
    /// Two or more places have the same certificate.
    Agree,
    /// Places have different certificates.
    Differ,
    /// Only one place has a certificate.
    Alone,
    /// No place has a certificate.
    None,
}

/// Urgency of renewing a certificate, in ascending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Due {
    /// The certificate or its expiry is unknown.
    Unknown,
    /// Renewal is not due yet.
    Fine,
    /// The recommended time of renewal has passed; see [`renew_at`].
    Renew,
    /// At most [`SOON_DAYS`] days left.
    Soon,
    /// At most [`URGENT_DAYS`] days left.
    Urgent,
    Expired,
}

/// How a certificate can be renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Renewal {
    /// Berth generates another self-signed certificate.
    SelfSigned,
    /// Berth issues another one from this computer's own certificate authority.
    LocalAuthority,
    /// Microsoft issues another one on request, under the same label.
    Microsoft,
    /// The user must supply, request or order another one.
    Bring,
    /// TLS is off, so there is nothing to renew.
    Nothing,
}

impl Renewal {
    /// Whether Berth can renew it without further input.
    pub fn by_itself(self) -> bool {
        matches!(self, Self::SelfSigned | Self::LocalAuthority)
    }
}

/// A certificate and key in the vault.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct KeptCertificate {
    /// Id in the vault.
    pub id: String,
    /// How it came into the vault.
    pub origin: Origin,
    /// When it was stored, RFC 3339; `None` if unknown.
    pub kept_at: Option<String>,
    /// `None` if the vault could not be read and nothing is known about the certificate.
    pub certificate: Option<CertificateFacts>,
    /// Why the vault could not be read.
    pub why: Option<String>,
    /// Ids of computes it was last applied to.
    pub used_by: Vec<String>,
    /// Whether the set-up draft uses it.
    pub in_draft: bool,
    /// Urgency of renewing it.
    pub due: Due,
}

/// How a certificate and key came into the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Origin {
    /// Imported from files or the clipboard.
    Taken,
    /// Generated by Berth.
    Made,
    /// Issued for a certificate request.
    Requested,
    /// Ordered from an ACME authority.
    Ordered,
    /// Read from an Azure Key Vault.
    KeyVault {
        /// Identifier of the secret without its version, so that the newest version can be read again.
        secret: String,
    },
    /// Backed up from a cluster before a change.
    Cluster,
    /// Not recorded.
    Unknown,
}
