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

impl VnetFacts {
    /// The subnet with a name.
    pub fn subnet(&self, name: &str) -> Option<&SubnetFacts> {
        let mut subnets = self.subnets.iter();
        subnets.find(|subnet| subnet.name.eq_ignore_ascii_case(name))
    }
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
    /// Resource id of its route table.
    pub route_table_id: Option<String>,
    pub has_nat_gateway: bool,
    pub has_security_group: bool,
    /// `defaultOutboundAccess`, if set.
    pub default_outbound_access: Option<bool>,
}

/// A route table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteTableFacts {
    pub name: String,
    /// Type of the next hop of the route for `0.0.0.0/0`, if there is one.
    pub default_next_hop: Option<String>,
}
