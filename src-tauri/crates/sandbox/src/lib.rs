//! An Azure on loopback: Entra, Azure Resource Manager and Kubernetes over real HTTPS.

pub mod answer;
pub mod authorization;
pub mod call;
pub mod clock;
pub mod compute;
pub mod effect;
pub mod network;
pub mod operation;
pub mod policy;
pub mod resource_id;
pub mod resources;
pub mod router;
pub mod world;
