//! Completeness, names, the state of subscription and workspace, and rights.

use super::{Blocking, Information, Row, Warning, row};
use crate::good::{self, Good};
use berth_domain::facts::*;
use berth_domain::spec::*;

pub(crate) fn rows() -> Vec<Row> {
    [missing(), names(), prerequisites(), rights()]
        .into_iter()
        .flatten()
        .collect()
}

fn missing() -> Vec<Row> {
    vec![
        row("SET-01", Blocking, good::extension(), |spec, _| {
            spec.place.subscription_id.clear()
        }),
        row("SET-02", Blocking, good::extension(), |spec, _| {
            spec.place.workspace.name.clear()
        }),
        row("SET-03", Blocking, good::extension(), |spec, _| {
            spec.place.resource_group.clear()
        }),
        row("SET-04", Blocking, good::extension(), |spec, _| {
            spec.place.location.clear()
        }),
        row("SET-05", Blocking, good::extension(), |spec, _| {
            spec.place.cluster_name.clear()
        }),
        row(
            "SET-05.existing",
            Blocking,
            good::existing(Route::Classic),
            |spec, _| {
                spec.cluster = ClusterChoice::Existing {
                    resource_id: String::new(),
                };
            },
        ),
        row("SET-06", Blocking, good::extension(), |spec, _| {
            spec.place.compute_name.clear()
        }),
        row("SET-07", Blocking, good::extension(), |spec, _| {
            spec.version.kubernetes.clear()
        }),
        row("SET-08", Blocking, good::extension(), |spec, _| {
            spec.size.vm_size.clear()
        }),
        row("SET-09", Blocking, good::extension(), |spec, _| {
            spec.network.load_balancer = None
        }),
        row("SET-10", Blocking, good::extension(), |spec, _| spec.tls = None),
    ]
}

fn names() -> Vec<Row> {
    let computes = |compute: ComputeFacts| {
        move |_: &mut Spec, facts: &mut Facts| {
            facts.computes = Fact::Known(vec![compute]);
        }
    };
    let tagged = ComputeFacts {
        tags: [("berth-plan".into(), "p".into())].into(),
        ..good::compute("PROD-01", "Kubernetes")
    };
    let taken = |tags: &[(&str, &str)]| {
        let tags = tags
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        let cluster = ClusterFacts {
            name: "aks-prod".into(),
            tags,
            ..good::cluster()
        };
        move |_: &mut Spec, facts: &mut Facts| facts.cluster = Fact::Known(Some(cluster))
    };
    vec![
        row("NAM-01", Blocking, good::classic(), |spec, _| {
            spec.place.compute_name = "1prod".into()
        }),
        row("NAM-02", Warning, good::extension(), |spec, _| {
            spec.place.compute_name = "a-name-of-17-char".into();
        }),
        row("NAM-02.short", Warning, good::classic(), |spec, _| {
            spec.place.compute_name = "m1".into();
        }),
        row("NAM-03", Warning, good::extension(), |spec, _| {
            spec.place.compute_name = "1prod".into()
        }),
        row("NAM-03.underscore", Warning, good::extension(), |spec, _| {
            spec.place.compute_name = "prod_01".into()
        }),
        row("NAM-03.unusable", Blocking, good::extension(), |spec, _| {
            spec.place.compute_name = "a(b)".into()
        }),
        row("NAM-04", Blocking, good::extension(), |spec, _| {
            spec.place.compute_name = "AmlCompute".into()
        }),
        row(
            "NAM-05",
            Blocking,
            good::extension(),
            computes(good::compute("PROD-01", "AKS")),
        ),
        row("NAM-05.berth", Blocking, good::extension(), computes(tagged)),
        row("NAM-07", Blocking, good::extension(), |spec, _| {
            spec.place.namespace = "Models".into()
        }),
        row("NAM-07.system", Blocking, good::extension(), |spec, _| {
            spec.place.namespace = "kube-system".into()
        }),
        row("NAM-11", Blocking, good::extension(), |spec, _| {
            spec.place.cluster_name = "-aks".into()
        }),
        row("NAM-13", Blocking, good::extension(), |spec, _| {
            spec.place.workspace.name = "w.s".into()
        }),
        row("NAM-14", Blocking, good::extension(), |spec, _| {
            spec.place.resource_group = "r".repeat(91)
        }),
        row("NAM-14.managed", Blocking, good::extension(), |spec, _| {
            spec.place.resource_group = "mc_rg-ml_aks-there_westeurope".into()
        }),
        row(
            "NAM-14.managed",
            Blocking,
            good::own_network(NetworkPlugin::AzureOverlay),
            |spec, _| {
                if let Some(vnet) = &mut spec.network.vnet {
                    vnet.resource_group = "MC_rg-ml_aks-there_westeurope".into();
                }
            },
        ),
        row("NAM-16", Blocking, good::extension(), taken(&[])),
        row(
            "NAM-16.berth",
            Blocking,
            good::extension(),
            taken(&[("berth-plan", "p")]),
        ),
        row("NAM-17", Blocking, good::extension(), |_, facts| {
            facts.resource_group = Fact::Known(None)
        }),
        row("NAM-17.managed", Blocking, good::extension(), |_, facts| {
            if let Fact::Known(Some(group)) = &mut facts.resource_group {
                group.managed_by = Some(good::cluster().id);
            }
        }),
        row("NAM-17.exists", Warning, good::extension(), |spec, _| {
            spec.place.new_resource_group = true
        }),
    ]
}

