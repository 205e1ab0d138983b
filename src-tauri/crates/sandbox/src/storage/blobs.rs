//! Reading blobs and containers (learn.microsoft.com/rest/api/storageservices/get-blob, get-blob-properties,
//! get-block-list).

use super::address::Target;
use super::errors::{self, Done, StorageError};
use super::query::Query;
use super::server::Reply;
use super::{Blob, Container, Storage, block_list, conditions};
use crate::server::Received;
use http::StatusCode;

fn container<'a>(storage: &'a Storage, target: &Target) -> Done<&'a Container> {
    storage
        .container(&target.account, &target.container)
        .ok_or_else(errors::no_container)
}

fn blob<'a>(storage: &'a Storage, target: &Target) -> Done<&'a Blob> {
    container(storage, target)?
        .blob(&target.blob)
        .ok_or_else(errors::no_blob)
}

/// `HEAD` or `GET` of a blob, whole or a range of it.
pub(super) fn get(storage: &Storage, received: &Received, target: &Target) -> Done<Reply> {
    let blob = blob(storage, target)?;
    conditions::check_read(received, &blob.etag)?;
    let head = received.method == http::Method::HEAD;
    let asked = received.header("x-ms-range").or_else(|| received.header("range"));
    let range = asked
        .filter(|_| !head)
        .map(|range| span(range, blob.size()))
        .transpose()?;
    let mut reply = Reply::empty(if range.is_some() {
        StatusCode::PARTIAL_CONTENT
    } else {
        StatusCode::OK
    });
    for (name, value) in &blob.headers {
        // The digest is that of the whole blob.
        let name = if range.is_some() && name == "content-md5" {
            "x-ms-blob-content-md5"
        } else {
            name
        };
        reply = reply.with(name, value);
    }
    for (name, value) in &blob.metadata {
        reply = reply.with(&format!("x-ms-meta-{name}"), value);
    }
    reply = reply
        .with("etag", &blob.etag)
        .with_time("last-modified", blob.modified)
        .with_time("x-ms-creation-time", blob.created)
        .with("accept-ranges", "bytes")
        .with("x-ms-blob-type", "BlockBlob")
        .with("x-ms-lease-state", "available")
        .with("x-ms-lease-status", "unlocked")
        .with("x-ms-server-encrypted", "true")
        .with("x-ms-access-tier", "Hot")
        .with("x-ms-access-tier-inferred", "true");
    if head {
        return Ok(reply.with("content-length", &blob.size().to_string()));
    }
    let bytes = blob.bytes();
    Ok(match range {
        Some((from, to)) => reply
            .with("content-range", &format!("bytes {from}-{to}/{}", blob.size()))
            .with_body(bytes.slice(from as usize..=to as usize)),
        None => reply.with_body(bytes),
    })
}

/// First and last byte of `bytes=a-b` or `bytes=a-`.
fn span(range: &str, size: u64) -> Done<(u64, u64)> {
    let wrong = || StorageError::bad_header("Range");
    let (from, to) = range
        .strip_prefix("bytes=")
        .and_then(|range| range.split_once('-'))
        .ok_or_else(wrong)?;
    let from: u64 = from.parse().map_err(|_| wrong())?;
    let to = match to {
        "" => u64::MAX,
        to => to.parse().map_err(|_| wrong())?,
    };
    if from >= size || to < from {
        return Err(errors::bad_range());
    }
    Ok((from, to.min(size - 1)))
}

/// `GET ?comp=blocklist`.
pub(super) fn block_list(storage: &Storage, target: &Target, query: &Query) -> Done<Reply> {
    let container = container(storage, target)?;
    let blob = container.blob(&target.blob);
    let uncommitted = container.uncommitted.get(&target.blob);
    if blob.is_none() && uncommitted.is_none() {
        return Err(errors::no_blob());
    }
    let committed = blob.map(|blob| blob.blocks.as_slice()).unwrap_or_default();
    let waiting = uncommitted.map(Vec::as_slice).unwrap_or_default();
    let text = match query.get("blocklisttype").to_ascii_lowercase().as_str() {
        "" | "committed" => block_list::document(Some(committed), None),
        "uncommitted" => block_list::document(None, Some(waiting)),
        "all" => block_list::document(Some(committed), Some(waiting)),
        _ => return Err(StorageError::bad_query("blocklisttype")),
    };
    let reply = Reply::xml(text);
    Ok(match blob {
        Some(blob) => reply
            .with("etag", &blob.etag)
            .with_time("last-modified", blob.modified)
            .with("x-ms-blob-content-length", &blob.size().to_string()),
        None => reply.with("x-ms-blob-content-length", "0"),
    })
}

/// `GET` or `HEAD ?restype=container`.
pub(super) fn properties(storage: &Storage, target: &Target) -> Done<Reply> {
    let container = container(storage, target)?;
    Ok(Reply::empty(StatusCode::OK)
        .with("etag", &container.etag)
        .with_time("last-modified", container.modified)
        .with("x-ms-lease-state", "available")
        .with("x-ms-lease-status", "unlocked")
        .with("x-ms-has-immutability-policy", "false")
        .with("x-ms-has-legal-hold", "false"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_to_the_blob() {
        assert_eq!(span("bytes=0-", 10).unwrap(), (0, 9));
        assert_eq!(span("bytes=2-99", 10).unwrap(), (2, 9));
        for wrong in [
            "bytes=10-",
            "bytes=5-4",
            "bytes=-5",
            "0-1",
            "bytes=a-b",
            "bytes=0-1,3-4",
        ] {
            assert!(span(wrong, 10).is_err(), "{wrong}");
        }
        assert!(span("bytes=0-0", 0).is_err());
    }
}
