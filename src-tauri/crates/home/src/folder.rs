//! The folder Berth stores everything in, and the paths inside it.

use crate::json_file::file_problem;
use berth_contract::failure::Failure;
use std::path::{Path, PathBuf};

/// Entries that this or an earlier version of Berth creates in its folder.
const OURS: [&str; 20] = [
    "accounts",
    "accounts.json",
    "acme-accounts",
    "acme-orders",
    "acme-orders.json",
    "certificate-requests",
    "certificate-requests.json",
    "certificates",
    "deploy-draft.json",
    "draft.json",
    "endpoints",
    "forgotten",
    "inventories",
    "logs",
    "reminders",
    "reminders.json",
    "runs",
    "samples",
    "sandbox",
    "settings.json",
];

/// Berth's folder.
#[derive(Debug, Clone)]
pub struct Home {
    root: PathBuf,
}

impl Home {
    /// Returns the folder named by the environment variable `BERTH_HOME`, else the platform's folder for application
    /// data. `None` if the platform has no such folder (no home directory).
    pub fn find() -> Option<Self> {
        let named = std::env::var_os("BERTH_HOME")
            .filter(|value| !value.is_empty())
            .map(PathBuf::from);
        let root = named.or_else(|| {
            directories::ProjectDirs::from("app", "", "Berth").map(|dirs| dirs.data_local_dir().to_owned())
        })?;
        Some(Self { root })
    }

    /// Uses the given folder.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Creates the folder if needed and makes it private to this user, together with Berth's files in it that an
    /// earlier version left readable by others.
    ///
    /// # Errors
    /// `FileProblem` if it cannot be used, belongs to another user, or is shared by all users.
    pub fn prepare(&self) -> Result<(), Failure> {
        berth_files::own_folder(&self.root).map_err(|error| file_problem(&self.root, &error))?;
        // Only our own entries: a folder chosen by the person may contain other files.
        for name in OURS {
            for error in berth_files::tighten(&self.root.join(name)) {
                tracing::warn!(%error, name, "other users can still read this");
            }
        }
        Ok(())
    }

    /// Returns the folder itself; runs are stored below it.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Makes the path in a failure relative to this folder.
    #[must_use]
    pub fn relative(&self, mut failure: Failure) -> Failure {
        if let Some(path) = failure.params.get_mut("path") {
            let below = Path::new(path.as_str()).strip_prefix(&self.root);
            if let Ok(below) = below.map(|below| below.display().to_string()) {
                *path = below;
            }
        }
        failure
    }

    /// Accounts the person added, one file each, without secrets.
    pub fn accounts(&self) -> PathBuf {
        self.root.join("accounts")
    }

    /// File of the person's settings.
    pub fn settings(&self) -> PathBuf {
        self.root.join("settings.json")
    }

    /// File of the wizard's draft.
    pub fn draft(&self) -> PathBuf {
        self.root.join("draft.json")
    }

    /// File of the Deploy wizard's draft.
    pub fn deploy_draft(&self) -> PathBuf {
        self.root.join("deploy-draft.json")
    }

    /// Requests that the person saved, one file for each endpoint.
    pub fn samples(&self) -> PathBuf {
        self.root.join("samples")
    }

    /// Certificate requests, one file each. Their keys are in the keychain.
    pub fn requests(&self) -> PathBuf {
        self.root.join("certificate-requests")
    }

    /// Orders with ACME authorities, one file each.
    pub fn acme_orders(&self) -> PathBuf {
        self.root.join("acme-orders")
    }

    /// Accounts with ACME authorities, one file each.
    pub fn acme_accounts(&self) -> PathBuf {
        self.root.join("acme-accounts")
    }

    /// Notes about the pairs in the keychain, one file each.
    pub fn certificate_notes(&self) -> PathBuf {
        self.root.join("certificates")
    }

    /// Last inventory of a subscription's certificates.
    pub fn inventory(&self, subscription_id: &str) -> PathBuf {
        let plain = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '-';
        let name: String = subscription_id.chars().filter(plain).collect();
        self.inventories().join(format!("{name}.json"))
    }

    /// Folder of all inventories.
    pub fn inventories(&self) -> PathBuf {
        self.root.join("inventories")
    }

    /// Last list of endpoints, one file for each account and tenant.
    pub fn endpoints(&self) -> PathBuf {
        self.root.join("endpoints")
    }

    /// Reminders already shown, one file each.
    pub fn reminders(&self) -> PathBuf {
        self.root.join("reminders")
    }

    /// Secrets to delete once the keychain can be used again, one file each.
    pub fn pending_deletions(&self) -> PathBuf {
        self.root.join("forgotten")
    }

    /// State of the embedded sandbox.
    pub fn sandbox(&self) -> PathBuf {
        self.root.join("sandbox")
    }

    /// Log files.
    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// Lock file that serializes access to the keychain between processes.
    pub fn vault_turns(&self) -> PathBuf {
        self.root.join("keychain.lock")
    }

    /// Namespace of this folder's entries in the keychain, so that two folders never share a secret.
    pub fn vault_namespace(&self) -> String {
        let place = std::path::absolute(&self.root).unwrap_or_else(|_| self.root.clone());
        format!("Berth {}", place.display())
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn mode(path: &Path) -> u32 {
        let found = std::fs::metadata(path).map(|found| found.permissions().mode() & 0o777);
        found.unwrap_or_default()
    }

    #[test]
    fn files_that_others_can_read_are_made_private_at_start() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        let file = |name: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, "{}").unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
            path
        };
        let ours = OURS.map(|name| match name.ends_with(".json") {
            true => file(name),
            false => file(&format!("{name}/deep/state.json")),
        });
        let theirs = file("notes.txt");
        home.prepare().unwrap();
        for path in &ours {
            assert_eq!(mode(path), 0o600, "{}", path.display());
        }
        assert_eq!(mode(&folder.path().join("runs/deep")), 0o700);
        assert_eq!(mode(&theirs), 0o644);
    }
}
