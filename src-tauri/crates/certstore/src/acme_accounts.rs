//! Accounts with ACME authorities, registered on first use. Their keys are in the keychain; a note names each
//! authority.

use crate::CertificateStore;
use crate::orders::{not_found, refused};
use berth_acme::{Account, Directory};
use berth_contract::failure::Failure;
use berth_failures::{from_acme, from_vault};
use berth_home::entries::{Entries, id_of_name};
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};

/// An account with an authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AcmeAccount {
    /// Address of the authority's directory.
    pub directory: String,
    /// When it was registered, RFC 3339.
    pub made_at: String,
}

impl CertificateStore {
    /// Returns the account with an authority, registering it on first use.
    pub(crate) async fn acme_account(
        &self,
        directory: &Directory,
        mail: Option<&str>,
    ) -> Result<Account, Failure> {
        let entry = entry(directory.url.as_str());
        let stored = self.vault().get(&entry).await;
        if let Some(stored) = stored.map_err(|error| from_vault(&error))? {
            self.note_account(directory.url.as_str())?;
            let opened = Account::open(directory, &stored).await;
            return opened.map_err(|error| from_acme(&error));
        }
        let registered = Account::register(directory, mail).await;
        let (account, credentials) = registered.map_err(|error| from_acme(&error))?;
        self.note_account(directory.url.as_str())?;
        self.secrets.cancel_deletion(&entry)?;
        let first = self.vault().put_first(&entry, &credentials).await;
        let first = first.map_err(|error| from_vault(&error))?;
        if first.expose_secret() == credentials.expose_secret() {
            return Ok(account);
        }
        // Another program registered one in the meantime: the orders of both must belong to the same account.
        let opened = Account::open(directory, &first).await;
        opened.map_err(|error| from_acme(&error))
    }

    /// Lists the authorities Berth has an account with.
    ///
    /// # Errors
    /// `FileProblem`, `CorruptState`.
    pub fn acme_accounts(&self) -> Result<Vec<AcmeAccount>, Failure> {
        let mut all = self.accounts().all()?;
        all.sort_by(|one, other| one.directory.cmp(&other.directory));
        Ok(all)
    }

    /// Deletes the key of the account with an authority. The authority keeps the account, which nobody can use any
    /// more.
    ///
    /// # Errors
    /// `NotFound`; `BadInput` while an order needs it; `VaultUnavailable`, `FileProblem`.
    pub async fn remove_acme_account(&self, directory: &str) -> Result<(), Failure> {
        self.secrets.require_persistence().await?;
        let id = id_of_name(directory);
        if self.accounts().get(&id)?.is_none() {
            return Err(not_found("ACME account"));
        }
        let orders = self.orders()?;
        if let Some(order) = orders.iter().find(|order| order.directory == directory) {
            let why = format!("order {} needs its account", order.id);
            return Err(refused("directory", &why));
        }
        self.secrets.delete(&entry(directory)).await?;
        self.accounts().remove(&id)
    }

    fn note_account(&self, directory: &str) -> Result<(), Failure> {
        let note = AcmeAccount {
            directory: directory.to_owned(),
            made_at: Timestamp::now().to_string(),
        };
        self.accounts().add(&id_of_name(directory), &note).map(drop)
    }

    fn accounts(&self) -> Entries<AcmeAccount> {
        Entries::of(self.home().acme_accounts())
    }
}

fn entry(directory: &str) -> String {
    format!("acme-account/{directory}")
}
