//! What serving models needs: storage, assets, deployments and the calls to them, over real HTTPS.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test reports by panicking"
)]

#[path = "../common/mod.rs"]
mod common;
#[path = "../clusters/near.rs"]
mod near;

mod assets;
mod container;
mod hostile_uploads;
mod uploads;
