//! Uploads files to a container.

use crate::UploadError;
use crate::client::is_missing;
use crate::container::Container;
use crate::content::Content;
use crate::progress::{Tally, Watch};
use crate::send::Sender;
use azure_storage_blob::models::BlobClientGetPropertiesResultHeaders as _;
use futures::{TryStreamExt as _, stream};
use std::collections::HashMap;

/// Files that are uploaded at the same time.
const FILES: usize = 8;
/// What says that an upload is complete (package azure-ai-ml 1.35, _artifacts/_constants.py, `UPLOAD_CONFIRMATION`).
const STATUS: (&str, &str) = ("upload_status", "completed");

/// The asset that an upload is for. It is written to the first file when all files are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Name of the asset.
    pub name: String,
    /// Version of the asset.
    pub version: String,
}

/// What an upload did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The files are there now.
    Uploaded,
    /// A complete upload was there already; nothing was sent.
    AlreadyThere,
}

/// Uploads files that were hashed. Files and blocks that are there already are not sent again, so that an upload that
/// was interrupted goes on where it ended, if it goes to the same container.
///
/// # Errors
/// [`UploadError`]. After [`UploadError::Ended`], call it again with a fresh container.
pub async fn upload(
    content: &Content,
    to: &Container,
    mark: &Mark,
    watch: Watch<'_>,
) -> Result<Outcome, UploadError> {
    let entries = &content.listing.entries;
    let Some(first) = entries.first() else {
        return Ok(Outcome::AlreadyThere);
    };
    let tally = Tally::new(entries.len(), content.listing.bytes(), watch);
    let marked = content.blob_name(first);
    if is_complete(to, &marked).await? {
        tally.add(entries.len(), content.listing.bytes());
        return Ok(Outcome::AlreadyThere);
    }
    let sender = Sender::new(to, &tally);
    let files = entries.iter().zip(&content.digests).map(Ok);
    stream::iter(files)
        .try_for_each_concurrent(FILES, |(entry, digest)| {
            let (name, sender) = (content.blob_name(entry), &sender);
            async move { Box::pin(sender.send(&name, entry, digest)).await }
        })
        .await?;
    Box::pin(complete(to, &marked, mark)).await?;
    Ok(Outcome::Uploaded)
}

async fn is_complete(to: &Container, name: &str) -> Result<bool, UploadError> {
    let url = to.blob(name);
    let client = to.client.blob(&url)?;
    match Box::pin(client.get_properties(None)).await {
        Ok(found) => {
            let metadata = found.metadata().map_err(|error| to.told(error, "HEAD", &url))?;
            Ok(metadata.get(STATUS.0).is_some_and(|status| status == STATUS.1))
        }
        Err(error) if is_missing(&error) => Ok(false),
        Err(error) => Err(to.told(error, "HEAD", &url)),
    }
}

async fn complete(to: &Container, name: &str, mark: &Mark) -> Result<(), UploadError> {
    let url = to.blob(name);
    let pairs = [STATUS, ("name", &mark.name), ("version", &mark.version)];
    let metadata: HashMap<String, String> = pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    let client = to.client.blob(&url)?;
    let set = client.set_metadata(&metadata, None).await;
    set.map(drop).map_err(|error| to.told(error, "PUT", &url))
}
