//! Notes about the pairs in the keychain, which cannot list its entries. A note holds nothing secret.

use crate::CertificateStore;
use berth_contract::failure::Failure;
use berth_domain::certificate::CertificateFacts;
use berth_domain::inventory::Origin;
use berth_home::entries::Entries;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A note about a pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    /// Id of the pair in the keychain.
    pub id: String,
    /// Where the pair came from.
    pub origin: Origin,
    /// When it was written, RFC 3339.
    pub kept_at: String,
    /// The certificate as it was then.
    pub certificate: CertificateFacts,
}

impl CertificateStore {
    pub(crate) fn write_note(
        &self,
        id: &str,
        origin: Origin,
        certificate: &CertificateFacts,
    ) -> Result<(), Failure> {
        let note = Note {
            id: id.to_owned(),
            origin,
            kept_at: Timestamp::now().to_string(),
            certificate: certificate.clone(),
        };
        self.notes().put(id, &note)
    }

    /// Returns all readable notes, and a failure for each of the others. A pair whose note cannot be read may still be
    /// found through the run or draft that uses it.
    pub fn list_notes(&self) -> (Vec<Note>, Vec<Failure>) {
        self.notes().each()
    }

    pub(crate) fn remove_note(&self, id: &str) -> Result<(), Failure> {
        self.notes().remove(id)
    }

    fn notes(&self) -> Entries<Note> {
        Entries::of(self.home().certificate_notes())
    }
}
