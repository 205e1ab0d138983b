//! Packs files into one archive, as the classic route wants the code of a service (package azureml-core 1.61,
//! `_model_management/_util.py`, `upload_dependency`).

use crate::ListError;
use crate::content::{Content, FileDigest};
use crate::file::Reading;
use crate::stop::{Stop, Stopped};
use crate::walk::{Entry, unreadable};
use flate2::Compression;
use flate2::write::GzEncoder;
use md5::{Digest as _, Md5};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use tar::{Builder, Header};

/// Bytes that are read at once.
const PART: usize = 1 << 20;

pub(crate) async fn pack(content: &Content, folder: &str, to: &Path) -> Result<(), ListError> {
    let entries = content.listing.entries.clone();
    let (digests, folder, to) = (content.digests.clone(), folder.to_owned(), to.to_owned());
    let stop = Stop::default();
    let stopped = stop.seen_by_thread();
    let packing = tokio::task::spawn_blocking(move || {
        let files = entries.iter().zip(&digests);
        write(files, &folder, &to, &stopped)
    });
    let packed = packing
        .await
        .map_err(|ended| unreadable("", io::Error::other(ended)));
    drop(stop);
    packed?
}

fn write<'a>(
    files: impl Iterator<Item = (&'a Entry, &'a FileDigest)>,
    folder: &str,
    to: &PathBuf,
    stopped: &Stopped,
) -> Result<(), ListError> {
    let failed = |source| unreadable(&to.display().to_string(), source);
    let file = File::create(to).map_err(failed)?;
    let mut archive = Builder::new(GzEncoder::new(file, Compression::fast()));
    for (entry, digest) in files {
        let mut source = Source {
            file: Reading::open(entry)?,
            part: Vec::new(),
            at: 0,
            digest: Md5::new(),
            problem: None,
            stopped,
        };
        let mut header = Header::new_gnu();
        header.set_size(entry.file.size);
        header.set_mode(0o644);
        let added = archive.append_data(&mut header, format!("{folder}/{}", entry.file.path), &mut source);
        if let Some(problem) = source.problem {
            return Err(problem);
        }
        added.map_err(failed)?;
        if FileDigest::from(source.digest.finalize()) != *digest {
            return Err(source.file.changed());
        }
    }
    let packed = archive.into_inner().and_then(GzEncoder::finish);
    packed.and_then(|file| file.sync_all()).map_err(failed)
}

/// A file as the archive reads it.
struct Source<'a> {
    file: Reading,
    part: Vec<u8>,
    at: usize,
    digest: Md5,
    problem: Option<ListError>,
    stopped: &'a Stopped,
}

impl Read for Source<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.stopped.is_set() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        if self.at == self.part.len() {
            self.part = match self.file.next_part(PART) {
                Ok(part) => part.unwrap_or_default(),
                Err(problem) => {
                    self.problem = Some(problem);
                    return Err(io::ErrorKind::Other.into());
                }
            };
            self.digest.update(&self.part);
            self.at = 0;
        }
        let rest = &self.part[self.at..];
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}
