//! Writing blobs: whole, block by block, and their metadata
//! (learn.microsoft.com/rest/api/storageservices/put-blob, put-block, put-block-list, set-blob-metadata).

use super::address::Target;
use super::errors::{self, Done, StorageError};
use super::query::Query;
use super::server::Reply;
use super::{Blob, Block, Container, Content, LIMIT, Storage, block_list, conditions, new_etag};
use crate::server::Received;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use jiff::Timestamp;
use md5::{Digest as _, Md5};
use std::collections::BTreeMap;

/// Blocks of one blob that are not committed.
const MOST_UNCOMMITTED: usize = 100_000;
/// Bytes of all names and values.
const MOST_METADATA: usize = 8 << 10;
/// Longest block id, decoded.
const LONGEST_ID: usize = 64;
/// Properties that a caller sets on a blob, with the header that returns them.
const PROPERTIES: [(&str, &str); 5] = [
    ("x-ms-blob-content-type", "content-type"),
    ("x-ms-blob-content-encoding", "content-encoding"),
    ("x-ms-blob-content-language", "content-language"),
    ("x-ms-blob-content-disposition", "content-disposition"),
    ("x-ms-blob-cache-control", "cache-control"),
];

fn container<'a>(storage: &'a mut Storage, target: &Target) -> Done<&'a mut Container> {
    storage
        .container_mut(&target.account, &target.container)
        .ok_or_else(errors::no_container)
}

/// Refuses a content for which there is no room.
fn check_room(storage: &Storage, more: u64) -> Done<()> {
    if storage.size() + more > LIMIT {
        return Err(errors::full());
    }
    Ok(())
}

/// The body of an upload with its digests, computed before the world is locked.
pub(super) struct Upload {
    content: Content,
    md5: Done<String>,
}

impl Upload {
    pub(super) fn of(received: &Received) -> Self {
        Self {
            content: Content::new(received.body.clone()),
            md5: checked_md5(received),
        }
    }
}

/// The MD5 of a body, in base64, checked against the header if there is one.
fn checked_md5(received: &Received) -> Done<String> {
    let computed = Md5::digest(&received.body);
    if let Some(given) = received.header("content-md5") {
        let given = STANDARD.decode(given).map_err(|_| errors::bad_md5())?;
        if given.len() != computed.len() {
            return Err(errors::bad_md5());
        }
        if given.as_slice() != computed.as_slice() {
            return Err(errors::md5_mismatch());
        }
    }
    Ok(STANDARD.encode(computed))
}

/// `PUT` of a whole block blob. Blocks that were not committed are lost.
pub(super) fn put_blob(
    storage: &mut Storage,
    received: &Received,
    upload: Upload,
    target: &Target,
    now: Timestamp,
) -> Done<Reply> {
    match received.header("x-ms-blob-type") {
        Some("BlockBlob") => {}
        Some(_) => return Err(StorageError::bad_header("x-ms-blob-type")),
        None => return Err(errors::no_blob_type()),
    }
    let md5 = upload.md5?;
    check_room(storage, upload.content.size())?;
    let metadata = metadata(received)?;
    let container = container(storage, target)?;
    let old = container.blobs.get(&target.blob);
    conditions::check_write(received, old.map(|old| old.etag.as_str()))?;
    let block = Block {
        id: String::new(),
        content: upload.content,
    };
    let mut headers = properties(received, received.header("content-type"));
    headers.insert("content-md5".to_string(), md5.clone());
    let created = old.map_or(now, |old| old.created);
    let reply = commit(container, target, vec![block], headers, metadata, created, now);
    Ok(reply.with("content-md5", &md5))
}

fn commit(
    container: &mut Container,
    target: &Target,
    blocks: Vec<Block>,
    headers: BTreeMap<String, String>,
    metadata: BTreeMap<String, String>,
    created: Timestamp,
    now: Timestamp,
) -> Reply {
    container.uncommitted.remove(&target.blob);
    let blob = Blob {
        blocks,
        headers,
        metadata,
        etag: new_etag(),
        created,
        modified: now,
    };
    let reply = written(&blob.etag, now);
    container.blobs.insert(target.blob.clone(), blob);
    reply
}

fn written(etag: &str, now: Timestamp) -> Reply {
    Reply::empty(StatusCode::CREATED)
        .with("etag", etag)
        .with_time("last-modified", now)
        .with("x-ms-request-server-encrypted", "true")
}

/// The properties that a caller sets; `kind` is the type if it names no other.
fn properties(received: &Received, kind: Option<&str>) -> BTreeMap<String, String> {
    let given = PROPERTIES.iter().filter_map(|(sent, returned)| {
        let value = received.header(sent).filter(|value| !value.is_empty())?;
        Some(((*returned).to_string(), value.to_string()))
    });
    let mut headers: BTreeMap<String, String> = given.collect();
    headers
        .entry("content-type".to_string())
        .or_insert_with(|| kind.unwrap_or("application/octet-stream").to_string());
    headers
}

/// `x-ms-meta-*`.
fn metadata(received: &Received) -> Done<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    let mut size = 0;
    for (name, value) in &received.headers {
        let Some(name) = name.as_str().strip_prefix("x-ms-meta-") else {
            continue;
        };
        let value = value.to_str().map_err(|_| errors::bad_metadata())?;
        let first = name.chars().next().unwrap_or('-');
        let letters = name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        if !letters || first.is_ascii_digit() {
            return Err(errors::bad_metadata());
        }
        size += name.len() + value.len();
        all.insert(name.to_string(), value.to_string());
    }
    if size > MOST_METADATA {
        return Err(errors::metadata_too_large());
    }
    Ok(all)
}

