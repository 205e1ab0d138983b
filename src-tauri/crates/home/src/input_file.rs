//! Files that a person or a document names: certificates, keys, roots, specifications.
//!
//! Only regular files are read, and only up to a limit: a pipe may never end, and opening a device may have side
//! effects. A path in a document is untrusted: it may not name a device or another computer (to open a file on a host,
//! Windows sends it the person's credentials).

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
    /// It is a folder, pipe, socket or device.
    #[error("{} is not a regular file", shown(path))]
    NotAFile {
        /// Its path.
        path: PathBuf,
    },
    /// It is too large.
    #[error("{} has {bytes} bytes; at most {limit} are allowed", shown(path))]
    TooBig {
        /// Its path.
        path: PathBuf,
        /// Its size, or the number of bytes read so far.
        bytes: u64,
        /// Most bytes allowed.
        limit: u64,
    },
    /// It is on another computer, or is a device.
    #[error(
        "{} names another computer or a device; copy the file to a folder on this computer",
        shown(path)
    )]
    Elsewhere {
        /// Its path.
        path: PathBuf,
    },
    /// The system failed to open or read it.
    #[error("{} cannot be read", shown(path))]
    Unreadable {
        /// Its path.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
}

impl FileFault {
    /// Converts it to the failure of reading a certificate or key.
    pub fn of_certificate(self) -> Failure {
        match self {
            Self::TooBig { .. } => from_pair(&self.of_pair()),
            other => other.into(),
        }
    }

    /// Converts it to the problem of a certificate or key.
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

/// Reads a whole file on a blocking thread, if it has at most `limit` bytes.
///
/// # Errors
/// [`FileFault`].
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

/// As [`read`], but blocks the current thread.
///
/// # Errors
/// As [`read`].
pub fn read_now(path: &Path, named_by: NamedBy, limit: u64) -> Result<Zeroizing<Vec<u8>>, FileFault> {
    let unreadable = |source| FileFault::Unreadable {
        path: path.to_owned(),
        source,
    };
    check_place(path, named_by)?;
    // Checked before opening, because opening a device may have side effects.
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
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
    // Checked again, because the path may have been replaced in the meantime.
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
    // Allocated at full size: growing the buffer would leave copies of a key in memory.
    let capacity = usize::try_from(opened.len())
        .unwrap_or_default()
        .saturating_add(1);
    let mut content = Zeroizing::new(Vec::with_capacity(capacity));
    file.take(limit.saturating_add(1))
        .read_to_end(&mut content)
        .map_err(unreadable)?;
    match u64::try_from(content.len()) {
        Ok(bytes) if bytes <= limit => Ok(content),
        bytes => Err(too_big(bytes.unwrap_or(u64::MAX))),
    }
}

/// Checks a path without touching the file system.
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

/// Opens a file without blocking on a pipe.
fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK | libc::O_NOCTTY);
    options.open(path)
}

/// Returns a file's name, for display.
pub fn label(path: &Path) -> String {
    shown(Path::new(path.file_name().unwrap_or(path.as_os_str())))
}

/// Formats a path for display, with control characters escaped.
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
