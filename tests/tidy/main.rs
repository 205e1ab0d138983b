//! Rules that a machine can check: dependencies between crates, one list of commands, every text in every language,
//! short files. Each rule fails if it finds nothing to check.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "tests report by panicking"
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
