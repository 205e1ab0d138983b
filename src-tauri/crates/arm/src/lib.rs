//! Azure Resource Manager: clouds as data, requests, retry, paging, long-running operations, faults, resources.
//!
//! A write is never repeated when it may have arrived. Nothing here decides what to send: callers bring the request.
//! Start at [`Arm`].

#![warn(missing_docs)]

mod address;
pub mod client;
pub mod cloud;
mod cluster_hosts;
pub mod error;
pub mod exchange;
mod fault;
mod holder;
mod json;
mod memory;
mod pages;
mod planes;
pub mod poll;
pub mod resources;
pub mod retry;
mod throttle;
mod token;
mod versions;
mod wire;

pub use client::{Arm, ArmOptions};
pub use error::{ArmError, CredentialTimedOut, TokenError};
pub use exchange::{Outgoing, Sent, api_version};
pub use holder::Holder;
pub use pages::Pages;
pub use poll::{Bookmark, Poll};

/// Any credential of an account.
pub type Credential = std::sync::Arc<dyn azure_core::credentials::TokenCredential>;
