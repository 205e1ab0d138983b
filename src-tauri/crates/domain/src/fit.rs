//! Whether the replicas of a version fit on the nodes of a cluster, and what would make them fit.
//!
//! What is free on a node is what the node can give minus what its pods request, Azure ML's own pods included. What
//! could not be read is unknown, and an unknown node neither fits nor is full.

mod amounts;
mod check;
mod growth;
mod node;
mod pools;
mod quantity;
mod remedy;
mod together;
mod workload;

pub use amounts::{Amounts, AmountsProblem, InitContainer, pod_request};
pub use check::{Fit, FitVerdict, NodeFit, check};
pub use growth::{AddedNodes, Pool, new_node, reserved};
pub use node::{Node, Reason, Taint};
pub use pools::pools;
pub use quantity::{QuantityProblem, in_thousandths, in_units, show_bytes, show_thousandths};
pub use remedy::{Remedy, other_instance_types, remedies};
pub use together::check_together;
pub use workload::{AmlPlace, InstanceType, SURGE, Workload};

#[cfg(test)]
mod tests;
