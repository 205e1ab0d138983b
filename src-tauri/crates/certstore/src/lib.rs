//! Certificates Berth keeps: imported from files or Key Vaults, made here, requested elsewhere, ordered from an ACME
//! authority, and exported again.
//!
//! Certificate and key are one entry of the keychain. A note beside it, in Berth's folder, says where the pair came
//! from and what its certificate looked like; no note holds a secret. Start at [`CertificateStore`].

mod acme_accounts;
mod files;
mod import;
mod names;
mod notes;
mod orders;
mod pairs;
mod requests;

pub use acme_accounts::AcmeAccount;
pub use files::replace_public_file;
pub use import::{Contents, FileCheck, check_files, open_contents};
pub use names::check as check_name;
pub use notes::Note;
pub use orders::authority_terms;

use berth_home::{Home, Secrets};
use berth_vault::Vault;

/// The certificates and keys of one Berth folder: pairs in use, certificate requests whose keys wait for an answer, and
/// orders with ACME authorities. Secrets are in the keychain; the folder holds only notes about them.
///
/// In a program that ends after one command, methods that create a secret fail with `VaultUnavailable` before they
/// create anything if there is no keychain to store it in.
///
/// ```
/// use berth_certstore::CertificateStore;
/// use berth_contract::model::CertificateOrder;
/// use berth_domain::spec::Recipe;
/// use berth_home::{Home, Lifetime, Secrets};
/// use berth_vault::Vault;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), berth_contract::failure::Failure> {
/// let folder = tempfile::tempdir().unwrap();
/// let secrets = Secrets::new(Home::at(folder.path()), Vault::memory(), Lifetime::Window);
/// let store = CertificateStore::new(secrets);
/// let order = CertificateOrder { cname: "ml.contoso.com".to_owned(), recipe: Recipe::default() };
/// let made = store.make(&order).await?;
/// let exported = store.export(&made.pair, "ml.contoso.com", folder.path()).await?;
/// assert!(exported.iter().all(|path| path.exists()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct CertificateStore {
    secrets: Secrets,
}

impl CertificateStore {
    /// Opens the store on a folder and its keychain. Reads nothing yet.
    pub fn new(secrets: Secrets) -> Self {
        Self { secrets }
    }

    /// The folder of its notes.
    pub fn home(&self) -> &Home {
        self.secrets.home()
    }

    fn vault(&self) -> &Vault {
        self.secrets.vault()
    }
}

#[cfg(test)]
mod testing {
    use super::CertificateStore;
    use berth_home::{Home, Lifetime, Secrets};
    use berth_vault::Vault;
    use tempfile::TempDir;

    pub(crate) fn store() -> (TempDir, CertificateStore) {
        let folder = tempfile::tempdir().unwrap();
        let secrets = Secrets::new(Home::at(folder.path()), Vault::memory(), Lifetime::Window);
        (folder, CertificateStore::new(secrets))
    }
}
