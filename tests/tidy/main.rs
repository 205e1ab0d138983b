//! House rules that can be checked by a machine: who may depend on whom, one list of commands, every word in every
//! language, files one can read in a sitting. Each rule fails where it finds nothing to look at.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test reports by panicking"
)]

mod api_versions;
mod cargo;
mod catalogues;
mod commands;
mod crates;
mod diagnosis;
mod documents;
mod files;
mod idle;
mod imports;
mod page;
mod rust_source;
mod secrets;
mod tree;
mod words;
