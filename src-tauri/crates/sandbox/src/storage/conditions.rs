//! Conditional headers (learn.microsoft.com/rest/api/storageservices/specifying-conditional-headers-for-blob-service-operations).

use super::errors::{self, Done};
use crate::server::Received;

fn names(list: &str, etag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").trim_matches('"').to_string();
    list.trim() == "*" || list.split(',').any(|tag| bare(tag) == bare(etag))
}

/// Checks a write against the blob that is there.
///
/// # Errors
/// 409 when it must not exist and does, otherwise 412.
pub(super) fn check_write(received: &Received, there: Option<&str>) -> Done<()> {
    if let Some(list) = received.header("if-none-match")
        && let Some(etag) = there
        && names(list, etag)
    {
        return Err(if list.trim() == "*" {
            errors::blob_exists()
        } else {
            errors::condition_not_met()
        });
    }
    match received.header("if-match") {
        Some(list) if !there.is_some_and(|etag| names(list, etag)) => Err(errors::condition_not_met()),
        _ => Ok(()),
    }
}

/// Checks a read.
///
/// # Errors
/// 304 when the caller has it already, 412 when it is another one.
pub(super) fn check_read(received: &Received, etag: &str) -> Done<()> {
    if received
        .header("if-none-match")
        .is_some_and(|list| names(list, etag))
    {
        return Err(errors::not_modified());
    }
    match received.header("if-match") {
        Some(list) if !names(list, etag) => Err(errors::condition_not_met()),
        _ => Ok(()),
    }
}
