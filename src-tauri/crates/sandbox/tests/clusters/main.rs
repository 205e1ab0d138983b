//! Clusters, the objects inside them and the models they serve: over real HTTPS, with real handshakes.
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
mod networks;
mod pools;
mod serving;
