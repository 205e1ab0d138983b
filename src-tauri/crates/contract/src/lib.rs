//! The interface between the window and Rust: commands, models, run events and failures. The TypeScript types in
//! `ui/src/ipc/generated` are generated from these types and those of `berth-domain`.
//!
//! None of these types contains a secret: they refer to accounts, certificates and keys by id.

#![warn(missing_docs)]

pub mod commands;
pub mod diagnosis;
pub mod failure;
pub mod kubeconfig;
pub mod model;
pub mod review;
pub mod run;
