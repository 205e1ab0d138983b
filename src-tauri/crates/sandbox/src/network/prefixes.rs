//! IPv4 ranges as Azure counts them.

use ipnet::Ipv4Net;
use serde_json::Value;

/// Addresses Azure reserves in each subnet: the first four and the last
/// (learn.microsoft.com/azure/virtual-network/virtual-networks-faq).
pub(crate) const RESERVED: u64 = 5;

/// `addressPrefix` or `addressPrefixes` of a subnet's properties; ignores anything but IPv4.
pub(crate) fn of_subnet(properties: &Value) -> Vec<Ipv4Net> {
    let one = properties["addressPrefix"].as_str().into_iter();
    let many = properties["addressPrefixes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let mut prefixes: Vec<Ipv4Net> = one.chain(many).filter_map(|text| text.parse().ok()).collect();
    prefixes.dedup();
    prefixes
}

pub(crate) fn of_vnet(properties: &Value) -> Vec<Ipv4Net> {
    let prefixes = properties["addressSpace"]["addressPrefixes"]
        .as_array()
        .into_iter()
        .flatten();
    prefixes
        .filter_map(Value::as_str)
        .filter_map(|text| text.parse().ok())
        .collect()
}

pub(crate) fn overlap(one: &Ipv4Net, other: &Ipv4Net) -> bool {
    one.contains(other) || other.contains(one)
}

/// Usable addresses of a range.
pub(crate) fn usable(prefix: &Ipv4Net) -> u64 {
    (1u64 << (32 - prefix.prefix_len())).saturating_sub(RESERVED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn azure_reserves_five_addresses_of_each_subnet() {
        for (prefix, expected) in [("10.0.0.0/24", 251), ("10.0.0.0/29", 3), ("10.0.0.0/31", 0)] {
            assert_eq!(usable(&prefix.parse().unwrap()), expected, "{prefix}");
        }
    }
}
