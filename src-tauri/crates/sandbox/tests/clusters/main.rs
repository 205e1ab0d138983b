//! Clusters, what is inside them, and what they serve: over real HTTPS, with real handshakes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test reports by panicking"
)]

#[path = "../common/mod.rs"]
mod common;

mod attaching;
mod extensions;
mod kubernetes;
mod life;
mod near;
mod serving;
