//! What crosses between the window and Rust: the command table, the models, the run stream and the failures.
//! The TypeScript under `ui/src/ipc/generated` is generated from these types and those of `berth-domain`.
//!
//! Nothing secret is in any of them: accounts, certificates and keys are named by id.

#![warn(missing_docs)]

pub mod commands;
pub mod diagnosis;
pub mod failure;
pub mod kubeconfig;
pub mod model;
pub mod review;
pub mod run;
