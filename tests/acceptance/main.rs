//! End-to-end tests against the sandbox over real HTTPS, through the crates that the window and the command line use.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    unreachable_pub,
    missing_docs,
    reason = "tests report by panicking, and their items are not a public API"
)]

mod bad_input;
mod canary;
mod certificates;
mod change_files;
mod changes;
mod command_line;
mod deploying;
mod diagnose;
mod endpoints;
mod entra;
mod extension;
mod harness;
mod hostile;
mod hostile_input;
mod keychain;
mod kubeconfig;
mod matrix;
mod networks;
mod plan_files;
mod private;
mod readme;
mod refusals;
mod renewal;
mod resending;
mod resume;
mod rollback;
mod set_up;
mod unread;
mod waits;
