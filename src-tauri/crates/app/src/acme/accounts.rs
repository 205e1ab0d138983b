//! Accounts with authorities, made at their first use. Their keys are in the vault; a note of each says which there are.

use super::{not_found, orders, refused};
use crate::entries::{Entries, id_of_name};
use crate::forgotten;
use crate::home::Home;
use berth_acme::{Account, Directory};
use berth_contract::failure::Failure;
use berth_failures::{from_acme, from_vault};
use berth_vault::Vault;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};

/// Note of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AcmeAccount {
    /// Address of the authority's directory.
    pub directory: String,
    /// When it was made, RFC 3339.
    pub made_at: String,
}

/// The account with an authority, made at its first use.
pub(super) async fn open(
    home: &Home,
    vault: &Vault,
    directory: &Directory,
    mail: Option<&str>,
) -> Result<Account, Failure> {
    let entry = entry(directory.url.as_str());
    let stored = vault.get(&entry).await.map_err(|error| from_vault(&error))?;
    if let Some(stored) = stored {
        note(home, directory.url.as_str())?;
        return Account::open(directory, &stored)
            .await
            .map_err(|error| from_acme(&error));
    }
    let made = Account::register(directory, mail).await;
    let (account, credentials) = made.map_err(|error| from_acme(&error))?;
    note(home, directory.url.as_str())?;
    forgotten::recall(home, &entry)?;
    let first = vault.put_first(&entry, &credentials).await;
    let first = first.map_err(|error| from_vault(&error))?;
    if first.expose_secret() == credentials.expose_secret() {
        return Ok(account);
    }
    // Another program made one meanwhile: orders of both have to belong to the same.
    let opened = Account::open(directory, &first).await;
    opened.map_err(|error| from_acme(&error))
}

/// Accounts there are, by address.
pub(crate) fn list(home: &Home) -> Result<Vec<AcmeAccount>, Failure> {
    let mut all = notes(home).all()?;
    all.sort_by(|one, other| one.directory.cmp(&other.directory));
    Ok(all)
}

/// Removes the key of an account, then its note.
///
/// # Errors
/// `NotFound`; `BadInput` while an order needs it; `VaultUnavailable`, `FileProblem`.
pub(crate) async fn remove(home: &Home, vault: &Vault, directory: &str) -> Result<(), Failure> {
    let id = id_of_name(directory);
    if notes(home).get(&id)?.is_none() {
        return Err(not_found("ACME account"));
    }
    let orders = orders(home)?.all()?;
    if let Some(order) = orders.iter().find(|order| order.directory == directory) {
        return Err(refused(
            "directory",
            &format!("order {} needs its account", order.id),
        ));
    }
    forgotten::delete(home, vault, &entry(directory)).await?;
    notes(home).remove(&id)
}

fn note(home: &Home, directory: &str) -> Result<(), Failure> {
    let note = AcmeAccount {
        directory: directory.to_owned(),
        made_at: Timestamp::now().to_string(),
    };
    notes(home).add(&id_of_name(directory), &note).map(drop)
}

fn notes(home: &Home) -> Entries<AcmeAccount> {
    Entries::of(home.acme_accounts())
}

fn entry(directory: &str) -> String {
    format!("acme-account/{directory}")
}
