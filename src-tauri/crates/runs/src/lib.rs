//! Runs: plans carried out step by step, journalled so that a killed program resumes.
//!
//! What is intended is on disk before a request leaves, how to ask for its end as soon as it is known: see [`journal`].
//! Each step looks before it sends, so that doing it twice is doing it once. "Succeeded" is not "works": the last step of
//! a plan looks from outside.
//!
//! Not here: what to do (that is the plan, made in `berth-domain`), and signing in (callers bring a connection).
//! Start at [`Runs`].

pub mod clock;
mod engine;
pub mod journal;
mod owner;
mod patience;
mod prove;
pub mod record;
mod runs;
mod secrets;
mod steps;
mod trouble;
pub mod way_in;

pub use owner::Owner;
pub use patience::Patience;
pub use runs::{CertificateOfRun, MadeBy, Options, Rest, Runs};
