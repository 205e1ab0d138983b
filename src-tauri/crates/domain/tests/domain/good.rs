//! Cases in which nothing is wrong, one for each path through the wizard. Each test breaks one thing in a copy.

mod cluster;

use berth_domain::certificate::{CertificateFacts, IssuedBy};
use berth_domain::change::{Change, Goal};
use berth_domain::facts::*;
use berth_domain::spec::*;
pub(crate) use cluster::{cluster, pool};
use std::collections::BTreeMap;

pub(crate) mod change;
mod offer;
mod users;

pub(crate) use offer::{usages, versions, vm_size, vm_sizes};
pub(crate) use users::*;

pub(crate) const SUBSCRIPTION: &str = "11111111-1111-1111-1111-111111111111";

/// A set-up or a change, with its facts. For a change, only `spec.waived` counts.
#[derive(Clone)]
pub(crate) struct Good {
    pub(crate) spec: Spec,
    pub(crate) facts: Facts,
    pub(crate) change: Option<Change>,
}

impl Good {
    pub(crate) fn with(mut self, spoil: impl FnOnce(&mut Spec, &mut Facts)) -> Self {
        spoil(&mut self.spec, &mut self.facts);
        self
    }

    pub(crate) fn goal(&self) -> Goal {
        match &self.change {
            Some(change) => Goal::Change {
                change: Box::new(change.clone()),
                waived: self.spec.waived.clone(),
            },
            None => Goal::SetUp {
                spec: Box::new(self.spec.clone()),
            },
        }
    }
}

/// Production, extension route, new cluster, own certificate, public.
pub(crate) fn extension() -> Good {
    let spec = Spec {
        place: place(),
        version: VersionChoice {
            kubernetes: "1.35".into(),
            ..VersionChoice::default()
        },
        size: Size {
            vm_size: "Standard_D4s_v5".into(),
            ..Size::default()
        },
        network: Network {
            load_balancer: Some(LoadBalancer::Public),
            ..Network::default()
        },
        tls: Some(own()),
        ..Spec::default()
    };
    Good {
        spec,
        facts: facts(),
        change: None,
    }
}

/// Like [`extension`], in a resource group that Berth makes.
pub(crate) fn new_group() -> Good {
    extension().with(|spec, facts| {
        spec.place.new_resource_group = true;
        facts.resource_group = Fact::Known(None);
    })
}

/// Production, classic route, new cluster, Microsoft-managed certificate, public.
pub(crate) fn classic() -> Good {
    extension().with(|spec, facts| {
        spec.route = Route::Classic;
        spec.tls = Some(Tls::Microsoft {
            leaf_domain_label: "contoso".into(),
            overwrite_existing_domain: false,
        });
        facts.certificate = Fact::NotAsked;
    })
}

/// Production, existing cluster, own certificate, internal.
pub(crate) fn existing(route: Route) -> Good {
    extension().with(|spec, facts| {
        spec.route = route;
        spec.cluster = ClusterChoice::Existing {
            resource_id: cluster().id,
        };
        spec.place.cluster_name.clear();
        spec.network.load_balancer = Some(LoadBalancer::Internal { subnet: None });
        facts.cluster = Fact::Known(Some(cluster()));
        attach(facts, vec![]);
        facts.extensions = Fact::Known(vec![]);
        facts.namespaces = Fact::Known(vec!["default".into(), "kube-system".into()]);
        facts.software = Fact::Known(OtherSoftware::default());
        facts.leftovers = Fact::Known(vec![]);
        facts.cluster_policy = Fact::NotAsked;
    })
}

/// A cluster that Azure ML creates in an existing virtual network; its one blocking rule is waived.
pub(crate) fn through_aml() -> Good {
    classic().with(|spec, facts| {
        spec.cluster = ClusterChoice::CreateThroughAml;
        spec.waived = vec!["LBR-19".into()];
        spec.version = VersionChoice::default();
        spec.network.vnet = Some(vnet_choice());
        facts.vnet = Fact::Known(Some(vnet()));
        facts.cluster = Fact::NotAsked;
    })
}

/// A new cluster in an existing virtual network.
pub(crate) fn own_network(plugin: NetworkPlugin) -> Good {
    extension().with(|spec, facts| {
        spec.network.plugin = plugin;
        spec.network.vnet = Some(vnet_choice());
        facts.vnet = Fact::Known(Some(vnet()));
    })
}