fn prerequisites() -> Vec<Row> {
    let state = |state: &'static str| {
        move |_: &mut Spec, facts: &mut Facts| {
            if let Fact::Known(found) = &mut facts.subscription {
                found.state = state.into();
            }
        }
    };
    let workspace = |spoil: fn(&mut WorkspaceFacts)| {
        move |_: &mut Spec, facts: &mut Facts| {
            let mut found = good::workspace();
            spoil(&mut found);
            facts.workspace = Fact::Known(Some(found));
        }
    };
    let lock = |level: &'static str| {
        move |_: &mut Spec, facts: &mut Facts| facts.locks = Fact::Known(vec![good::lock(level, "")])
    };
    vec![
        row("STA-01", Warning, good::extension(), |spec, _| {
            spec.route = Route::Classic
        }),
        row("STA-02", Information, good::extension(), |_, facts| {
            facts.cloud = "AzureChinaCloud".into()
        }),
        row(
            "STA-03",
            Warning,
            good::extension(),
            workspace(|found| found.v1_legacy_mode = true),
        ),
        row("STA-04", Warning, good::extension(), state("PastDue")),
        row("STA-04.off", Blocking, good::extension(), state("Disabled")),
        row("WSP-01", Blocking, good::extension(), |_, facts| {
            facts.workspace = Fact::Known(None)
        }),
        row(
            "WSP-01.busy",
            Warning,
            good::extension(),
            workspace(|found| found.provisioning_state = "Updating".into()),
        ),
        row("TAG-01.own", Blocking, good::extension(), |spec, _| {
            spec.place.tags = [("berth-plan".to_owned(), "p-1".to_owned())].into();
        }),
        row(
            "WSP-01.leaving",
            Blocking,
            good::extension(),
            workspace(|found| found.provisioning_state = "SoftDeleted".into()),
        ),
        row("NAM-24", Blocking, good::extension(), |spec, _| {
            spec.place.cluster_name = "a".repeat(62);
        }),
        row(
            "ATT-26.credentials",
            Blocking,
            good::existing(Route::Classic),
            |_, facts| {
                facts.locks = Fact::Known(vec![good::lock("ReadOnly", &good::cluster().id)]);
            },
        ),
        row("TAG-01.reserved", Blocking, good::extension(), |spec, _| {
            spec.place.tags = [("azure-cost".to_owned(), "42".to_owned())].into();
        }),
        row("ATT-26", Warning, good::extension(), lock("CanNotDelete")),
        row("ATT-26.read_only", Blocking, good::extension(), lock("ReadOnly")),
        row(
            "ATT-27",
            Warning,
            good::extension(),
            workspace(|found| found.kind = "Hub".into()),
        ),
        row("LOC-01", Blocking, good::extension(), |_, facts| {
            if let Fact::Known(found) = &mut facts.locations {
                found[0].offers_aks = Some(false);
            }
        }),
        row("LOC-01.unknown_name", Blocking, good::extension(), |spec, _| {
            spec.place.location = "atlantis".into()
        }),
    ]
}

fn unregistered(good: Good, state: &'static str) -> Good {
    good.with(|_, facts| {
        facts.providers = Fact::Known(vec![good::provider("Microsoft.KubernetesConfiguration", state)]);
    })
}

fn without(rights: &str) -> Vec<Rights> {
    vec![Rights {
        actions: vec!["*".into()],
        not_actions: vec![rights.into()],
    }]
}

