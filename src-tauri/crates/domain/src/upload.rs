//! What is uploaded for a version: the files of a folder, and their content hash.
//!
//! Reading the folder is not done here. Whoever walks it applies the rules of the [`IgnoreFile`] with the last pattern
//! that matches a file or one of its folders deciding, as azure-ai-ml does.

mod content_hash;
mod ignore_file;
mod listing;

pub use content_hash::{ContentHash, HASH_VERSION, HashProblem};
pub use ignore_file::{IgnoreFile, patterns};
pub use listing::{ListingProblem, MOST_BYTES, problems};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Stands for the address of the container in the request that registers code: Azure ML hands out a fresh one when the upload
/// begins.
pub const CONTAINER: &str = "{container}";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UploadFile {
    /// Path relative to the folder, with `/`.
    pub path: String,
    /// Its size in bytes, that of the target for a link.
    pub size: u64,
}
