//! The HTTP client for everything that carries a credential: Azure Resource Manager, Entra ID, Key Vault, Azure ML,
//! certificate authorities.
//!
//! It uses https only (TLS 1.2 or newer), follows no redirects and has timeouts. Nothing is decompressed, so a limit
//! on the bytes read limits memory too. Read bodies with [`read_limited`], never with `Response::bytes`.

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

/// Maximum size of a list in bytes, over all its pages.
pub const LIST_BYTES: usize = 64 * 1024 * 1024;
/// Maximum size in bytes of an answer with a token, a secret, an error or a certificate.
pub const SMALL_BYTES: usize = 1024 * 1024;
