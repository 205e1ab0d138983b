//! `GET ?restype=container&comp=list` (learn.microsoft.com/rest/api/storageservices/list-blobs).

use super::address::{Target, encoded};
use super::errors::{self, Done, StorageError, escape};
use super::query::Query;
use super::server::{Reply, http_date};
use super::{Blob, Storage};
use std::fmt::Write as _;

const PAGE: usize = 5000;

/// What a page shows: a blob, or the beginning that several names share.
enum Entry<'a> {
    Blob(&'a str, Option<&'a Blob>),
    Prefix(String),
}

pub(super) fn list(storage: &Storage, target: &Target, query: &Query, service: &str) -> Done<Reply> {
    let container = storage
        .container(&target.account, &target.container)
        .ok_or_else(errors::no_container)?;
    let (prefix, delimiter, marker) = (query.get("prefix"), query.get("delimiter"), query.get("marker"));
    let most = match query.get("maxresults") {
        "" => PAGE,
        text => match text.parse::<usize>() {
            Ok(most) if most > 0 => most.min(PAGE),
            _ => return Err(StorageError::bad_query("maxresults")),
        },
    };
    let includes = |what: &str| query.get("include").split(',').any(|part| part.trim() == what);
    let mut found: Vec<(&str, Option<&Blob>)> = container
        .below(prefix)
        .map(|(name, blob)| (name, Some(blob)))
        .collect();
    if includes("uncommittedblobs") {
        let waiting = container.uncommitted.keys().map(String::as_str);
        let waiting = waiting.filter(|name| name.starts_with(prefix) && container.blob(name).is_none());
        found.extend(waiting.map(|name| (name, None)));
        found.sort_by_key(|(name, _)| *name);
    }
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ServiceEndpoint=\"{}\" ContainerName=\"{}\"><Prefix>{}</Prefix><Marker>{}</Marker><MaxResults>{most}</MaxResults><Delimiter>{}</Delimiter><Blobs>",
        escape(service),
        escape(&target.container),
        escape(prefix),
        escape(marker),
        escape(delimiter)
    );
    let entries = entries(found, prefix, delimiter);
    let mut next = "";
    let mut shown = 0;
    for (name, entry) in &entries {
        if !marker.is_empty() && *name < marker {
            continue;
        }
        if shown == most {
            next = name;
            break;
        }
        shown += 1;
        match entry {
            Entry::Blob(name, blob) => write_blob(&mut text, name, *blob, includes("metadata")),
            Entry::Prefix(prefix) => {
                let _ = write!(text, "<BlobPrefix>{}</BlobPrefix>", name_element(prefix));
            }
        }
    }
    let _ = write!(
        text,
        "</Blobs><NextMarker>{}</NextMarker></EnumerationResults>",
        escape(next)
    );
    Ok(Reply::xml(text))
}

/// The entries with the name at which each begins.
fn entries<'a>(
    found: Vec<(&'a str, Option<&'a Blob>)>,
    prefix: &str,
    delimiter: &str,
) -> Vec<(&'a str, Entry<'a>)> {
    let mut entries: Vec<(&str, Entry<'_>)> = Vec::new();
    for (name, blob) in found {
        let rest = name.get(prefix.len()..).unwrap_or_default();
        let cut = (!delimiter.is_empty()).then(|| rest.find(delimiter)).flatten();
        match cut.and_then(|cut| name.get(..prefix.len() + cut + delimiter.len())) {
            Some(shared) => match entries.last() {
                Some((_, Entry::Prefix(last))) if last == shared => {}
                _ => entries.push((name, Entry::Prefix(shared.to_string()))),
            },
            None => entries.push((name, Entry::Blob(name, blob))),
        }
    }
    entries
}

/// A name that XML cannot hold is encoded.
fn name_element(name: &str) -> String {
    let fits = |letter: char| letter >= ' ' && !matches!(letter, '\u{fffe}' | '\u{ffff}');
    if name.chars().all(fits) {
        format!("<Name>{}</Name>", escape(name))
    } else {
        format!("<Name Encoded=\"true\">{}</Name>", encoded(name))
    }
}

fn write_blob(text: &mut String, name: &str, blob: Option<&Blob>, metadata: bool) {
    let _ = write!(text, "<Blob>{}<Properties>", name_element(name));
    let header = |name: &str| {
        blob.and_then(|blob| blob.headers.get(name))
            .map(String::as_str)
            .unwrap_or_default()
    };
    if let Some(blob) = blob {
        let _ = write!(
            text,
            "<Creation-Time>{}</Creation-Time><Last-Modified>{}</Last-Modified><Etag>{}</Etag>",
            http_date(blob.created),
            http_date(blob.modified),
            blob.etag.trim_matches('"')
        );
    }
    let _ = write!(
        text,
        "<Content-Length>{}</Content-Length><Content-Type>{}</Content-Type><Content-Encoding>{}</Content-Encoding><Content-Language>{}</Content-Language><Content-CRC64 /><Content-MD5>{}</Content-MD5><Cache-Control>{}</Cache-Control><Content-Disposition>{}</Content-Disposition><BlobType>BlockBlob</BlobType><AccessTier>Hot</AccessTier><AccessTierInferred>true</AccessTierInferred><LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState><ServerEncrypted>true</ServerEncrypted></Properties>",
        blob.map_or(0, Blob::size),
        escape(header("content-type")),
        escape(header("content-encoding")),
        escape(header("content-language")),
        escape(header("content-md5")),
        escape(header("cache-control")),
        escape(header("content-disposition")),
    );
    if let Some(blob) = blob.filter(|_| metadata) {
        text.push_str("<Metadata>");
        for (name, value) in &blob.metadata {
            let _ = write!(text, "<{name}>{}</{name}>", escape(value));
        }
        text.push_str("</Metadata>");
    }
    text.push_str("<OrMetadata /></Blob>");
}
