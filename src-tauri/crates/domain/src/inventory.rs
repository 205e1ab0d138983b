//! Every certificate that can be seen, by the endpoint it serves: which places show the same one, what is due, and how it is
//! renewed. Plain data and arithmetic over it; reading is done elsewhere.

mod judge;

pub use judge::{SOON_DAYS, URGENT_DAYS, aged, agreement_of, due_of, renew_at, renewal_of, sort};

use crate::certificate::CertificateFacts;
use crate::spec::Route;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Certificates of a subscription as they were at one moment. It holds nothing secret and is kept, so that it can be shown
/// without a network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Inventory {
    /// When it was read, RFC 3339.
    pub read_at: String,
    /// Subscription it is about.
    pub subscription_id: String,
    /// One for each compute that serves, soonest due first.
    pub endpoints: Vec<EndpointCertificates>,
    /// Pairs in the vault, soonest end first.
    pub kept: Vec<KeptCertificate>,
    /// What could not be read as a whole, and why.
    pub problems: Vec<String>,
}

/// The certificates of one serving address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct EndpointCertificates {
    /// Resource id of the compute.
    pub compute_id: String,
    /// Other computes that are served by the same front end (extension route).
    pub also: Vec<String>,
    /// Resource id of the cluster.
    pub cluster_id: String,
    /// Route.
    pub route: Route,
    /// Where TLS comes from.
    pub tls: TlsKind,
    /// Name callers use; `None` where there is none, or where it is not told.
    pub name: Option<String>,
    /// Label of a certificate of Microsoft.
    pub label: Option<String>,
    /// Address of the front end.
    pub address: Option<String>,
    /// What each place shows.
    pub places: Vec<PlaceSeen>,
    /// Whether they show the same.
    pub agreement: Agreement,
    /// How urgent it is, by the certificate in force.
    pub due: Due,
    /// When two thirds of its life are over, RFC 3339.
    pub renew_at: Option<String>,
    /// How it can be renewed.
    pub renewal: Renewal,
}

impl EndpointCertificates {
    /// The certificate in force: the one on the wire, else the one in the cluster, else the one last applied.
    pub fn in_force(&self) -> Option<&CertificateFacts> {
        let at = |place: PlaceKind| {
            let found = self.places.iter().find(|seen| seen.place == place);
            found.and_then(|seen| seen.certificate.as_ref())
        };
        at(PlaceKind::Wire)
            .or_else(|| at(PlaceKind::Cluster))
            .or_else(|| at(PlaceKind::Applied))
    }

    /// Name of the compute.
    pub fn compute(&self) -> &str {
        self.compute_id.rsplit('/').next().unwrap_or_default()
    }
}

/// Where the TLS of an endpoint comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum TlsKind {
    /// There is none.
    Off,
    /// A certificate of Microsoft under a label.
    Microsoft,
    /// A certificate that somebody brought.
    Own,
}

/// A place where the certificate of an endpoint can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PlaceKind {
    /// Presented in a handshake.
    Wire,
    /// In the cluster: `azuremlfessl` (classic), or the secret of the extension.
    Cluster,
    /// What Berth applied to the compute or the extension last, as the vault has it: Azure hands out none.
    Applied,
}

/// What a place shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PlaceSeen {
    /// The place.
    pub place: PlaceKind,
    /// The certificate; `None` when there is none, or when it could not be seen.
    pub certificate: Option<CertificateFacts>,
    /// Why it could not be seen; `None` when the place was seen.
    pub why: Option<String>,
}

/// Whether the places show the same certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Agreement {
    /// Two places or more, and all the same.
    Agree,
    /// They show different ones.
    Differ,
    /// Only one place shows any.
    Alone,
    /// No place shows any.
    None,
}

/// How urgent a certificate is. Each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Due {
    /// Nothing is known about it.
    Unknown,
    /// Less than two thirds of its life are over.
    Fine,
    /// Two thirds of its life are over: time to renew.
    Renew,
    /// Fourteen days or less.
    Soon,
    /// Three days or less.
    Urgent,
    /// It has ended.
    Expired,
}

/// How a certificate can be renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Renewal {
    /// Berth makes another: it signs itself.
    SelfSigned,
    /// Berth makes another: the authority of this machine signed it.
    LocalAuthority,
    /// Microsoft makes another on request, under the same label.
    Microsoft,
    /// Another has to be brought, requested or ordered.
    Bring,
    /// There is no TLS.
    Nothing,
}

impl Renewal {
    /// Whether one click is enough.
    pub fn by_itself(self) -> bool {
        matches!(self, Self::SelfSigned | Self::LocalAuthority)
    }
}

/// A pair in the vault.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct KeptCertificate {
    /// Id in the vault.
    pub id: String,
    /// How it came there.
    pub origin: Origin,
    /// When, RFC 3339; `None` when it is not known.
    pub kept_at: Option<String>,
    /// The certificate; `None` when the vault did not give it and nothing was noted.
    pub certificate: Option<CertificateFacts>,
    /// Why the vault did not give it.
    pub why: Option<String>,
    /// Computes that it is, or was last, applied to.
    pub used_by: Vec<String>,
    /// The draft of the wizard has it.
    pub in_draft: bool,
    /// How urgent it is.
    pub due: Due,
}

/// How a pair came into the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Origin {
    /// Taken from files or from the clipboard.
    Taken,
    /// Made here.
    Made,
    /// The answer to a request.
    Requested,
    /// Ordered from an authority.
    Ordered,
    /// Read from an Azure Key Vault.
    KeyVault {
        /// Identifier of the secret, without its version: the newest is read again from there.
        secret: String,
    },
    /// Read from a cluster before a change.
    Cluster,
    /// Not noted.
    Unknown,
}
