//! Rules for the existing cluster, its extension and its version.

mod extensions;

use super::{Blocking, Information, Row, Unknown, Warning, row};
use crate::good;
use berth_domain::cluster_object::{ClusterObject, ObjectKind};
use berth_domain::facts::*;
use berth_domain::spec::*;

pub(crate) fn rows() -> Vec<Row> {
    [
        ids(),
        reach(),
        identity(),
        others(),
        leftovers(),
        extensions::rows(),
        versions(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

const PORTAL: &str = "https://portal.azure.com/#@contoso.com/resource/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/a/overview";
const ARC: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Kubernetes/connectedClusters/k";
const VM: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/k";

fn cluster(spoil: impl FnOnce(&mut ClusterFacts)) -> impl FnOnce(&mut Spec, &mut Facts) {
    move |_, facts| {
        let mut found = good::cluster();
        spoil(&mut found);
        facts.cluster = Fact::Known(Some(found));
    }
}

fn id(id: &'static str) -> impl FnOnce(&mut Spec, &mut Facts) {
    move |spec, _| {
        spec.cluster = ClusterChoice::Existing {
            resource_id: id.into(),
        }
    }
}

fn ids() -> Vec<Row> {
    let (classic, extension) = (good::existing(Route::Classic), good::existing(Route::Extension));
    vec![
        row("ATT-01", Blocking, classic.clone(), id(VM)),
        row("ATT-01", Blocking, classic.clone(), id("aks-there")),
        row("ATT-01.arc", Blocking, classic.clone(), id(ARC)),
        row("ATT-01.address", Blocking, classic.clone(), id(PORTAL)),
        row("ATT-02.address", Blocking, extension.clone(), id(PORTAL)),
        row("ATT-02", Blocking, extension.clone(), id(VM)),
        row(
            "ATT-02",
            Blocking,
            extension.clone(),
            id("/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/a(b)"),
        ),
        row("ATT-02.arc", Blocking, extension.clone(), id(ARC)),
        row("ATT-06", Blocking, extension, |spec, _| {
            spec.place.workspace.subscription_id = "22222222-2222-2222-2222-222222222222".into();
        }),
        row("ATT-32", Blocking, classic.clone(), |spec, _| {
            spec.place.cluster_name = "aks-other".into();
        }),
        row("ATT-32", Blocking, classic.clone(), |spec, _| {
            spec.place.resource_group = "rg-other".into();
        }),
        row("ATT-32", Blocking, classic.clone(), |spec, _| {
            spec.place.subscription_id = "22222222-2222-2222-2222-222222222222".into();
        }),
        row(
            "ATT-35",
            Blocking,
            classic
                .clone()
                .with(|spec, _| spec.place.location = "West Europe".into()),
            |spec, _| spec.place.location = "northeurope".into(),
        ),
        row("ATT-30", Blocking, classic, |_, facts| {
            facts.cluster = Fact::Known(None)
        }),
        row("ATT-29", Information, good::classic(), |spec, _| {
            spec.cluster = ClusterChoice::CreateThroughAml
        }),
        row("RTE-01", Blocking, good::through_aml(), |spec, _| {
            spec.route = Route::Extension
        }),
    ]
}

fn reach() -> Vec<Row> {
    let (classic, extension) = (good::existing(Route::Classic), good::existing(Route::Extension));
    let waiving = classic
        .clone()
        .with(|spec, _| spec.waived = vec!["ATT-09".into()]);
    let public_name = |found: &mut ClusterFacts| {
        found.private_cluster = true;
        found.private_public_fqdn = true;
    };
    let no_accounts = |found: &mut ClusterFacts| found.local_accounts_disabled = true;
    let ranges = |found: &mut ClusterFacts| found.authorized_ranges = vec!["203.0.113.0/24".into()];
    vec![
        row(
            "ATT-07",
            Blocking,
            classic.clone(),
            cluster(|found| found.provisioning_state = "Updating".into()),
        ),
        row(
            "ATT-07.failed",
            Warning,
            classic.clone(),
            cluster(|found| found.provisioning_state = "Failed".into()),
        ),
        row(
            "ATT-07.failed",
            Warning,
            extension.clone(),
            cluster(|found| found.provisioning_state = "Canceled".into()),
        ),
        row(
            "ATT-07.stopped",
            Blocking,
            extension.clone(),
            cluster(|found| found.power_state = "Stopped".into()),
        ),
        row(
            "ATT-08",
            Information,
            classic.clone(),
            cluster(|found| found.private_cluster = true),
        ),
        row(
            "ATT-09.local_accounts",
            Blocking,
            classic.clone(),
            cluster(no_accounts),
        ),
        row(
            "ATT-09.local_accounts.waived",
            Warning,
            waiving.clone(),
            cluster(no_accounts),
        ),
        row(
            "ATT-09.public_fqdn",
            Blocking,
            classic.clone(),
            cluster(public_name),
        ),
        row(
            "ATT-09.public_fqdn.waived",
            Warning,
            waiving,
            cluster(public_name),
        ),
        row("ATT-09.ranges", Warning, classic.clone(), cluster(ranges)),
        row(
            "ATT-10.local_accounts",
            Warning,
            extension.clone(),
            cluster(no_accounts),
        ),
        row(
            "ATT-10.public_fqdn",
            Warning,
            extension.clone(),
            cluster(public_name),
        ),
        row("ATT-10.ranges", Warning, extension.clone(), cluster(ranges)),
        row("ATT-10.sovereign", Blocking, extension.clone(), |spec, facts| {
            facts.trusted_access = false;
            cluster(no_accounts)(spec, facts);
        }),
        row(
            "ATT-11",
            Blocking,
            extension,
            cluster(|found| found.identity_type = None),
        ),
        row(
            "ATT-33",
            Blocking,
            classic.clone(),
            cluster(|found| found.sku_name = Some("Automatic".into())),
        ),
        row(
            "ATT-34",
            Warning,
            classic.clone(),
            cluster(|found| found.pools[0].kind = "AvailabilitySet".into()),
        ),
        row(
            "LBR-18",
            Warning,
            classic,
            cluster(|found| found.load_balancer_sku = "Basic".into()),
        ),
    ]
}

/// The roles of the workspace's user-assigned identity.
fn identity() -> Vec<Row> {
    let own = |good: good::Good| good.with(|_, facts| good::with_own_identity(facts));
    let existing = own(good::existing(Route::Extension));
    let waiving = existing
        .clone()
        .with(|spec, _| spec.waived = vec!["ATT-31".into()]);
    let lacks = |_: &mut Spec, facts: &mut Facts| {
        let reader = berth_domain::change::Role::Reader.definition();
        facts.identity_roles = Fact::Known(vec![reader.into()]);
    };
    vec![
        row("ATT-31", Blocking, existing.clone(), lacks),
        row("ATT-31", Blocking, own(good::extension()), lacks),
        row("ATT-31.waived", Warning, waiving, lacks),
        row("ATT-31.untold", Unknown, existing.clone(), |_, facts| {
            let workspace = WorkspaceFacts {
                identity_untold: true,
                ..good::workspace()
            };
            facts.workspace = Fact::Known(Some(workspace));
        }),
        row("ATT-31.principal", Unknown, existing, |_, facts| {
            let workspace = WorkspaceFacts {
                user_assigned: Some(UserAssigned {
                    id: "…/id-ml".into(),
                    principal_id: None,
                }),
                ..good::workspace()
            };
            facts.workspace = Fact::Known(Some(workspace));
            facts.identity_roles = Fact::NotAsked;
        }),
    ]
}

fn attached(computes: Vec<ComputeFacts>) -> impl FnOnce(&mut Spec, &mut Facts) {
    move |_, facts| good::attach(facts, computes)
}

fn others() -> Vec<Row> {
    let (classic, extension) = (good::existing(Route::Classic), good::existing(Route::Extension));
    let here = ComputeFacts {
        namespace: Some("default".into()),
        purpose: None,
        ..good::compute("here", "Kubernetes")
    };
    vec![
        row(
            "ATT-04",
            Blocking,
            classic,
            attached(vec![good::compute("old", "AKS")]),
        ),
        row(
            "ATT-05",
            Information,
            extension.clone(),
            attached(vec![good::compute("there", "Kubernetes")]),
        ),
        row(
            "ATT-05.namespace",
            Warning,
            extension.clone(),
            attached(vec![here]),
        ),
        row(
            "ATT-15",
            Blocking,
            extension.clone(),
            attached(vec![good::compute("old", "AKS")]),
        ),
        row("ATT-13", Information, extension, |spec, _| {
            spec.place.namespace = "models".into()
        }),
    ]
}

fn leftovers() -> Vec<Row> {
    let with_leftovers = |_: &mut Spec, facts: &mut Facts| {
        facts.leftovers = Fact::Known(vec![ClusterObject::in_default(
            ObjectKind::Deployment,
            "azureml-fe",
        )]);
    };
    vec![
        row(
            "ATT-14",
            Blocking,
            good::existing(Route::Extension),
            with_leftovers,
        ),
        row("ATT-16", Warning, good::existing(Route::Classic), with_leftovers),
    ]
}

fn chosen(version: &'static str, long_term_support: bool) -> impl FnOnce(&mut Spec, &mut Facts) {
    move |spec, _| {
        spec.version = VersionChoice {
            kubernetes: version.into(),
            long_term_support,
            tier: Tier::Premium,
            patch_upgrades: false,
        }
    }
}

fn versions() -> Vec<Row> {
    let good = good::extension();
    vec![
        row("VER-01", Information, good::classic(), |spec, _| {
            spec.cluster = ClusterChoice::CreateThroughAml
        }),
        row("VER-02", Blocking, good.clone(), chosen("1.30", false)),
        row("VER-02", Blocking, good.clone(), chosen("1.35.99", false)),
        row("VER-03", Warning, good.clone(), chosen("1.37.2", false)),
        row("VER-03", Warning, good::existing(Route::Extension), |_, facts| {
            if let Fact::Known(Some(found)) = &mut facts.cluster {
                found.kubernetes_version = "1.37.2".into();
            }
        }),
        row("VER-04", Blocking, good.clone(), chosen("1.32", false)),
        row("VER-04.not_offered", Blocking, good.clone(), chosen("1.37", true)),
        row("VER-04.premium", Information, good.clone(), |spec, _| {
            spec.version.long_term_support = true
        }),
        row("VER-13", Information, good.clone(), chosen("1.35", true)),
        row("VER-05", Warning, good.clone(), chosen("1.34", false)),
        row("VER-05.ended", Warning, good.clone(), |_, facts| {
            facts.today = "2027-04-01".into()
        }),
        row(
            "VER-05.before",
            Warning,
            good::existing(Route::Extension),
            |_, facts| {
                facts.cluster = Fact::Known(Some(ClusterFacts {
                    kubernetes_version: "1.28.9".into(),
                    ..good::cluster()
                }))
            },
        ),
        row("VER-09", Warning, good, chosen("1.37", false)),
        row("VER-11", Warning, good::classic(), chosen("1.36", false)),
    ]
}

#[test]
fn long_term_support_ends_later() {
    let supported = good::extension().with(|spec, facts| chosen("1.34", true)(spec, facts));
    let found = super::findings(&supported);
    assert!(
        found.iter().all(|finding| finding.rule != "VER-05"),
        "it ends a year later: {found:#?}"
    );
}

#[test]
fn an_existing_cluster_with_long_term_support_is_supported_longer() {
    let on_plan = |plan: &str| {
        let cluster = ClusterFacts {
            kubernetes_version: "1.33.6".into(),
            support_plan: plan.into(),
            ..good::cluster()
        };
        let good =
            good::existing(Route::Extension).with(|_, facts| facts.cluster = Fact::Known(Some(cluster)));
        let found = super::findings(&good);
        found.iter().any(|finding| finding.rule == "VER-05")
    };
    assert!(on_plan("KubernetesOfficial"));
    assert!(!on_plan("AKSLongTermSupport"));
}
