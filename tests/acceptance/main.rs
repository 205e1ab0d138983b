//! Whole flows against the sandbox over real HTTPS: the crates as the window and the command line use them, no window.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    unreachable_pub,
    missing_docs,
    reason = "tests report by panicking, and nobody reads their items from outside"
)]

mod bad_input;
mod canary;
mod certificates;
mod change_files;
mod changes;
mod command_line;
mod diagnose;
mod entra;
mod harness;
mod hostile;
mod hostile_input;
mod keychain;
mod kubeconfig;
mod matrix;
mod plan_files;
mod private;
mod readme;
mod refusals;
mod renewal;
mod resending;
mod resume;
mod set_up;
mod taken_back;
mod unread;
mod waits;
