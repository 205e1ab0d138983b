//! Virtual networks and their subnets.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct VnetFacts {
    pub id: String,
    pub name: String,
    pub resource_group: String,
    pub location: String,
    /// Address ranges, CIDR.
    pub address_space: Vec<String>,
    pub subnets: Vec<SubnetFacts>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SubnetFacts {
    pub id: String,
    pub name: String,
    /// Address ranges, CIDR.
    pub prefixes: Vec<String>,
    /// Services the subnet is delegated to.
    pub delegations: Vec<String>,
    /// `None` if Azure did not report it.
    pub free_addresses: Option<u32>,
    pub has_route_table: bool,
    pub has_nat_gateway: bool,
    pub has_security_group: bool,
    /// `defaultOutboundAccess`, if set.
    pub default_outbound_access: Option<bool>,
}
