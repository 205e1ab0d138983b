//! Sends one file: whole if it is small, otherwise in blocks. A block's id is its number and its hash, so that blocks
//! which an interrupted upload left are recognized.

use crate::client::{Client, is_missing, is_there};
use crate::content::FileDigest;
use crate::file::Reading;
use crate::progress::Tally;
use crate::walk::{Entry, unreadable};
use crate::{ListError, UploadError};
use azure_core::Bytes;
use azure_core::error::Error;
use azure_core::http::{Etag, Url};
use azure_storage_blob::models::{
    BlobClientGetPropertiesResultHeaders as _, BlockBlobClientCommitBlockListOptions,
    BlockBlobClientUploadOptions, BlockListType, BlockLookupList,
};
use azure_storage_blob::{BlobClient, BlockBlobClient};
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _, stream};
use md5::{Digest as _, Md5};
use sha2::{Digest as _, Sha256};
use std::collections::HashSet;
use std::io;
use std::num::NonZero;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Size of a block, and the largest file that is sent in one request. The same as azure-ai-ml's blocks.
pub(crate) const BLOCK: usize = 4 << 20;
/// Requests with a body at the same time, which also limits the memory.
const REQUESTS: usize = 8;

type BlockId = Vec<u8>;

/// Sends the files of an upload.
pub(crate) struct Sender<'a> {
    client: &'a Client,
    tally: &'a Tally<'a>,
    room: Arc<Semaphore>,
}

/// A block that was read, and the permit to keep it in memory.
struct Block {
    id: BlockId,
    bytes: Vec<u8>,
    _room: OwnedSemaphorePermit,
}

/// A file that is read block by block.
struct Blocks {
    file: Reading,
    whole: Md5,
    number: u32,
}

impl<'a> Sender<'a> {
    pub(crate) fn new(client: &'a Client, tally: &'a Tally<'a>) -> Self {
        Self {
            client,
            tally,
            room: Arc::new(Semaphore::new(REQUESTS)),
        }
    }

    /// Sends a file if it still has the content that was hashed, unless it is there already.
    pub(crate) async fn send(
        &self,
        url: &Url,
        entry: &Entry,
        digest: &FileDigest,
    ) -> Result<(), UploadError> {
        let blob = self.client.blob(url)?;
        if entry.file.size <= BLOCK as u64 {
            self.send_whole(&blob, url, entry, digest).await?;
        } else if self.is_same(&blob, url, entry, digest).await? {
            self.tally.add(0, entry.file.size);
        } else {
            self.send_blocks(&blob.block_blob_client(), url, entry, digest)
                .await?;
        }
        self.tally.add(1, 0);
        Ok(())
    }

    async fn send_whole(
        &self,
        blob: &BlobClient,
        url: &Url,
        entry: &Entry,
        digest: &FileDigest,
    ) -> Result<(), UploadError> {
        let _room = self.room().await?;
        let bytes = read_whole(entry, *digest).await?;
        let options = BlockBlobClientUploadOptions {
            if_none_match: Some(Etag::from("*")),
            partition_size: NonZero::new(BLOCK as u64),
            ..BlockBlobClientUploadOptions::default()
        };
        let sent = Box::pin(
            blob.block_blob_client()
                .upload(Bytes::from(bytes).into(), Some(options)),
        )
        .await;
        self.accept(sent.map(drop), blob, url, entry, digest).await?;
        self.tally.add(0, entry.file.size);
        Ok(())
    }

    async fn send_blocks(
        &self,
        blob: &BlockBlobClient,
        url: &Url,
        entry: &Entry,
        digest: &FileDigest,
    ) -> Result<(), UploadError> {
        let there = self.uncommitted(blob, url).await?;
        let (sender, left) = (self, &there);
        // Streams without closures in their types: otherwise the compiler cannot tell that this future can be sent.
        let blocks: BoxStream<'_, Result<Block, UploadError>> =
            stream::try_unfold(open(entry).await?, move |blocks| {
                sender.next_block(blocks, digest)
            })
            .boxed();
        let staged: BoxStream<'_, Result<BoxFuture<'_, Result<BlockId, UploadError>>, UploadError>> = blocks
            .map_ok(move |block| sender.stage(blob, url, block, left).boxed())
            .boxed();
        let ids: Vec<BlockId> = staged.try_buffered(REQUESTS).try_collect().await?;
        let list = BlockLookupList {
            latest: Some(ids),
            ..BlockLookupList::default()
        };
        let options = BlockBlobClientCommitBlockListOptions {
            if_none_match: Some(Etag::from("*")),
            blob_content_md5: Some(digest.to_vec()),
            ..BlockBlobClientCommitBlockListOptions::default()
        };
        let list = list
            .try_into()
            .map_err(|error| self.client.told(error, "PUT", url))?;
        let committed = Box::pin(blob.commit_block_list(list, Some(options))).await;
        let again = self.client.blob(url)?;
        self.accept(committed.map(drop), &again, url, entry, digest).await
    }

    /// The next block with its permit. At the end of the file, checks that all of it was what was hashed.
    async fn next_block(
        &self,
        blocks: Blocks,
        digest: &FileDigest,
    ) -> Result<Option<(Block, Blocks)>, UploadError> {
        let room = self.room().await?;
        match read_next(blocks).await? {
            (Some((id, bytes)), rest) => {
                let block = Block {
                    id,
                    bytes,
                    _room: room,
                };
                Ok(Some((block, rest)))
            }
            (None, rest) if rest.digest() == *digest => Ok(None),
            (None, rest) => Err(rest.file.changed().into()),
        }
    }

