//! Azure Resource Manager: clouds as data, requests, retry, paging, long-running operations, faults, resources.
//!
//! A write is never repeated when it may have arrived. Nothing here decides what to send: callers bring the request.
//! Start at [`Arm`].

pub mod client;
pub mod cloud;
pub mod error;
pub mod exchange;
pub mod fault;
mod http;
mod planes;
pub mod poll;
pub mod resources;
pub mod retry;
mod throttle;
mod token;

pub use client::{Arm, ArmOptions};
pub use error::ArmError;
pub use exchange::{Outgoing, Sent, api_version};
pub use fault::AzureFault;
pub use poll::{Bookmark, Poll};

/// Any credential of an account.
pub type Credential = std::sync::Arc<dyn azure_core::credentials::TokenCredential>;
