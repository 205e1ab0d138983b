//! Contents of blobs: immutable, named by their digest, in memory and in files beside the state.

use super::Storage;
use crate::store::{Readers, private_folder, write};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Bytes with their SHA-256. A saved state has only the digest and the size.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Content {
    digest: String,
    size: u64,
    #[serde(skip)]
    bytes: Bytes,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Content({}, {} bytes)", self.digest, self.size)
    }
}

impl Content {
    pub(crate) fn new(bytes: Bytes) -> Self {
        let digest = Sha256::digest(&bytes);
        Self {
            digest: hex(&digest),
            size: bytes.len() as u64,
            bytes,
        }
    }

    /// A content that claims a size.
    #[cfg(test)]
    pub(super) fn claiming(size: u64) -> Self {
        Self {
            size,
            ..Self::new(Bytes::new())
        }
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The folder with one file for each content. Each file is readable by its owner only.
#[derive(Debug)]
pub(crate) struct ContentFiles {
    folder: PathBuf,
    /// Digests of the files that exist.
    there: BTreeSet<String>,
}

impl ContentFiles {
    /// Opens the folder below a state folder; reads which files exist.
    pub(crate) fn open(state_folder: &Path) -> std::io::Result<Self> {
        let folder = state_folder.join("blobs");
        private_folder(&folder)?;
        let mut there = BTreeSet::new();
        for entry in std::fs::read_dir(&folder)? {
            if let Ok(name) = entry?.file_name().into_string() {
                there.insert(name);
            }
        }
        Ok(Self { folder, there })
    }

    /// Reads the contents of a restored state. One whose file is missing or altered stays empty.
    pub(crate) fn fill(&self, storage: &mut Storage) {
        for content in storage.contents_mut() {
            let read =
                std::fs::read(self.folder.join(&content.digest)).map(|bytes| Content::new(bytes.into()));
            match read {
                Ok(read) if read.digest == content.digest => content.bytes = read.bytes,
                _ => {
                    tracing::warn!(digest = content.digest, "the content of a blob is missing");
                    *content = Content::new(Bytes::new());
                }
            }
        }
    }

    /// Writes the contents that have no file yet.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub(crate) fn add_missing(&mut self, storage: &Storage) -> Result<(), crate::error::SandboxError> {
        for content in storage.contents() {
            if !self.there.contains(&content.digest) {
                let path = self.folder.join(&content.digest);
                write(&path, &content.bytes, Readers::Owner)?;
                self.there.insert(content.digest.clone());
            }
        }
        Ok(())
    }

    /// Deletes the files that no content uses any more.
    pub(crate) fn remove_unused(&mut self, storage: &Storage) {
        let used: BTreeSet<&str> = storage
            .contents()
            .map(|content| content.digest.as_str())
            .collect();
        let folder = &self.folder;
        self.there.retain(|digest| {
            let keep = used.contains(digest.as_str());
            if !keep {
                let _ = std::fs::remove_file(folder.join(digest));
            }
            keep
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_survive_in_files_and_unused_files_go() {
        let folder = tempfile::tempdir().unwrap();
        let mut storage = Storage::default();
        let account = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/sta";
        storage.ensure_account(account, "westeurope");
        storage.ensure_container("sta", "c", jiff::Timestamp::UNIX_EPOCH);
        let container = storage.container_mut("sta", "c").unwrap();
        let block = super::super::Block {
            id: String::new(),
            content: Content::new(Bytes::from_static(b"abc")),
        };
        container.uncommitted.insert("x".to_string(), vec![block]);
        let mut files = ContentFiles::open(folder.path()).unwrap();
        files.add_missing(&storage).unwrap();
        let saved = serde_json::to_value(&storage).unwrap();
        assert!(!saved.to_string().contains("abc"), "{saved}");
        let mut restored: Storage = serde_json::from_value(saved).unwrap();
        ContentFiles::open(folder.path()).unwrap().fill(&mut restored);
        assert_eq!(restored.contents().next().unwrap().bytes(), "abc");
        files.remove_unused(&Storage::default());
        ContentFiles::open(folder.path()).unwrap().fill(&mut restored);
        assert_eq!(restored.size(), 0, "a missing file must not stop the sandbox");
    }
}
