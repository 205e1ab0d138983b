//! Runs: plans carried out step by step, journalled so that a killed program can resume.
//!
//! The intent of a request is on disk before the request is sent, and its bookmark as soon as it is known: see [`journal`].
//! Each step inspects before it sends, so that repeating a step is safe. "Succeeded" does not mean "works": the last step
//! of a plan proves the result from outside.
//!
//! Plans are made in `berth-domain`, and callers sign in and bring a connection. Start at [`Runs`].

#![warn(missing_docs)]

pub mod clock;
pub mod cluster_access;
mod engine;
mod error_class;
mod inside;
pub mod journal;
mod owner;
mod prove;
pub mod record;
mod runs;
pub mod scoring;
mod secrets;
mod steps;
mod waiting;

pub use owner::Owner;
pub use runs::{Options, PairOrigin, Rest, RunCertificate, Runs};
pub use waiting::Patience;
