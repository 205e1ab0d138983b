//! Azure Blob Storage: the accounts of the workspaces, with containers and block blobs
//! (learn.microsoft.com/rest/api/storageservices). Each account answers at `{account}.blob.localhost` and, where
//! that name cannot be resolved, at the path `/{account}` of the sandbox's address, as Azurite does.
//!
//! The contents are in memory, up to a limit, and beside the state in its folder. Not implemented: append and page
//! blobs, snapshots, versions, leases, tags, copies, tiers.

mod access;
pub(crate) mod accounts;
pub(crate) mod address;
mod blobs;
mod block_list;
mod conditions;
pub(crate) mod contents;
mod errors;
mod listing;
mod query;
pub(crate) mod sas;
mod server;
mod shared_key;
mod uploads;

pub(crate) use contents::Content;
pub(crate) use server::{body_limit, respond};

use crate::resource_id::{key, name_of};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Audience of its tokens (learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory).
pub(crate) const AUDIENCE: &str = "https://storage.azure.com";
/// The beginning of the `server` header of its answers.
pub(crate) const SERVER: &str = "Windows-Azure-Blob/1.0";
/// Largest sum of all contents, in bytes.
pub(crate) const LIMIT: u64 = 512 << 20;
/// Largest accepted body of one request, in bytes.
const BODY_LIMIT: usize = 100 << 20;
/// Blocks of one blob (learn.microsoft.com/azure/storage/blobs/scalability-targets).
const MOST_BLOCKS: usize = 50_000;

/// All accounts, by name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Storage {
    accounts: BTreeMap<String, Account>,
}

/// A storage account. Its keys are sealed in a saved state.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Account {
    /// Its id in Azure Resource Manager.
    pub(crate) id: String,
    pub(crate) location: String,
    /// Base64, like [`Self::key2`].
    pub(crate) key1: String,
    pub(crate) key2: String,
    /// `allowSharedKeyAccess`.
    pub(crate) keys_allowed: bool,
    containers: BTreeMap<String, Container>,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Container {
    etag: String,
    modified: Timestamp,
    blobs: BTreeMap<String, Blob>,
    /// Blocks that no list has committed, by the name of the blob; the last one of an id counts.
    uncommitted: BTreeMap<String, Vec<Block>>,
}

/// A committed block blob.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Blob {
    /// Its parts; one without id if it was sent in one request.
    blocks: Vec<Block>,
    /// Headers that are returned as they were sent, such as `content-type`.
    headers: BTreeMap<String, String>,
    metadata: BTreeMap<String, String>,
    etag: String,
    created: Timestamp,
    modified: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Block {
    /// As sent, in base64; empty for the content of a whole blob.
    id: String,
    content: Content,
}

impl Blob {
    pub(crate) fn size(&self) -> u64 {
        self.blocks.iter().map(|block| block.content.size()).sum()
    }

    /// The whole content.
    pub(crate) fn bytes(&self) -> bytes::Bytes {
        match self.blocks.as_slice() {
            [one] => one.content.bytes().clone(),
            many => {
                let parts: Vec<&[u8]> = many.iter().map(|block| block.content.bytes().as_ref()).collect();
                parts.concat().into()
            }
        }
    }
}

impl Container {
    fn new(modified: Timestamp) -> Self {
        Self {
            etag: new_etag(),
            modified,
            blobs: BTreeMap::new(),
            uncommitted: BTreeMap::new(),
        }
    }

    fn put_text(&mut self, name: &str, bytes: bytes::Bytes, now: Timestamp) {
        let block = Block {
            id: String::new(),
            content: Content::new(bytes),
        };
        let blob = Blob {
            blocks: vec![block],
            headers: BTreeMap::from([("content-type".to_string(), "text/plain".to_string())]),
            metadata: BTreeMap::new(),
            etag: new_etag(),
            created: now,
            modified: now,
        };
        self.blobs.insert(name.to_string(), blob);
    }

    pub(crate) fn blob(&self, name: &str) -> Option<&Blob> {
        self.blobs.get(name)
    }