/// `PUT ?comp=block`: keeps a block until a list commits it.
pub(super) fn put_block(
    storage: &mut Storage,
    upload: Upload,
    target: &Target,
    query: &Query,
) -> Done<Reply> {
    let id = query.get("blockid");
    let decoded = STANDARD.decode(id).map_err(|_| errors::bad_block_id())?;
    if decoded.is_empty() || decoded.len() > LONGEST_ID {
        return Err(errors::bad_block_id());
    }
    let md5 = upload.md5?;
    check_room(storage, upload.content.size())?;
    let container = container(storage, target)?;
    let committed = container
        .blobs
        .get(&target.blob)
        .map(|blob| blob.blocks.as_slice());
    let blocks = container.uncommitted.get(&target.blob);
    // All ids of a blob have the same length.
    let known = blocks.into_iter().flatten().chain(committed.unwrap_or_default());
    let mut named = known.filter(|block| !block.id.is_empty());
    if named.next().is_some_and(|block| block.id.len() != id.len()) {
        return Err(errors::bad_block());
    }
    let blocks = container.uncommitted.entry(target.blob.clone()).or_default();
    let block = Block {
        id: id.to_string(),
        content: upload.content,
    };
    match blocks.iter().position(|known| known.id == id) {
        Some(at) => blocks[at] = block,
        None if blocks.len() >= MOST_UNCOMMITTED => return Err(errors::too_many_uncommitted()),
        None => blocks.push(block),
    }
    Ok(Reply::empty(StatusCode::CREATED)
        .with("content-md5", &md5)
        .with("x-ms-request-server-encrypted", "true"))
}

/// `PUT ?comp=blocklist`: makes the blob out of blocks.
pub(super) fn put_block_list(
    storage: &mut Storage,
    received: &Received,
    upload: Upload,
    target: &Target,
    now: Timestamp,
) -> Done<Reply> {
    upload.md5?;
    let wanted = block_list::parse(&received.body)?;
    let metadata = metadata(received)?;
    let container = container(storage, target)?;
    let old = container.blobs.get(&target.blob);
    conditions::check_write(received, old.map(|old| old.etag.as_str()))?;
    let committed = old.map(|old| old.blocks.as_slice()).unwrap_or_default();
    let uncommitted = container.uncommitted.get(&target.blob);
    let uncommitted = uncommitted.map(Vec::as_slice).unwrap_or_default();
    let blocks = block_list::resolve(&wanted, committed, uncommitted)?;
    let mut headers = properties(received, None);
    if let Some(md5) = received.header("x-ms-blob-content-md5") {
        headers.insert("content-md5".to_string(), md5.to_string());
    }
    let created = old.map_or(now, |old| old.created);
    Ok(commit(container, target, blocks, headers, metadata, created, now))
}

/// `PUT ?comp=metadata`.
pub(super) fn put_metadata(
    storage: &mut Storage,
    received: &Received,
    target: &Target,
    now: Timestamp,
) -> Done<Reply> {
    let metadata = metadata(received)?;
    let blob = container(storage, target)?
        .blobs
        .get_mut(&target.blob)
        .ok_or_else(errors::no_blob)?;
    conditions::check_write(received, Some(&blob.etag))?;
    (blob.metadata, blob.etag, blob.modified) = (metadata, new_etag(), now);
    Ok(Reply::empty(StatusCode::OK)
        .with("etag", &blob.etag)
        .with_time("last-modified", now)
        .with("x-ms-request-server-encrypted", "true"))
}

/// `DELETE` of a blob, with its blocks.
pub(super) fn delete_blob(storage: &mut Storage, received: &Received, target: &Target) -> Done<Reply> {
    let container = container(storage, target)?;
    let blob = container.blobs.get(&target.blob).ok_or_else(errors::no_blob)?;
    conditions::check_write(received, Some(&blob.etag))?;
    container.blobs.remove(&target.blob);
    container.uncommitted.remove(&target.blob);
    Ok(Reply::empty(StatusCode::ACCEPTED).with("x-ms-delete-type-permanent", "true"))
}

/// `PUT ?restype=container`.
pub(super) fn create_container(storage: &mut Storage, target: &Target, now: Timestamp) -> Done<Reply> {
    let name = target.container.as_str();
    let letters = name
        .chars()
        .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-');
    let hyphens = name.starts_with('-') || name.ends_with('-') || name.contains("--");
    if !letters || hyphens || !(3..=63).contains(&name.len()) {
        return Err(errors::bad_container_name());
    }
    if storage.container(&target.account, name).is_some() {
        return Err(errors::container_exists());
    }
    storage.ensure_container(&target.account, name, now);
    let etag = storage
        .container(&target.account, name)
        .map(|found| found.etag.clone())
        .unwrap_or_default();
    Ok(Reply::empty(StatusCode::CREATED)
        .with("etag", &etag)
        .with_time("last-modified", now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_the_limit_is_not_kept() {
        let mut storage = Storage::default();
        storage.ensure_account("/subscriptions/s/storageAccounts/sta", "westeurope");
        storage.ensure_container("sta", "c", Timestamp::UNIX_EPOCH);
        let block = Block {
            id: String::new(),
            content: Content::claiming(LIMIT - 5),
        };
        let container = storage.container_mut("sta", "c").unwrap();
        container.uncommitted.insert("a".to_string(), vec![block]);
        assert_eq!(check_room(&storage, 5), Ok(()));
        assert_eq!(check_room(&storage, 6), Err(errors::full()));
    }
}
