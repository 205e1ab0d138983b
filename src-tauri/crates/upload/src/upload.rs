//! Uploads files to a container.

use crate::UploadError;
use crate::client::{Client, is_missing};
use crate::container::{Container, parse};
use crate::content::Content;
use crate::progress::{Tally, Watch};
use crate::send::Sender;
use azure_storage_blob::models::BlobClientGetPropertiesResultHeaders as _;
use berth_arm::cloud::Cloud;
use berth_http::host_of;
use futures::{TryStreamExt as _, stream};
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::HashMap;
use url::Url;

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
    let urls = entries.iter().map(|entry| to.blob(&content.blob_name(entry)));
    send_all(content, &to.client, urls.collect(), &tally).await?;
    Box::pin(complete(to, &marked, mark)).await?;
    Ok(Outcome::Uploaded)
}

/// Uploads files that were hashed, each to an address of its own, in the order of [`Content::artifact_paths`]. Goes on
/// where an upload to the same addresses was interrupted.
///
/// # Errors
/// [`UploadError`]. After [`UploadError::Ended`], call it again with new addresses.
pub async fn upload_artifacts(
    content: &Content,
    cloud: &Cloud,
    addresses: &[SecretString],
    watch: Watch<'_>,
) -> Result<(), UploadError> {
    let urls = addresses.iter().map(|address| parse(address.expose_secret()));
    let urls: Vec<Url> = urls.collect::<Result<_, _>>()?;
    let Some(first) = urls.first() else {
        return Ok(());
    };
    let is_allowed = |url: &&Url| cloud.is_blob_storage(url) && url.host() == first.host();
    if let Some(other) = urls.iter().find(|url| !is_allowed(url)) {
        return Err(UploadError::Elsewhere { host: host_of(other) });
    }
    let client = Client::new(cloud, first, None)?;
    let tally = Tally::new(content.digests.len(), content.listing.bytes(), watch);
    send_all(content, &client, urls, &tally).await
}

async fn send_all(
    content: &Content,
    client: &Client,
    urls: Vec<Url>,
    tally: &Tally<'_>,
) -> Result<(), UploadError> {
    let sender = Sender::new(client, tally);
    let files = content.listing.entries.iter().zip(&content.digests).zip(urls);
    stream::iter(files.map(Ok))
        .try_for_each_concurrent(FILES, |((entry, digest), url)| {
            let sender = &sender;
            async move { Box::pin(sender.send(&url, entry, digest)).await }
        })
        .await
}

async fn is_complete(to: &Container, name: &str) -> Result<bool, UploadError> {
    let url = to.blob(name);
    let client = to.client.blob(&url)?;
    match Box::pin(client.get_properties(None)).await {
        Ok(found) => {
            let metadata = found
                .metadata()
                .map_err(|error| to.client.told(error, "HEAD", &url))?;
            Ok(metadata.get(STATUS.0).is_some_and(|status| status == STATUS.1))
        }
        Err(error) if is_missing(&error) => Ok(false),
        Err(error) => Err(to.client.told(error, "HEAD", &url)),
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
    set.map(drop).map_err(|error| to.client.told(error, "PUT", &url))
}
