//! A client for Azure Resource Manager: clouds, requests, retries, paging, long-running operations, faults, resources.
//!
//! A write that may have arrived is never sent again. This crate does not decide what to send: callers build the
//! requests. Start at [`Arm`].

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
mod storage_credential;
mod throttle;
mod token;
mod transport;
mod versions;
mod wire;

pub use client::{Arm, ArmOptions};
pub use error::{ArmError, BadJson, CredentialTimedOut, TokenError};
pub use exchange::{Outgoing, Sent, api_version};
pub use holder::Holder;
pub use pages::Pages;
pub use poll::{Bookmark, Poll};
pub use transport::transport;

/// A shared credential that supplies an account's tokens.
pub type Credential = std::sync::Arc<dyn azure_core::credentials::TokenCredential>;