fn rights() -> Vec<Row> {
    vec![
        row("ATT-22", Blocking, good::extension(), |_, facts| {
            facts.group_rights = Fact::Known(without("microsoft.containerservice/managedclusters/WRITE"));
        }),
        row(
            "ATT-22",
            Blocking,
            good::existing(Route::Extension),
            |_, facts| {
                facts.cluster_rights = Fact::Known(without("*/extensions/write"));
            },
        ),
        row("ATT-22", Blocking, good::new_group(), |_, facts| {
            facts.subscription_rights = Fact::Known(without("*/resourceGroups/write"))
        }),
        row("ATT-22", Blocking, good::extension(), |_, facts| {
            facts.workspace_rights = Fact::Known(without("*/computes/write"));
        }),
        row(
            "ATT-22",
            Blocking,
            good::own_network(NetworkPlugin::Azure),
            |_, facts| {
                facts.subnet_rights = Fact::Known(without("*/join/action"));
            },
        ),
        row("ATT-23", Information, good::extension(), |_, facts| {
            *facts = unregistered(good::extension(), "NotRegistered").facts;
        }),
        row(
            "ATT-23.forbidden",
            Blocking,
            unregistered(good::extension(), "Registering"),
            |_, facts| {
                *facts = unregistered(good::extension(), "NotRegistered").facts;
                facts.subscription_rights = Fact::Known(without("*/register/action"));
            },
        ),
    ]
}

/// Each step needs its actions on the right scope.
#[test]
fn every_step_checks_the_rights_it_needs() {
    let lacking = |good: Good| -> Vec<(String, String)> {
        let spoilt = good.with(|_, facts| {
            facts.subscription_rights = Fact::Known(vec![]);
            facts.group_rights = Fact::Known(vec![]);
            facts.cluster_rights = Fact::Known(vec![]);
            facts.workspace_rights = Fact::Known(vec![]);
            facts.subnet_rights = Fact::Known(vec![]);
        });
        let found = super::findings(&spoilt)
            .into_iter()
            .filter(|finding| finding.rule == "ATT-22");
        found
            .map(|finding| (finding.params["action"].clone(), finding.params["scope"].clone()))
            .collect()
    };
    // A role on the cluster alone is enough for an existing cluster.
    let on_cluster_alone = good::existing(Route::Extension).with(|_, facts| {
        facts.subscription_rights = Fact::Known(vec![]);
        facts.group_rights = Fact::NotAsked;
    });
    let found = super::findings(&on_cluster_alone);
    assert!(found.iter().all(|finding| finding.rule != "ATT-22"), "{found:#?}");
    let pair = |action: &str, scope: &str| (action.to_owned(), scope.to_owned());
    let cluster = "Microsoft.ContainerService/managedClusters/write";
    let admin = "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action";
    let compute = "Microsoft.MachineLearningServices/workspaces/computes/write";
    let extension = [
        "Microsoft.KubernetesConfiguration/extensions/write",
        "Microsoft.KubernetesConfiguration/extensions/read",
    ];
    assert_eq!(
        lacking(good::extension()),
        [
            pair(cluster, "rg-ml"),
            pair(extension[0], "rg-ml"),
            pair(extension[1], "rg-ml"),
            pair(admin, "rg-ml"),
            pair(compute, "ws-prod")
        ]
    );
    assert_eq!(
        lacking(good::existing(Route::Classic)),
        [
            pair(cluster, "aks-there"),
            pair(admin, "aks-there"),
            pair(compute, "ws-prod")
        ]
    );
    let own_token = good::existing(Route::Classic).with(|_, facts| {
        let mut found = good::cluster();
        found.local_accounts_disabled = true;
        facts.cluster = Fact::Known(Some(found));
    });
    let user = "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action";
    assert_eq!(lacking(own_token)[1], pair(user, "aks-there"));
    let join = pair(
        "Microsoft.Network/virtualNetworks/subnets/join/action",
        "vnet-ml/aks-subnet",
    );
    assert_eq!(
        lacking(good::through_aml()),
        [join.clone(), pair(compute, "ws-prod")]
    );
    assert!(lacking(good::own_network(NetworkPlugin::Azure)).contains(&join));
    let early = good::extension().with(|spec, _| {
        spec.tls = None;
        spec.network.load_balancer = None;
        spec.size.vm_size.clear();
        spec.place.compute_name.clear();
    });
    assert_eq!(lacking(early).len(), 5, "reported before all choices are made");
}