pub(crate) fn place() -> Place {
    Place {
        subscription_id: SUBSCRIPTION.into(),
        workspace: WorkspaceRef {
            subscription_id: SUBSCRIPTION.into(),
            resource_group: "rg-ml".into(),
            name: "ws-prod".into(),
        },
        resource_group: "rg-ml".into(),
        location: "westeurope".into(),
        cluster_name: "aks-prod".into(),
        compute_name: "prod-01".into(),
        ..Place::default()
    }
}

pub(crate) fn own() -> Tls {
    Tls::Own {
        cname: "ml.contoso.com".into(),
        pair: Some(PairRef::Vault { id: "pair-1".into() }),
    }
}

pub(crate) fn generated() -> Tls {
    Tls::Generated {
        cname: "ml.contoso.com".into(),
        recipe: Recipe::default(),
        pair: None,
    }
}

pub(crate) fn vnet_choice() -> VnetChoice {
    VnetChoice {
        resource_group: "rg-net".into(),
        name: "vnet-ml".into(),
        subnet: "aks-subnet".into(),
        ..VnetChoice::default()
    }
}

pub(crate) fn facts() -> Facts {
    Facts {
        today: "2026-11-21".into(),
        cloud: "AzureCloud".into(),
        trusted_access: true,
        subscription: Fact::Known(SubscriptionFacts {
            subscription_id: SUBSCRIPTION.into(),
            display_name: "ML-Prod".into(),
            state: "Enabled".into(),
            tenant_id: "t".into(),
        }),
        workspace: Fact::Known(Some(workspace())),
        providers: Fact::Known(
            [
                "Microsoft.ContainerService",
                "Microsoft.KubernetesConfiguration",
                "Microsoft.MachineLearningServices",
                "Microsoft.Compute",
                "Microsoft.Network",
            ]
            .map(|namespace| provider(namespace, "Registered"))
            .to_vec(),
        ),
        locations: Fact::Known(vec![LocationFacts {
            name: "westeurope".into(),
            display_name: "West Europe".into(),
            offers_aks: Some(true),
        }]),
        resource_group: Fact::Known(Some(ResourceGroupFacts {
            name: "rg-ml".into(),
            location: "westeurope".into(),
            managed_by: None,
        })),
        cluster: Fact::Known(None),
        computes: Fact::Known(vec![]),
        versions: Fact::Known(versions()),
        vm_sizes: Fact::Known(vm_sizes()),
        usages: Fact::Known(usages(100)),
        subscription_rights: Fact::Known(everything()),
        group_rights: Fact::Known(everything()),
        cluster_rights: Fact::Known(everything()),
        workspace_rights: Fact::Known(everything()),
        subnet_rights: Fact::Known(everything()),
        cluster_policy: Fact::Known(vec![]),
        address_policy: Fact::Known(vec![]),
        route_table: Fact::Known(Some(RouteTableFacts {
            name: "rt-hub".into(),
            default_next_hop: Some("VirtualAppliance".into()),
        })),
        locks: Fact::Known(vec![]),
        node_locks: Fact::Known(vec![]),
        certificate: Fact::Known(Ok(certificate())),
        ..Facts::default()
    }
}

pub(crate) fn everything() -> Vec<Rights> {
    vec![Rights {
        actions: vec!["*".into()],
        not_actions: vec![],
    }]
}

pub(crate) fn provider(namespace: &str, state: &str) -> ProviderFacts {
    ProviderFacts {
        namespace: namespace.into(),
        registration_state: state.into(),
        resource_types: vec![],
    }
}

pub(crate) fn workspace() -> WorkspaceFacts {
    WorkspaceFacts {
        id: place().workspace.resource_id().expect("an id"),
        name: "ws-prod".into(),
        location: "westeurope".into(),
        kind: "Default".into(),
        v1_legacy_mode: false,
        private_endpoint: false,
        principal_id: None,
        user_assigned: None,
        identity_untold: false,
        provisioning_state: "Succeeded".into(),
    }
}

