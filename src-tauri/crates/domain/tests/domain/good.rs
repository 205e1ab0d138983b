//! Cases in which nothing is wrong, one for each way through the wizard. Each test spoils one thing in a copy.

use berth_domain::certificate::CertificateFacts;
use berth_domain::facts::*;
use berth_domain::spec::*;
use std::collections::BTreeMap;

pub const SUBSCRIPTION: &str = "11111111-1111-1111-1111-111111111111";

/// A specification with the facts about it.
#[derive(Clone)]
pub struct Good {
    pub spec: Spec,
    pub facts: Facts,
}

impl Good {
    pub fn with(mut self, spoil: impl FnOnce(&mut Spec, &mut Facts)) -> Self {
        spoil(&mut self.spec, &mut self.facts);
        self
    }
}

/// Production, extension, a cluster that is made, own certificate, public.
pub fn extension() -> Good {
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
    Good { spec, facts: facts() }
}

/// Production, classic, a cluster that is made, a certificate of Microsoft, public.
pub fn classic() -> Good {
    extension().with(|spec, facts| {
        spec.route = Route::Classic;
        spec.tls = Some(Tls::Microsoft {
            leaf_domain_label: "contoso".into(),
            overwrite_existing_domain: false,
        });
        facts.certificate = Fact::NotAsked;
    })
}

/// Production, a cluster that is there, own certificate, internal.
pub fn existing(route: Route) -> Good {
    extension().with(|spec, facts| {
        spec.route = route;
        spec.cluster = ClusterChoice::Existing {
            resource_id: cluster().id,
        };
        spec.place.cluster_name.clear();
        spec.network.load_balancer = Some(LoadBalancer::Internal { subnet: None });
        facts.cluster = Fact::Known(Some(cluster()));
        facts.attachments = Fact::Known(vec![]);
        facts.extensions = Fact::Known(vec![]);
        facts.namespaces = Fact::Known(vec!["default".into(), "kube-system".into()]);
        facts.leftovers = Fact::Known(vec![]);
        facts.cluster_policy = Fact::NotAsked;
    })
}

/// A cluster that Azure ML makes, in a network of one's own; its one blocking rule is waived.
pub fn through_aml() -> Good {
    classic().with(|spec, facts| {
        spec.cluster = ClusterChoice::CreateThroughAml;
        spec.waived = vec!["LBR-19".into()];
        spec.version = VersionChoice::default();
        spec.network.vnet = Some(vnet_choice());
        facts.vnet = Fact::Known(Some(vnet()));
        facts.cluster = Fact::NotAsked;
    })
}

/// A cluster that is made in a network of one's own.
pub fn own_network(plugin: NetworkPlugin) -> Good {
    extension().with(|spec, facts| {
        spec.network.plugin = plugin;
        spec.network.vnet = Some(vnet_choice());
        facts.vnet = Fact::Known(Some(vnet()));
    })
}

pub fn place() -> Place {
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

pub fn own() -> Tls {
    Tls::Own {
        cname: "ml.contoso.com".into(),
        pair: Some(PairRef::Vault { id: "pair-1".into() }),
    }
}

pub fn generated() -> Tls {
    Tls::Generated {
        cname: "ml.contoso.com".into(),
        recipe: Recipe::default(),
        pair: None,
    }
}

pub fn vnet_choice() -> VnetChoice {
    VnetChoice {
        resource_group: "rg-net".into(),
        name: "vnet-ml".into(),
        subnet: "aks-subnet".into(),
        ..VnetChoice::default()
    }
}

pub fn facts() -> Facts {
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
        })),
        cluster: Fact::Known(None),
        computes: Fact::Known(vec![]),
        versions: Fact::Known(versions()),
        vm_sizes: Fact::Known(vm_sizes()),
        usages: Fact::Known(usages(100)),
        group_rights: Fact::Known(everything()),
        workspace_rights: Fact::Known(everything()),
        cluster_policy: Fact::Known(vec![]),
        address_policy: Fact::Known(vec![]),
        locks: Fact::Known(vec![]),
        certificate: Fact::Known(Ok(certificate())),
        ..Facts::default()
    }
}

pub fn everything() -> Vec<Rights> {
    vec![Rights {
        actions: vec!["*".into()],
        not_actions: vec![],
    }]
}

pub fn provider(namespace: &str, state: &str) -> ProviderFacts {
    ProviderFacts {
        namespace: namespace.into(),
        registration_state: state.into(),
        resource_types: vec![],
    }
}

pub fn workspace() -> WorkspaceFacts {
    WorkspaceFacts {
        id: place().workspace.resource_id().expect("an id"),
        name: "ws-prod".into(),
        location: "westeurope".into(),
        kind: "Default".into(),
        v1_legacy_mode: false,
        private_endpoint: false,
        principal_id: None,
        provisioning_state: "Succeeded".into(),
    }
}

pub fn compute(name: &str, compute_type: &str) -> ComputeFacts {
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
        tags: BTreeMap::new(),
    }
}

