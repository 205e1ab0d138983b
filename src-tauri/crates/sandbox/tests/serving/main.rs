//! What serving models needs: storage, assets, deployments and the calls to them, over real HTTPS.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test reports by panicking"
)]

#[path = "../common/mod.rs"]
mod common;
#[path = "../clusters/near.rs"]
#[allow(dead_code, reason = "the tests of clusters use the rest")]
mod near;

mod assets;
mod classic;
mod classic_site;
mod container;
mod deployments;
mod endpoint;
mod failures;
mod hostile_bodies;
mod hostile_uploads;
mod scoring;
mod uploads;
