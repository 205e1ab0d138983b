//! The one folder Berth keeps everything in, and the places inside it.

use std::path::{Path, PathBuf};

/// Berth's folder.
#[derive(Debug, Clone)]
pub struct Home {
    root: PathBuf,
}

impl Home {
    /// The folder named by the environment variable `BERTH_HOME`, else the platform's own place for application data.
    /// `None` when the platform names no place (no home directory).
    pub fn find() -> Option<Self> {
        let named = std::env::var_os("BERTH_HOME")
            .filter(|value| !value.is_empty())
            .map(PathBuf::from);
        let root = named.or_else(|| {
            directories::ProjectDirs::from("app", "", "Berth").map(|dirs| dirs.data_local_dir().to_owned())
        })?;
        Some(Self { root })
    }

    /// A folder given outright.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder itself; runs are below it.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Accounts a person added. No secret is in it.
    pub fn accounts(&self) -> PathBuf {
        self.root.join("accounts.json")
    }

    /// Settings.
    pub fn settings(&self) -> PathBuf {
        self.root.join("settings.json")
    }

    /// The wizard's draft.
    pub fn draft(&self) -> PathBuf {
        self.root.join("draft.json")
    }

    /// Requests for certificates whose keys wait in the vault.
    pub fn requests(&self) -> PathBuf {
        self.root.join("certificate-requests.json")
    }

    /// Orders at authorities that speak ACME.
    pub fn acme_orders(&self) -> PathBuf {
        self.root.join("acme-orders.json")
    }

    /// What was noted about the pairs in the vault, a file each.
    pub fn kept_certificates(&self) -> PathBuf {
        self.root.join("certificates")
    }

    /// What was last seen of a subscription's certificates.
    pub fn inventory(&self, subscription_id: &str) -> PathBuf {
        let plain = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '-';
        let name: String = subscription_id.chars().filter(plain).collect();
        self.inventories().join(format!("{name}.json"))
    }

    /// Where those are.
    pub fn inventories(&self) -> PathBuf {
        self.root.join("inventories")
    }

    /// Reminders that were told.
    pub fn reminders(&self) -> PathBuf {
        self.root.join("reminders.json")
    }

    /// State of the sandbox inside the program.
    pub fn sandbox(&self) -> PathBuf {
        self.root.join("sandbox")
    }

    /// Log files.
    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// Namespace of this folder's entries in the keychain: two folders never share a secret.
    pub fn vault_namespace(&self) -> String {
        let place = std::path::absolute(&self.root).unwrap_or_else(|_| self.root.clone());
        format!("Berth {}", place.display())
    }
}
