//! The control plane as clients see it, over real HTTPS.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "../common/mod.rs"]
mod common;

mod control;
mod entra;
mod life;
mod network_and_compute;
mod people;
mod resources;
mod rights;
