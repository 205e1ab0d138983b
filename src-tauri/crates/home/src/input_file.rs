//! Files that a person or a document names: certificates, keys, roots, specifications.
//!
//! Only regular files are read, and no more of them than makes sense: a pipe would never end, a device has effects of its
//! own. A path in a document is somebody else's choice: it may not name another computer (Windows offers the person's
//! credential to a host it opens a file of) and no device.

mod place;

pub use place::NamedBy;

use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::certificate::PairProblem;
use berth_failures::from_pair;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    /// A folder, pipe, socket or device.
    #[error("{} is not a regular file", shown(path))]
    NotAFile {
        /// Its path.
        path: PathBuf,
    },
    /// It has more bytes than are read.
    #[error("{} has {bytes} bytes, more than the {limit} that are read", shown(path))]
    TooBig {
        /// Its path.
        path: PathBuf,
        /// Its size, or what of it was seen.
        bytes: u64,
        /// The most that is read.
        limit: u64,
    },
    /// On another computer, or a device.
    #[error(
        "{} names another computer or a device; copy the file to a folder of this computer",
        shown(path)
    )]
    Elsewhere {
        /// Its path.
        path: PathBuf,
    },
    /// The system did not give it.
    #[error("{} cannot be read", shown(path))]
    Unreadable {
        /// Its path.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl FileFault {
    /// As the failure of reading a certificate or key.
    pub fn of_certificate(self) -> Failure {
        match self {
            Self::TooBig { .. } => from_pair(&self.of_pair()),
            other => other.into(),
        }
    }

    /// As the problem of a certificate or key.
    pub fn of_pair(&self) -> PairProblem {
        match self {
            Self::NotAFile { path } => PairProblem::NotAFile { file: shown(path) },
            Self::TooBig { path, bytes, limit } => PairProblem::TooBig {
                file: shown(path),
                bytes: *bytes,
                limit: *limit,
            },
            Self::Elsewhere { path } => PairProblem::Elsewhere { file: shown(path) },
            Self::Unreadable { path, source } => PairProblem::UnreadableFile {
                file: shown(path),
                why: source.to_string(),
            },
        }
    }
}

impl From<FileFault> for Failure {
    fn from(fault: FileFault) -> Self {
        let failure = Self::new(FailureCode::FileProblem, Remedy::CorrectInput);
        let failure = match &fault {
            FileFault::NotAFile { path } => failure.with("path", shown(path)).with("why", "not_a_file"),
            FileFault::TooBig { path, bytes, limit } => failure
                .with("path", shown(path))
                .with("why", "too_big")
                .with("bytes", bytes)
                .with("limit", limit),
            FileFault::Elsewhere { path } => failure.with("path", shown(path)).with("why", "elsewhere"),
            FileFault::Unreadable { path, .. } => failure.with("path", shown(path)),
        };
        failure.because(&fault)
    }
}

/// Reads a file whole, off the async workers.
///
/// # Errors
/// [`FileFault`]; nothing of a refused file has been read.
pub async fn read(path: &Path, named_by: NamedBy, limit: u64) -> Result<Zeroizing<Vec<u8>>, FileFault> {
    let path = path.to_owned();
    let reading = tokio::task::spawn_blocking({
        let path = path.clone();
        move || read_now(&path, named_by, limit)
    });
    reading.await.unwrap_or_else(|error| {
        Err(FileFault::Unreadable {
            path,
            source: io::Error::other(error),
        })
    })
}

/// The same where nobody waits beside it.
///
/// # Errors
/// As [`read`].
pub fn read_now(path: &Path, named_by: NamedBy, limit: u64) -> Result<Zeroizing<Vec<u8>>, FileFault> {
    let unreadable = |source| FileFault::Unreadable {
        path: path.to_owned(),
        source,
    };
    check_place(path, named_by)?;
    // Looked at first: to open a device may have an effect.
    let seen = std::fs::metadata(path).map_err(unreadable)?;
    if !seen.is_file() {
        return Err(FileFault::NotAFile {
            path: path.to_owned(),
        });
    }
    if named_by == NamedBy::Document {
        let real = std::fs::canonicalize(path).map_err(unreadable)?;
        if place::is_special(&real) {
            return Err(FileFault::Elsewhere {
                path: path.to_owned(),
            });
        }
    }
    let file = open(path).map_err(unreadable)?;
    // Looked at again: something else may stand there by now.
    let opened = file.metadata().map_err(unreadable)?;
    if !opened.is_file() {
        return Err(FileFault::NotAFile {
            path: path.to_owned(),
        });
    }
    let too_big = |bytes| FileFault::TooBig {
        path: path.to_owned(),
        bytes,
        limit,
    };
    if opened.len() > limit {
        return Err(too_big(opened.len()));
    }
    // All of it at once: a buffer that grows leaves copies of a key behind.
    let room = usize::try_from(opened.len())
        .unwrap_or_default()
        .saturating_add(1);
    let mut content = Zeroizing::new(Vec::with_capacity(room));
    file.take(limit.saturating_add(1))
        .read_to_end(&mut content)
        .map_err(unreadable)?;
    match u64::try_from(content.len()) {
        Ok(bytes) if bytes <= limit => Ok(content),
        bytes => Err(too_big(bytes.unwrap_or(u64::MAX))),
    }
}

/// Checks where a path leads by its text alone.
///
/// # Errors
/// [`FileFault::Elsewhere`].
pub fn check_place(path: &Path, named_by: NamedBy) -> Result<(), FileFault> {
    if place::is_elsewhere(path, named_by) {
        return Err(FileFault::Elsewhere {
            path: path.to_owned(),
        });
    }
    Ok(())
}

/// Opens without waiting for the other end of a pipe.
fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK | libc::O_NOCTTY);
    options.open(path)
}

/// The name people know a file by: the last part of its path.
pub fn label(path: &Path) -> String {
    shown(Path::new(path.file_name().unwrap_or(path.as_os_str())))
}

/// A path as a person can read it, with every control character made visible.
pub fn shown(path: &Path) -> String {
    let hidden = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let text = path.display().to_string();
    text.chars().fold(String::new(), |mut shown, letter| {
        if hidden(letter) {
            shown.extend(letter.escape_unicode());
        } else {
            shown.push(letter);
        }
        shown
    })
}

#[cfg(test)]
mod tests;