/// The workspace acts with a user-assigned identity that has all roles.
pub(crate) fn with_own_identity(facts: &mut Facts) {
    let identity = UserAssigned {
        id: format!(
            "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-ml/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-ml"
        ),
        principal_id: Some("p-ml".into()),
    };
    facts.workspace = Fact::Known(Some(WorkspaceFacts {
        user_assigned: Some(identity),
        ..workspace()
    }));
    let roles = berth_domain::rights::IDENTITY_ROLES;
    facts.identity_roles = Fact::Known(roles.map(|role| role.definition().into()).to_vec());
}

/// A lock; without a scope, Azure does not tell what it is on.
pub(crate) fn lock(level: &str, scope: &str) -> LockFacts {
    LockFacts {
        name: "keep".into(),
        level: level.into(),
        scope: scope.into(),
    }
}

pub(crate) fn compute(name: &str, compute_type: &str) -> ComputeFacts {
    ComputeFacts {
        id: format!(
            "{}/computes/{name}",
            place().workspace.resource_id().expect("an id")
        ),
        name: name.into(),
        workspace: "ws-prod".into(),
        compute_type: compute_type.into(),
        cluster_id: Some(cluster().id.to_uppercase()),
        provisioning_state: "Succeeded".into(),
        is_attached: Some(true),
        namespace: (compute_type == "Kubernetes").then(|| "models".into()),
        purpose: (compute_type == "AKS").then(|| "FastProd".into()),
        tags: BTreeMap::new(),
        identity: Some(format!("made-{name}")),
    }
}

pub(crate) fn installed(name: &str) -> ExtensionFacts {
    let settings = [
        ("enableTraining", "False"),
        ("enableInference", "True"),
        ("inferenceRouterServiceType", "LoadBalancer"),
        ("internalLoadBalancerProvider", "azure"),
        ("allowInsecureConnections", "False"),
        ("sslCname", "ml.contoso.com"),
    ];
    ExtensionFacts {
        id: format!(
            "{}/providers/Microsoft.KubernetesConfiguration/extensions/{name}",
            cluster().id
        ),
        name: name.into(),
        extension_type: "microsoft.azureml.kubernetes".into(),
        provisioning_state: "Succeeded".into(),
        version: Some("1.1.76".into()),
        settings: settings
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
        error: None,
        whole: serde_json::json!({ "identity": { "type": "SystemAssigned" } }),
    }
}

pub(crate) fn vnet() -> VnetFacts {
    VnetFacts {
        id: format!(
            "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet-ml"
        ),
        name: "vnet-ml".into(),
        resource_group: "rg-net".into(),
        location: "westeurope".into(),
        address_space: vec!["10.42.0.0/16".into()],
        subnets: vec![subnet("aks-subnet"), subnet("other")],
    }
}

pub(crate) fn subnet(name: &str) -> SubnetFacts {
    SubnetFacts {
        id: format!("…/subnets/{name}"),
        name: name.into(),
        prefixes: vec!["10.42.0.0/22".into()],
        delegations: vec![],
        free_addresses: Some(1000),
        route_table_id: Some("…/routeTables/rt-hub".into()),
        has_nat_gateway: false,
        has_security_group: false,
        default_outbound_access: None,
    }
}

pub(crate) fn certificate() -> CertificateFacts {
    CertificateFacts {
        subject: "CN=ml.contoso.com".into(),
        issuer: "CN=Contoso CA".into(),
        serial: "01".into(),
        names: vec!["ml.contoso.com".into()],
        not_before: "2026-06-01T00:00:00Z".into(),
        not_after: "2027-06-01T00:00:00Z".into(),
        days_left: 192,
        life_days: 365,
        not_yet_valid: false,
        expired: false,
        key_type: "RSA".into(),
        key_bits: 2048,
        weak_key: false,
        usual_key: true,
        signature: "sha256WithRSAEncryption".into(),
        weak_signature: false,
        key_given: true,
        key_matches: true,
        chain: vec![],
        in_order: true,
        signed_in_order: true,
        complete: true,
        root_included: true,
        missing_issuer: None,
        left_out: vec![],
        sources: vec![],
        issued_by: IssuedBy::Public,
        self_signed: false,
        leaf_is_ca: false,
        server_auth: Some(true),
        cname: Some("ml.contoso.com".into()),
        covers: Some(true),
        only_common_name_covers: false,
        sha256: "00".into(),
    }
}
