//! Reads files named by a person or a document: certificates, keys, roots, specifications.
//!
//! Only regular files up to a size limit are read: a pipe may never end, and reading a device may have effects. Somebody else
//! may have written the path in a document, so it may name neither another computer (Windows offers the person's credential
//! to a host whose file it opens) nor a device.

mod place;

pub use place::NamedBy;

use crate::json_file::{file_problem, problem};
use berth_contract::failure::Failure;
use berth_domain::certificate::PairProblem;
use berth_failures::from_pair;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum InputFileError {
    /// It is a folder, pipe, socket or device.
    #[error("{} is not a regular file", display_path(path))]
    NotAFile {
        /// Path of the file.
        path: PathBuf,
    },
    /// It is larger than the limit.
    #[error("{} has {bytes} bytes, more than the limit of {limit}", display_path(path))]
    TooBig {
        /// Path of the file.
        path: PathBuf,
        /// Size in bytes, or how much was read.
        bytes: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// It is on another computer, or a device.
    #[error(
        "{} names another computer or a device; copy the file to a folder of this computer",
        display_path(path)
    )]
    Elsewhere {
        /// Path of the file.
        path: PathBuf,
    },
    /// The system could not read it.
    #[error("{} {}", display_path(path), said(cause))]
    Unreadable {
        /// Path of the file.
        path: PathBuf,
        /// The error of the system.
        cause: io::Error,
    },
}

impl InputFileError {
    /// Converts to the failure of reading a certificate or key.
    pub fn into_certificate_failure(self) -> Failure {
        match self {
            Self::TooBig { .. } => from_pair(&self.to_pair_problem()),
            other => other.into(),
        }
    }

    /// Converts to a problem of a certificate or key.
    pub fn to_pair_problem(&self) -> PairProblem {
        match self {
            Self::NotAFile { path } => PairProblem::NotAFile {
                file: display_path(path),
            },
            Self::TooBig { path, bytes, limit } => PairProblem::TooBig {
                file: display_path(path),
                bytes: *bytes,
                limit: *limit,
            },
            Self::Elsewhere { path } => PairProblem::Elsewhere {
                file: display_path(path),
            },
            Self::Unreadable { path, cause } => PairProblem::UnreadableFile {
                file: display_path(path),
                why: cause.kind().to_string(),
            },
        }
    }
}

impl From<InputFileError> for Failure {
    fn from(fault: InputFileError) -> Self {
        let failure = match &fault {
            InputFileError::NotAFile { path } => problem(path, "not_a_file"),
            InputFileError::TooBig { path, bytes, limit } => {
                problem(path, "too_big").with("bytes", bytes).with("limit", limit)
            }
            InputFileError::Elsewhere { path } => problem(path, "elsewhere"),
            InputFileError::Unreadable { path, cause } => file_problem(path, cause),
        };
        failure.because(&fault)
    }
}

/// Reads a whole file without blocking the async workers.
///
/// # Errors
/// [`InputFileError`]. A refused file is not read.
pub async fn read(path: &Path, named_by: NamedBy, limit: u64) -> Result<Zeroizing<Vec<u8>>, InputFileError> {
    let path = path.to_owned();
    let reading = tokio::task::spawn_blocking({
        let path = path.clone();
        move || read_now(&path, named_by, limit)
    });
    reading.await.unwrap_or_else(|error| {
        Err(InputFileError::Unreadable {
            path,
            cause: io::Error::other(error),
        })
    })
}

/// Reads a whole file, blocking.
///
/// # Errors
/// As [`read`].
pub fn read_now(path: &Path, named_by: NamedBy, limit: u64) -> Result<Zeroizing<Vec<u8>>, InputFileError> {
    let unreadable = |cause| InputFileError::Unreadable {
        path: path.to_owned(),
        cause,
    };
    check_path(path, named_by)?;
    // Checked before opening, because opening a device may have an effect.
    let seen = std::fs::metadata(path).map_err(unreadable)?;
    if !seen.is_file() {
        return Err(InputFileError::NotAFile {
            path: path.to_owned(),
        });
    }
    if named_by == NamedBy::Document {
        let real = std::fs::canonicalize(path).map_err(unreadable)?;
        if place::is_special(&real) {
            return Err(InputFileError::Elsewhere {
                path: path.to_owned(),
            });
        }
    }
    let file = open(path).map_err(unreadable)?;
    // Checked again, because the path may lead to another file by now.
    let opened = file.metadata().map_err(unreadable)?;
    if !opened.is_file() {
        return Err(InputFileError::NotAFile {
            path: path.to_owned(),
        });
    }
    let too_big = |bytes| InputFileError::TooBig {
        path: path.to_owned(),
        bytes,
        limit,
    };
    if opened.len() > limit {
        return Err(too_big(opened.len()));
    }
    // Allocated at once: a growing buffer would leave copies of a key in memory.
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

/// Checks where a path leads, by its text alone.
///
/// # Errors
/// [`InputFileError::Elsewhere`].
pub fn check_path(path: &Path, named_by: NamedBy) -> Result<(), InputFileError> {
    if place::is_elsewhere(path, named_by) {
        return Err(InputFileError::Elsewhere {
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

/// What the system says about a file, after its name.
fn said(cause: &io::Error) -> String {
    match cause.kind() {
        io::ErrorKind::NotFound => "does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "may not be read by you".to_owned(),
        kind => format!("cannot be read: {kind}"),
    }
}

/// The last part of a path, for display.
pub fn label(path: &Path) -> String {
    display_path(Path::new(path.file_name().unwrap_or(path.as_os_str())))
}

/// A path for display, with control characters escaped.
pub fn display_path(path: &Path) -> String {
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
