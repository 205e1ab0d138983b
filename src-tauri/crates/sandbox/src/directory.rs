//! The directory: the tenant, its service principals, its users and the applications they use.

use crate::entra::people::{Person, PublicApplication};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Directory {
    pub(crate) tenant_id: String,
    pub(crate) display_name: String,
    pub(crate) domain: String,
    pub(crate) clients: Vec<Client>,
    #[serde(default)]
    pub(crate) people: Vec<Person>,
    /// Applications without a secret, which people sign in to.
    #[serde(default)]
    pub(crate) applications: Vec<PublicApplication>,
    /// Tokens of an older generation count as expired.
    #[serde(default)]
    pub(crate) token_generation: u64,
}

/// A service principal that signs in with a secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Client {
    /// Application (client) id.
    pub(crate) client_id: String,
    /// Object id of the service principal.
    pub(crate) object_id: String,
    pub(crate) display_name: String,
    /// Generated at first start; only the ready file contains it.
    pub(crate) secret: String,
}

impl Directory {
    pub(crate) fn application(&self, client_id: &str) -> Option<String> {
        let public = self
            .applications
            .iter()
            .find(|found| found.client_id.eq_ignore_ascii_case(client_id));
        let secret = || {
            self.clients
                .iter()
                .find(|found| found.client_id.eq_ignore_ascii_case(client_id))
        };
        public
            .map(|found| found.display_name.clone())
            .or_else(|| secret().map(|found| found.display_name.clone()))
    }

    pub(crate) fn person(&self, object_id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.object_id == object_id)
    }
}
