//! Why files cannot be listed or uploaded. Paths are relative to the folder, except that of the folder itself. No error
//! contains a signature.

use berth_arm::ArmError;
use std::io;

/// Why files cannot be listed or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// There is no such file or folder.
    #[error("{path} does not exist")]
    Missing {
        /// The path that was given.
        path: String,
    },
    /// A folder is needed.
    #[error("{path} is a file; choose its folder")]
    NotAFolder {
        /// The path that was given.
        path: String,
    },
    /// A file or folder cannot be read.
    #[error("{} cannot be read: {}", named(path), cause.kind())]
    Unreadable {
        /// Its path.
        path: String,
        /// What the system says.
        cause: io::Error,
    },
    /// The target of a link is missing, or links lead in a circle.
    #[error("the link {path} leads nowhere; remove or ignore it")]
    BrokenLink {
        /// Path of the link.
        path: String,
    },
    /// Neither a file nor a folder, itself or through a link.
    #[error("{path} is {what}, not a file; remove or ignore it")]
    NotAFile {
        /// Its path.
        path: String,
        /// What it is.
        what: &'static str,
    },
    /// A name that is not Unicode cannot be the name of a blob.
    #[error("the name {path} is not Unicode; rename or ignore it")]
    Name {
        /// The path, with replacement characters.
        path: String,
    },
    /// Too many files.
    #[error("there are more than {most} files; move what is not needed elsewhere, or ignore it")]
    TooMany {
        /// The limit.
        most: usize,
    },
    /// Folders are nested too deeply.
    #[error("{path} is more than {most} folders deep")]
    TooDeep {
        /// Path of the folder.
        path: String,
        /// The limit.
        most: usize,
    },
    /// A file is too large.
    #[error("{path} has {bytes} bytes; a file can have at most {most}")]
    TooLarge {
        /// Path of the file.
        path: String,
        /// Its size.
        bytes: u64,
        /// The limit.
        most: u64,
    },
    /// All files together are too large.
    #[error("the files have {bytes} bytes together; at most {most} are uploaded")]
    TooLargeTogether {
        /// Their size.
        bytes: u64,
        /// The limit.
        most: u64,
    },
    /// A line of the ignore file cannot be understood.
    #[error("line {line} of {file} cannot be understood")]
    Pattern {
        /// Name of the ignore file.
        file: &'static str,
        /// Number of the line, from 1.
        line: usize,
    },
    /// A file is another one than when it was listed or hashed.
    #[error("{path} has changed; wait until nothing writes to it, and try again")]
    Changed {
        /// Path of the file.
        path: String,
    },
}

/// The path in a sentence.
fn named(path: &str) -> &str {
    match path {
        "" | "." => "the folder",
        path => path,
    }
}

/// Why an upload failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UploadError {
    /// A file cannot be read, or changed since it was hashed. Nothing was registered.
    #[error(transparent)]
    File(#[from] ListError),
    /// The address of the container is not one of Blob Storage in this cloud. Nothing was sent.
    #[error("{host} is not storage of this cloud; nothing was sent to it")]
    Elsewhere {
        /// Host of the address; empty if it has none.
        host: String,
    },
    /// The storage no longer accepts the signature, or the container is gone. A fresh container is needed.
    #[error("{host} no longer accepts the upload ({code})")]
    Ended {
        /// Host of the storage account.
        host: String,
        /// Azure's error code.
        code: String,
        /// What Azure answered.
        #[source]
        source: ArmError,
    },
    /// Another content is already stored under the name of a file.
    #[error("{path} is already there with another content")]
    Different {
        /// Path of the file.
        path: String,
    },
    /// The file is larger than what is downloaded.
    #[error("the file has more than {most} bytes")]
    TooLarge {
        /// The limit.
        most: usize,
    },
    /// Any other failure of a request.
    #[error(transparent)]
    Azure(#[from] ArmError),
}

impl UploadError {
    /// Whether the upload can go on in a fresh container, or with a fresh signature.
    pub fn needs_fresh_container(&self) -> bool {
        matches!(self, Self::Ended { .. })
    }
}
