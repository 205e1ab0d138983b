//! Files that were read once: their common hash, and the digest of each. What is uploaded is compared with them.

use crate::ListError;
use crate::file::Reading;
use crate::kind::Kind;
use crate::listing::Listing;
use crate::pack;
use crate::progress::{Progress, Tally, Watch};
use crate::stop::{Stop, Stopped};
use crate::walk::{Entry, unreadable};
use berth_domain::upload::{ContentHash, HashProblem};
use md5::{Digest as _, Md5};
use std::collections::HashMap;
use std::io;
use std::path::Path;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// Bytes that are read at once.
const PART: usize = 1 << 20;

/// MD5 of a file, which Azure checks and stores.
pub(crate) type FileDigest = [u8; 16];

/// Files with their hash.
#[derive(Debug)]
pub struct Content {
    pub(crate) listing: Listing,
    /// In the order of the files.
    pub(crate) digests: Vec<FileDigest>,
    hash: String,
}

impl Content {
    /// azure-ai-ml's hash of the files, by which a workspace finds code.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The files.
    pub fn listing(&self) -> &Listing {
        &self.listing
    }

    /// The path in the container at which the upload will be: a folder, or a file. Needs no escapes.
    pub fn location(&self) -> String {
        let name = &self.listing.name;
        match self.listing.kind {
            Kind::Code => name.clone(),
            Kind::Model => format!("LocalUpload/{}/{name}", self.hash),
        }
    }

    /// The paths of the files as artifacts of the classic route, in the order of the files: below the name of the folder.
    pub fn artifact_paths(&self) -> Vec<String> {
        let name = &self.listing.name;
        let path = |entry: &Entry| {
            if self.listing.is_folder {
                format!("{name}/{}", entry.file.path)
            } else {
                name.clone()
            }
        };
        self.listing.entries.iter().map(path).collect()
    }

    /// Writes the files to a gzipped tar file, below a folder. The same files give the same bytes.
    ///
    /// # Errors
    /// [`ListError::Changed`] if a file is no longer what was hashed, [`ListError::Unreadable`] if one cannot be read or the
    /// archive cannot be written.
    pub async fn pack(&self, folder: &str, to: &Path) -> Result<(), ListError> {
        pack::pack(self, folder, to).await
    }

    /// The names of the blobs, in the order of the files.
    pub(crate) fn blob_name(&self, entry: &Entry) -> String {
        if self.listing.is_folder {
            format!("{}/{}", self.location(), entry.file.path)
        } else {
            self.location()
        }
    }
}

pub(crate) async fn hashed(listing: Listing, watch: Watch<'_>) -> Result<Content, ListError> {
    let stop = Stop::default();
    let (sender, mut parts) = unbounded_channel();
    let stopped = stop.seen_by_thread();
    let tally = Tally::new(listing.entries.len(), listing.bytes(), watch);
    let reading = tokio::task::spawn_blocking(move || {
        let read = read_all(&listing.entries, &stopped, &sender);
        read.map(|(hash, digests)| Content {
            listing,
            digests,
            hash,
        })
    });
    while let Some(Progress {
        files_done,
        bytes_done,
        ..
    }) = parts.recv().await
    {
        tally.add(files_done, bytes_done);
    }
    let read = reading
        .await
        .map_err(|ended| unreadable("", io::Error::other(ended)));
    drop(stop);
    read?
}

/// Reads the files in the order of the hash.
fn read_all(
    entries: &[Entry],
    stopped: &Stopped,
    parts: &UnboundedSender<Progress>,
) -> Result<(String, Vec<FileDigest>), ListError> {
    let files = entries.iter().map(|entry| entry.file.clone()).collect();
    let places: HashMap<&str, usize> = (entries.iter().enumerate())
        .map(|(at, entry)| (entry.file.path.as_str(), at))
        .collect();
    let mut hash = ContentHash::of(files);
    let mut digests = vec![FileDigest::default(); entries.len()];
    while let Some(at) = hash
        .next_file()
        .and_then(|file| places.get(file.path.as_str()).copied())
    {
        let mut file = Reading::open(&entries[at])?;
        let mut digest = Md5::new();
        while let Some(part) = file.next_part(PART)? {
            if stopped.is_set() {
                return Err(unreadable(
                    &entries[at].file.path,
                    io::ErrorKind::Interrupted.into(),
                ));
            }
            digest.update(&part);
            hash.feed(&part).map_err(changed)?;
            tell(parts, 0, part.len() as u64);
        }
        hash.end_file().map_err(changed)?;
        digests[at] = digest.finalize().into();
        tell(parts, 1, 0);
    }
    Ok((hash.finish().map_err(changed)?, digests))
}

fn tell(parts: &UnboundedSender<Progress>, files_done: usize, bytes_done: u64) {
    // Nobody listens any more once the caller has stopped waiting.
    let _ = parts.send(Progress {
        files_done,
        bytes_done,
        ..Progress::default()
    });
}

fn changed(problem: HashProblem) -> ListError {
    match problem {
        HashProblem::Changed { path } | HashProblem::Unread { path } => ListError::Changed { path },
    }
}
