//! Uploads a folder of code, or a model, to Azure Blob Storage, and downloads the code of a service.
//!
//! [`Listing::of`] finds the files that count, [`Listing::hashed`] reads them, and [`upload`] sends them to a container.
//! Paths, ignored files and hash are those of azure-ai-ml, so that its uploads and Berth's are found by each other.
//! Files are only read. Their content leaves this computer only for the storage of the [`Cloud`](berth_arm::cloud::Cloud).

#![warn(missing_docs)]

mod client;
mod container;
mod content;
mod download;
mod error;
mod file;
mod ignoring;
mod kind;
mod listing;
mod pack;
mod progress;
mod sas;
mod send;
mod stop;
mod upload;
mod walk;

pub use container::{Access, Container};
pub use content::Content;
pub use download::{CodeFile, download_artifact, unpack};
pub use error::{ListError, UploadError};
pub use kind::Kind;
pub use listing::Listing;
pub use progress::{Progress, Watch};
pub use sas::sas_of_key;
pub use upload::{Mark, Outcome, upload, upload_artifacts};