    /// Sends a block unless it is there, and returns its id.
    async fn stage(
        &self,
        blob: &BlockBlobClient,
        url: &Url,
        block: Block,
        there: &HashSet<(BlockId, u64)>,
    ) -> Result<BlockId, UploadError> {
        let size = block.bytes.len() as u64;
        let key = (block.id, size);
        if !there.contains(&key) {
            let sent = Box::pin(blob.stage_block(&key.0, size, Bytes::from(block.bytes).into(), None)).await;
            sent.map(drop)
                .map_err(|error| self.client.told(error, "PUT", url))?;
        }
        self.tally.add(0, size);
        Ok(key.0)
    }

    /// A blob that is there already is as good as one that was written, if it has the same content: an earlier upload
    /// may have written it, or this one, if the answer was lost.
    async fn accept(
        &self,
        written: Result<(), Error>,
        blob: &BlobClient,
        url: &Url,
        entry: &Entry,
        digest: &FileDigest,
    ) -> Result<(), UploadError> {
        match written {
            Ok(()) => Ok(()),
            Err(error) if is_there(&error) => match self.is_same(blob, url, entry, digest).await? {
                true => Ok(()),
                false => Err(self.client.told(error, "PUT", url)),
            },
            Err(error) => Err(self.client.told(error, "PUT", url)),
        }
    }

    /// Whether the blob is there with the same content. Without a stored MD5, its size decides.
    async fn is_same(
        &self,
        blob: &BlobClient,
        url: &Url,
        entry: &Entry,
        digest: &FileDigest,
    ) -> Result<bool, UploadError> {
        let found = match Box::pin(blob.get_properties(None)).await {
            Ok(found) => found,
            Err(error) if is_missing(&error) => return Ok(false),
            Err(error) => return Err(self.client.told(error, "HEAD", url)),
        };
        let read = |error| self.client.told(error, "HEAD", url);
        let size = found.content_length().map_err(read)?;
        let stored = found.content_md5().map_err(read)?;
        let same = size == Some(entry.file.size) && stored.is_none_or(|stored| stored == digest);
        if same {
            return Ok(true);
        }
        Err(UploadError::Different {
            path: entry.file.path.clone(),
        })
    }

    /// The blocks that an interrupted upload left, with their sizes.
    async fn uncommitted(
        &self,
        blob: &BlockBlobClient,
        url: &Url,
    ) -> Result<HashSet<(BlockId, u64)>, UploadError> {
        let failed = |error| self.client.told(error, "GET", url);
        let list = match Box::pin(blob.get_block_list(BlockListType::Uncommitted, None)).await {
            Ok(answer) => answer.into_model().map_err(failed)?,
            Err(error) if is_missing(&error) => return Ok(HashSet::new()),
            Err(error) => return Err(failed(error)),
        };
        let blocks = list.uncommitted_blocks.unwrap_or_default();
        let known = blocks.into_iter().filter_map(|block| {
            let size = u64::try_from(block.size?).ok()?;
            Some((block.name?, size))
        });
        Ok(known.collect())
    }

    async fn room(&self) -> Result<OwnedSemaphorePermit, UploadError> {
        // The semaphore is never closed.
        let room = Arc::clone(&self.room).acquire_owned().await;
        room.map_err(|closed| unreadable("", io::Error::other(closed)).into())
    }
}

impl Blocks {
    fn digest(&self) -> FileDigest {
        self.whole.clone().finalize().into()
    }
}

async fn open(entry: &Entry) -> Result<Blocks, ListError> {
    let entry = entry.clone();
    on_thread(move || {
        Ok(Blocks {
            file: Reading::open(&entry)?,
            whole: Md5::new(),
            number: 0,
        })
    })
    .await
}

/// Reads a small file, if it is what was hashed.
async fn read_whole(entry: &Entry, digest: FileDigest) -> Result<Vec<u8>, ListError> {
    let entry = entry.clone();
    on_thread(move || {
        let mut file = Reading::open(&entry)?;
        let bytes = file.next_part(BLOCK)?.unwrap_or_default();
        // The end is read too, which notices a file that has become longer.
        if file.next_part(BLOCK)?.is_some() || FileDigest::from(Md5::digest(&bytes)) != digest {
            return Err(file.changed());
        }
        Ok(bytes)
    })
    .await
}

/// Reads the next block, with its id: the number, then the beginning of its SHA-256.
async fn read_next(mut blocks: Blocks) -> Result<(Option<(BlockId, Vec<u8>)>, Blocks), ListError> {
    on_thread(move || {
        let Some(bytes) = blocks.file.next_part(BLOCK)? else {
            return Ok((None, blocks));
        };
        blocks.whole.update(&bytes);
        let hash = Sha256::digest(&bytes);
        let id = [&blocks.number.to_be_bytes()[..], &hash[..20]].concat();
        blocks.number += 1;
        Ok((Some((id, bytes)), blocks))
    })
    .await
}

async fn on_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ListError> + Send + 'static,
) -> Result<T, ListError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|ended| unreadable("", io::Error::other(ended)))?
}
