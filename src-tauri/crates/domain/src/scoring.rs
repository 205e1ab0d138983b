//! Calls to an endpoint: which address may get its key, and the limits.

mod address;

pub use address::{AddressProblem, FrontEndName, KnownFrontEnd, ScoringAddress};

/// Largest body of a request in bytes (learn.microsoft.com/azure/machine-learning/v1/how-to-deploy-azure-kubernetes-service).
pub const REQUEST_BYTES: usize = 100 << 20;

/// Bytes of an answer to keep.
pub const ANSWER_BYTES: usize = 16 << 20;

/// Header that selects a version, and names the one that answered (extension route;
/// learn.microsoft.com/azure/machine-learning/how-to-safely-rollout-online-endpoints).
pub const VERSION_HEADER: &str = "azureml-model-deployment";