pub fn cluster() -> ClusterFacts {
    ClusterFacts {
        id: format!(
            "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-ml/providers/Microsoft.ContainerService/managedClusters/aks-there"
        ),
        name: "aks-there".into(),
        resource_group: "rg-ml".into(),
        subscription_id: SUBSCRIPTION.into(),
        location: "westeurope".into(),
        kubernetes_version: "1.35.4".into(),
        provisioning_state: "Succeeded".into(),
        power_state: "Running".into(),
        identity_type: Some("SystemAssigned".into()),
        principal_id: None,
        pools: vec![pool(3)],
        load_balancer_sku: "standard".into(),
        network_plugin: "azure".into(),
        private_cluster: false,
        private_public_fqdn: false,
        authorized_ranges: vec![],
        local_accounts_disabled: false,
        node_resource_group: "MC_rg-ml_aks-there_westeurope".into(),
        tags: BTreeMap::new(),
    }
}

pub fn pool(count: u32) -> PoolFacts {
    PoolFacts {
        name: "system".into(),
        vm_size: "Standard_D4s_v5".into(),
        count,
        mode: "System".into(),
        os_type: "Linux".into(),
        power_state: "Running".into(),
        taints: vec![],
        min_count: None,
        max_count: None,
        subnet_id: None,
    }
}

pub fn installed(name: &str) -> ExtensionFacts {
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
    }
}

pub fn versions() -> Vec<OfferedVersion> {
    let (community, long_term) = ("KubernetesOfficial", "AKSLongTermSupport");
    [
        ("1.32", vec![long_term], false),
        ("1.34", vec![community, long_term], false),
        ("1.35", vec![community, long_term], false),
        ("1.36", vec![community, long_term], false),
        ("1.37", vec![community], true),
    ]
    .map(|(minor, plans, is_preview)| OfferedVersion {
        minor: minor.into(),
        is_default: minor == "1.35",
        is_preview,
        support_plans: plans.into_iter().map(str::to_owned).collect(),
        patches: vec![OfferedPatch {
            version: format!("{minor}.2"),
            upgrades: vec![],
        }],
    })
    .to_vec()
}

pub fn vm_size(name: &str, family: &str, vcpus: u32, memory_gib: f64) -> VmSize {
    VmSize {
        name: name.into(),
        family: family.into(),
        vcpus,
        memory_gib,
        gpus: 0,
        architecture: "x64".into(),
        zones: vec!["1".into(), "2".into(), "3".into()],
        restricted: None,
        premium_io: true,
    }
}

pub fn vm_sizes() -> Vec<VmSize> {
    vec![
        vm_size("Standard_A1_v2", "standardAv2Family", 1, 2.0),
        vm_size("Standard_B4ms", "standardBSFamily", 4, 16.0),
        vm_size("Standard_D2s_v5", "standardDSv5Family", 2, 8.0),
        vm_size("Standard_D4s_v5", "standardDSv5Family", 4, 16.0),
        vm_size("Standard_D8s_v5", "standardDSv5Family", 8, 32.0),
        vm_size("Standard_E4s_v5", "standardESv5Family", 4, 32.0),
        vm_size("Standard_F8s_v2", "standardFSv2Family", 8, 16.0),
        VmSize {
            architecture: "Arm64".into(),
            ..vm_size("Standard_D4ps_v5", "standardDPSv5Family", 4, 16.0)
        },
        VmSize {
            gpus: 1,
            ..vm_size("Standard_NC4as_T4_v3", "standardNCASv3_T4Family", 4, 28.0)
        },
        VmSize {
            restricted: Some("NotAvailableForSubscription".into()),
            ..vm_size("Standard_D4s_v6", "standardDSv6Family", 4, 16.0)
        },
        VmSize {
            zones: vec![],
            ..vm_size("Standard_D4as_v4", "standardDASv4Family", 4, 16.0)
        },
    ]
}

/// The same limit for the location and every family, nothing used.
pub fn usages(limit: u32) -> Vec<Usage> {
    let families = vm_sizes().into_iter().map(|size| size.family);
    let mut names: Vec<String> = families.chain(["cores".to_owned()]).collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .map(|name| Usage {
            label: format!("{name} vCPUs"),
            name,
            used: 0,
            limit,
        })
        .collect()
}

pub fn vnet() -> VnetFacts {
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

pub fn subnet(name: &str) -> SubnetFacts {
    SubnetFacts {
        id: format!("…/subnets/{name}"),
        name: name.into(),
        prefixes: vec!["10.42.0.0/22".into()],
        delegations: vec![],
        free_addresses: Some(1000),
        has_route_table: true,
        has_nat_gateway: false,
        has_security_group: false,
        default_outbound_access: None,
    }
}

pub fn certificate() -> CertificateFacts {
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
        self_signed: false,
        leaf_is_ca: false,
        server_auth: Some(true),
        cname: Some("ml.contoso.com".into()),
        covers: Some(true),
        only_common_name_covers: false,
        sha256: "00".into(),
    }
}
