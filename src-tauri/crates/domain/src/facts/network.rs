//! Virtual networks and their subnets.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A virtual network with its subnets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct VnetFacts {
    /// Resource id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Resource group.
    pub resource_group: String,
    /// Location.
    pub location: String,
    /// Its address ranges.
    pub address_space: Vec<String>,
    /// Subnets.
    pub subnets: Vec<SubnetFacts>,
}

/// A subnet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SubnetFacts {
    /// Resource id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Address ranges.
    pub prefixes: Vec<String>,
    /// Services it is delegated to.
    pub delegations: Vec<String>,
    /// Free addresses, where the service told.
    pub free_addresses: Option<u32>,
    /// Whether it has a route table.
    pub has_route_table: bool,
    /// Whether it has a NAT gateway.
    pub has_nat_gateway: bool,
    /// Whether it has a network security group.
    pub has_security_group: bool,
    /// `defaultOutboundAccess`, where set.
    pub default_outbound_access: Option<bool>,
}
