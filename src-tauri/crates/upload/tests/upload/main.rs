//! Uploads to the sandbox's Blob Storage, over real HTTPS, and to servers that misbehave.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test reports by panicking"
)]

mod artifacts;
mod azure;
mod changing;
mod hostile;
mod interrupted;
mod listing;
#[path = "../../../http/tests/http/server.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with other crates")]
mod server;
mod signatures;
mod uploading;