    /// Blobs whose names start with a prefix, in order.
    pub(crate) fn below<'a>(&'a self, prefix: &str) -> impl Iterator<Item = (&'a str, &'a Blob)> + use<'a> {
        let start = prefix.to_string();
        self.blobs
            .range(prefix.to_string()..)
            .take_while(move |(name, _)| name.starts_with(&start))
            .map(|(name, blob)| (name.as_str(), blob))
    }

    fn contents_mut(&mut self) -> impl Iterator<Item = &mut Content> {
        let committed = self.blobs.values_mut().flat_map(|blob| &mut blob.blocks);
        let uncommitted = self.uncommitted.values_mut().flatten();
        committed.chain(uncommitted).map(|block| &mut block.content)
    }
}

impl Storage {
    /// Finds an account by its name.
    pub(crate) fn account(&self, name: &str) -> Option<&Account> {
        self.accounts.get(name)
    }

    /// Finds an account by its id, ignoring case.
    pub(crate) fn account_of(&self, id: &str) -> Option<&Account> {
        let found = self.accounts.get(&name_of(id).to_ascii_lowercase())?;
        (key(&found.id) == key(id)).then_some(found)
    }

    pub(crate) fn account_mut(&mut self, name: &str) -> Option<&mut Account> {
        self.accounts.get_mut(name)
    }

    pub(crate) fn container(&self, account: &str, name: &str) -> Option<&Container> {
        self.accounts.get(account)?.containers.get(name)
    }

    fn container_mut(&mut self, account: &str, name: &str) -> Option<&mut Container> {
        self.accounts.get_mut(account)?.containers.get_mut(name)
    }

    /// Creates an account with its keys, unless it exists.
    pub(crate) fn ensure_account(&mut self, id: &str, location: &str) {
        let name = name_of(id).to_ascii_lowercase();
        self.accounts.entry(name).or_insert_with(|| Account {
            id: id.to_string(),
            location: location.to_string(),
            key1: accounts::new_key(),
            key2: accounts::new_key(),
            keys_allowed: true,
            containers: BTreeMap::new(),
        });
    }

    /// Creates a container of an existing account, unless it exists.
    pub(crate) fn ensure_container(&mut self, account: &str, name: &str, now: Timestamp) {
        if let Some(account) = self.accounts.get_mut(account) {
            account
                .containers
                .entry(name.to_string())
                .or_insert_with(|| Container::new(now));
        }
    }

    /// Writes a text of the service's own, if the container exists and there is room.
    pub(crate) fn write(
        &mut self,
        account: &str,
        container: &str,
        name: &str,
        bytes: bytes::Bytes,
        now: Timestamp,
    ) {
        if self.size() + bytes.len() as u64 > LIMIT {
            return;
        }
        if let Some(container) = self.container_mut(account, container) {
            container.put_text(name, bytes, now);
        }
    }

    /// Removes the accounts below a scope.
    pub(crate) fn remove_below(&mut self, scope: &str) {
        let prefix = format!("{}/", key(scope));
        self.accounts
            .retain(|_, account| !key(&account.id).starts_with(&prefix));
    }

    /// Generates new keys for all accounts.
    pub(crate) fn renew_keys(&mut self) {
        for account in self.accounts.values_mut() {
            (account.key1, account.key2) = (accounts::new_key(), accounts::new_key());
        }
    }

    /// Every content, committed or not.
    pub(crate) fn contents(&self) -> impl Iterator<Item = &Content> {
        let containers = self
            .accounts
            .values()
            .flat_map(|account| account.containers.values());
        containers.flat_map(|container| {
            let committed = container.blobs.values().flat_map(|blob| &blob.blocks);
            let uncommitted = container.uncommitted.values().flatten();
            committed.chain(uncommitted).map(|block| &block.content)
        })
    }

    pub(crate) fn contents_mut(&mut self) -> impl Iterator<Item = &mut Content> {
        let containers = self
            .accounts
            .values_mut()
            .flat_map(|account| account.containers.values_mut());
        containers.flat_map(Container::contents_mut)
    }

    /// The bytes that all contents take; the same content counts once per place.
    pub(crate) fn size(&self) -> u64 {
        self.contents().map(Content::size).sum()
    }
}

/// `"0x8DB…"`, as the service writes it: sixteen hexadecimal digits, quoted.
fn new_etag() -> String {
    format!("\"0x{:015X}\"", rand::random::<u64>() >> 4)
}
