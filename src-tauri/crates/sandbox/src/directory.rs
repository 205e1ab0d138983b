//! Who may sign in: the tenant, its service principals, its people, the applications they use.

use crate::entra::people::{Person, PublicApplication};
use serde::{Deserialize, Serialize};

/// The directory: who may sign in.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Directory {
    /// Tenant id.
    pub(crate) tenant_id: String,
    /// Tenant name.
    pub(crate) display_name: String,
    /// Tenant domain.
    pub(crate) domain: String,
    /// Service principals.
    pub(crate) clients: Vec<Client>,
    /// People.
    #[serde(default)]
    pub(crate) people: Vec<Person>,
    /// Applications without a secret, that people sign in to.
    #[serde(default)]
    pub(crate) applications: Vec<PublicApplication>,
    /// Tokens of an older generation count as expired.
    #[serde(default)]
    pub(crate) token_generation: u64,
}

/// A service principal that can sign in with a secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Client {
    /// Application (client) id.
    pub(crate) client_id: String,
    /// Object id of the service principal.
    pub(crate) object_id: String,
    /// Name of the application.
    pub(crate) display_name: String,
    /// Its secret: made at first start, known from the ready file only.
    pub(crate) secret: String,
}

impl Directory {
    /// Name of an application by its client id.
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

    /// A person by object id.
    pub(crate) fn person(&self, object_id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.object_id == object_id)
    }
}
