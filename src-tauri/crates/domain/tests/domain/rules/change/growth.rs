//! Whether more nodes find addresses.

use super::*;

/// A cluster whose pool of three nodes has the chosen subnet, with `free` addresses in it.
fn in_subnet(change: Change, free: Option<u32>, spoil: impl FnOnce(&mut ClusterFacts)) -> Good {
    let vnet = good::vnet();
    let subnet_id = format!("{}/subnets/aks-subnet", vnet.id);
    facing(
        &on(&classic(change), |found| {
            found.network_plugin_mode = Some("overlay".into());
            found.pools[0].subnet_id = Some(subnet_id.to_uppercase());
            spoil(found);
        }),
        |facts| {
            let mut vnet = good::vnet();
            vnet.subnets[0].id = subnet_id.clone();
            vnet.subnets[0].free_addresses = free;
            facts.change.networks = Fact::Known(vec![vnet]);
        },
    )
}

pub(super) fn rows() -> Vec<Row> {
    let overlay = |_: &mut ClusterFacts| ();
    let flat = |found: &mut ClusterFacts| found.network_plugin_mode = None;
    let ranged = |range: &'static str| move |found: &mut ClusterFacts| found.pod_cidrs = vec![range.into()];
    let stopped = |found: &mut ClusterFacts| found.power_state = "Stopped".into();
    let pods_apart = |found: &mut ClusterFacts| {
        found.network_plugin_mode = None;
        found.pools[0].pod_subnet_id = found.pools[0].subnet_id.clone();
    };
    let full = |code, change: Change, free: u32, spoil: fn(&mut ClusterFacts)| {
        let enough = in_subnet(change.clone(), Some(free), spoil);
        told(code, Blocking, enough, in_subnet(change, Some(free - 1), spoil))
    };
    let many = || in_subnet(scale(8), Some(100), ranged("10.244.0.0/20"));
    vec![
        // Five more nodes.
        full("NET-23", scale(8), 5, overlay),
        full("NET-23", autoscale(3, 20), 17, overlay),
        full("NET-23", scale(8), 5 * 31, flat),
        // Two of the same subnet: one address and a batch of pods' addresses.
        full("NET-23", scale(5), 2 * 17, pods_apart),
        full("NET-23", upgrade("1.36", true), 1, overlay),
        full("NET-23", power(true), 3, stopped),
        told(
            "NET-23.upgrade",
            Warning,
            in_subnet(scale(8), Some(6), overlay),
            in_subnet(scale(8), Some(5), overlay),
        ),
        told(
            "NET-23.untold",
            Unknown,
            in_subnet(scale(8), Some(6), overlay),
            in_subnet(scale(8), None, overlay),
        ),
        told(
            "NET-24",
            Blocking,
            many(),
            in_subnet(scale(8), Some(100), ranged("10.244.0.0/22")),
        ),
        told(
            "NET-24.upgrade",
            Warning,
            many(),
            in_subnet(scale(8), Some(100), ranged("10.244.0.0/21")),
        ),
    ]
}

#[test]
fn fewer_nodes_and_networks_of_aks_need_no_address() {
    for good in [
        in_subnet(scale(2), Some(0), |_| ()),
        in_subnet(upgrade("1.36", false), Some(0), |_| ()),
        in_subnet(power(true), Some(0), |_| ()),
        in_subnet(autoscale_off(), Some(0), |_| ()),
        classic(scale(8)),
    ] {
        let told = codes(&good);
        assert!(!told.iter().any(|code| code.starts_with("NET-2")), "{told:?}");
    }
}

#[test]
fn a_network_that_could_not_be_read_is_reported() {
    let good = facing(&in_subnet(scale(8), None, |_| ()), |facts| {
        facts.change.networks = Fact::Unknown("403 Forbidden".into());
    });
    assert!(codes(&good).contains("unread.vnet"));
}
