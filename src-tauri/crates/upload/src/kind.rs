//! What is uploaded, and the limits that apply.

use berth_domain::upload::MOST_BYTES;

/// What is uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A folder with a scoring script. Each replica gets a copy of it, so large files belong into a model.
    Code,
    /// A model: a file or a folder.
    Model,
}

/// The most files of one upload.
pub(crate) const MOST_FILES: usize = 50_000;
/// The most files and folders that are looked at, ignored ones included.
pub(crate) const MOST_ENTRIES: usize = 500_000;
/// The deepest folder.
pub(crate) const DEEPEST: usize = 60;

const GIB: u64 = 1 << 30;

impl Kind {
    /// The largest file, in bytes.
    pub const fn most_bytes(self) -> u64 {
        match self {
            Self::Code => GIB,
            Self::Model => MOST_BYTES,
        }
    }

    /// The most bytes of all files together.
    pub const fn most_bytes_together(self) -> u64 {
        match self {
            Self::Code => 2 * GIB,
            Self::Model => 5 * MOST_BYTES,
        }
    }

    /// The folder's name in the container where its own cannot be used.
    pub(crate) const fn fallback_name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Model => "model",
        }
    }
}
