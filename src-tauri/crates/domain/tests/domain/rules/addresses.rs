//! Names and ids in a specification that become part of a request's address.

use super::{Blocking, Row, findings, row};
use crate::good;
use berth_domain::facts::*;
use berth_domain::spec::*;

/// Unsafe values in each field.
pub(crate) fn rows() -> Vec<Row> {
    let vnet = |part: fn(&mut VnetChoice)| {
        move |spec: &mut Spec, _: &mut Facts| {
            let mut vnet = VnetChoice {
                resource_group: "rg".into(),
                name: "vnet".into(),
                subnet: "nodes".into(),
                ..VnetChoice::default()
            };
            part(&mut vnet);
            spec.network.vnet = Some(vnet);
        }
    };
    let character = |spoil: fn(&mut Spec)| {
        row("NAM-18.character", Blocking, good::extension(), move |spec, _| {
            spoil(spec)
        })
    };
    let cluster = |code, id: &'static str| {
        row(code, Blocking, good::existing(Route::Classic), move |spec, _| {
            spec.cluster = ClusterChoice::Existing {
                resource_id: id.into(),
            };
        })
    };
    vec![
        character(|spec| spec.place.subscription_id = "s?x=y".into()),
        character(|spec| spec.place.resource_group = "a/b".into()),
        character(|spec| spec.place.location = "west europe".into()),
        character(|spec| spec.place.location = "westeurope'".into()),
        character(|spec| spec.place.cluster_name = "aks#1".into()),
        character(|spec| spec.place.compute_name = "%2e%2e".into()),
        character(|spec| spec.place.namespace = "a\\b".into()),
        character(|spec| spec.place.workspace.subscription_id = " s".into()),
        character(|spec| spec.place.workspace.resource_group = "rg\u{202e}".into()),
        character(|spec| spec.place.workspace.name = "ml\n".into()),
        row(
            "NAM-18.character",
            Blocking,
            good::extension(),
            vnet(|vnet| vnet.resource_group = "a/b".into()),
        ),
        row(
            "NAM-18.character",
            Blocking,
            good::extension(),
            vnet(|vnet| vnet.name = "a?".into()),
        ),
        row(
            "NAM-18.character",
            Blocking,
            good::extension(),
            vnet(|vnet| vnet.subnet = "\u{ff0f}".into()),
        ),
        row("NAM-18.character", Blocking, good::classic(), |spec, _| {
            spec.network.load_balancer = Some(LoadBalancer::Internal {
                subnet: Some("a/../b".into()),
            });
        }),
        row("NAM-18.dots", Blocking, good::extension(), |spec, _| {
            spec.place.compute_name = "..".into()
        }),
        row("NAM-18.dots", Blocking, good::extension(), |spec, _| {
            spec.place.resource_group = ".".into()
        }),
        row("NAM-18.too_long", Blocking, good::extension(), |spec, _| {
            spec.place.location = "a".repeat(300)
        }),
        cluster(
            "NAM-18.dots",
            "/subscriptions/s/resourceGroups/../providers/Microsoft.ContainerService/managedClusters/a",
        ),
        cluster(
            "NAM-18.empty",
            "/subscriptions//resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/a",
        ),
        cluster(
            "NAM-18.character",
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/a?b=c",
        ),
    ]
}

#[test]
fn an_unsafe_address_value_gives_one_finding() {
    for name in ["..", "a/b", "a?b", "\u{202e}"] {
        let spoilt = good::extension().with(|spec, _| spec.place.compute_name = name.into());
        let about = |findings: Vec<berth_domain::finding::Finding>| {
            let field = Some("place.computeName");
            let codes = findings
                .into_iter()
                .filter(|finding| finding.field.as_deref() == field);
            codes.map(|finding| finding.rule).collect::<Vec<_>>()
        };
        assert_eq!(about(findings(&spoilt)), ["NAM-18"], "{name:?}");
        let goal = berth_domain::change::Goal::SetUp {
            spec: Box::new(spoilt.spec.clone()),
        };
        assert_eq!(
            about(berth_domain::preflight::address_findings(&goal)),
            ["NAM-18"],
            "{name:?}"
        );
        assert_eq!(spoilt.spec.place.compute_id(), None);
    }
    let goal = berth_domain::change::Goal::SetUp {
        spec: Box::new(good::extension().spec),
    };
    assert_eq!(berth_domain::preflight::address_findings(&goal), []);
}
