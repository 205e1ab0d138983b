//! A simulated Azure on loopback: Entra ID, Azure Resource Manager and Kubernetes over real HTTPS.
//!
//! It returns the status codes, headers, long-running operations and errors of the real services, in scaled time.
//! It refuses requests that it does not implement. It depends on none of Berth's other crates, so that it cannot
//! share their mistakes.
//!
//! [`Sandbox::start`] starts a sandbox; [`Sandbox::ready`] tells clients where it listens and how to sign in.

mod aks;
mod answer;
mod authorization;
mod call;
mod clock;
mod collection;
mod compute;
mod control;
mod control_token;
mod directory;
mod effect;
mod entra;
mod error;
mod extensions;
mod faults;
mod held_requests;
mod intercept;
mod keyvault;
mod kubernetes;
mod ml;
mod network;
mod operation;
mod options;
mod pki;
mod policy;
mod record;
mod request_log;
mod reserved_names;
mod resource_id;
mod resources;
mod response_faults;
mod router;
mod sandbox;
mod scoring;
mod sealed;
mod seeds;
mod server;
mod shared;
mod state_key;
mod status_page;
mod storage;
mod store;
mod throttle;
mod transport;
mod world;

pub use error::SandboxError;
pub use faults::{FailOperation, Fault, FaultAction, FaultMatch, Hold};
pub use held_requests::HeldRequest;
pub use options::{Options, Ready, Seed, write_ready_file};
pub use request_log::LoggedRequest;
pub use sandbox::Sandbox;
pub use shared::Snapshot;
pub use state_key::StateKey;
