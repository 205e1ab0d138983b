//! The one folder Berth keeps everything in, and the places inside it.

use crate::json_file::file_problem;
use berth_contract::failure::Failure;
use std::path::{Path, PathBuf};

/// What Berth keeps in its folder, and what earlier versions kept there.
const OURS: [&str; 17] = [
    "accounts",
    "accounts.json",
    "acme-accounts",
    "acme-orders",
    "acme-orders.json",
    "certificate-requests",
    "certificate-requests.json",
    "certificates",
    "draft.json",
    "forgotten",
    "inventories",
    "logs",
    "reminders",
    "reminders.json",
    "runs",
    "sandbox",
    "settings.json",
];

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

    /// Makes the folder, or takes the one that is there, for this user alone; and takes from others what earlier versions
    /// left open in it.
    ///
    /// # Errors
    /// `FileProblem` when it cannot be used: also when it belongs to another user or is shared by all of them.
    pub fn prepare(&self) -> Result<(), Failure> {
        berth_files::own_folder(&self.root).map_err(|error| file_problem(&self.root, &error))?;
        // By name: the folder may have been given, and what else is in it is not ours.
        for name in OURS {
            for error in berth_files::tighten(&self.root.join(name)) {
                tracing::warn!(%error, name, "others can still read this");
            }
        }
        Ok(())
    }

    /// The folder itself; runs are below it.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Shortens the path in a failure to its place in this folder.
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

    /// Accounts a person added, a file each. No secret is in it.
    pub fn accounts(&self) -> PathBuf {
        self.root.join("accounts")
    }

    /// Settings.
    pub fn settings(&self) -> PathBuf {
        self.root.join("settings.json")
    }

    /// The wizard's draft.
    pub fn draft(&self) -> PathBuf {
        self.root.join("draft.json")
    }

    /// Requests for certificates whose keys wait in the vault, a file each.
    pub fn requests(&self) -> PathBuf {
        self.root.join("certificate-requests")
    }

    /// Orders at authorities that speak ACME, a file each.
    pub fn acme_orders(&self) -> PathBuf {
        self.root.join("acme-orders")
    }

    /// Authorities that there is an ACME account with, a file each.
    pub fn acme_accounts(&self) -> PathBuf {
        self.root.join("acme-accounts")
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

    /// Reminders that were told, a file each.
    pub fn reminders(&self) -> PathBuf {
        self.root.join("reminders")
    }

    /// Secrets that were given up and may still be in the keychain, a file each.
    pub fn forgotten(&self) -> PathBuf {
        self.root.join("forgotten")
    }

    /// State of the sandbox inside the program.
    pub fn sandbox(&self) -> PathBuf {
        self.root.join("sandbox")
    }

    /// Log files.
    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// File by which programs take turns at the keychain.
    pub fn vault_turns(&self) -> PathBuf {
        self.root.join("keychain.lock")
    }

    /// Namespace of this folder's entries in the keychain: two folders never share a secret.
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
    fn what_an_earlier_version_left_open_is_closed_at_the_start() {
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
