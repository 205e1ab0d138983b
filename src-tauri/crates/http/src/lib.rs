//! The one HTTP client of Berth, for everything that carries a credential: Azure Resource Manager, Entra ID, Key Vault,
//! Azure ML, certificate authorities.
//!
//! It speaks https only (TLS 1.2 or newer), follows no redirect, and gives up after a time. Nothing is decompressed, so
//! that a limit on what is read is a limit on what is kept. Read bodies with [`read_limited`], never with
//! `Response::bytes`.

mod body;
mod client;
mod distrust;
mod json;
mod redirect;
mod retry_after;
mod room;

pub use body::{BodyError, Collected, TooLarge, read_limited};
pub use client::{CONNECT, SetUpError, Settings, client, metadata_client};
pub use distrust::{Distrust, distrust};
pub use json::weight;
pub use redirect::{host_of, redirects_to};
pub use retry_after::{LONGEST_ASKED, asked_wait, read_asked_wait};
pub use room::{LARGE_BYTES, LARGE_WEIGHT, Room};

/// Most bytes of a list, all its pages together.
pub const LIST_BYTES: usize = 64 * 1024 * 1024;
/// Most bytes of an answer that holds a token, a secret, an error or a certificate.
pub const SMALL_BYTES: usize = 1024 * 1024;
