//! Compares each request body with its literal JSON.

use crate::good;
use berth_domain::bodies::compute_aks::compute_aks;
use berth_domain::bodies::compute_kubernetes::compute_kubernetes;
use berth_domain::bodies::compute_through_aml::compute_through_aml;
use berth_domain::bodies::extension::extension;
use berth_domain::bodies::managed_cluster::managed_cluster;
use berth_domain::spec::*;
use serde_json::json;

const K: &str = "/subscriptions/S/resourceGroups/G/providers/Microsoft.ContainerService/managedClusters/K";

#[test]
fn the_body_of_a_plain_cluster() {
    let wanted = json!({
        "location": "westeurope",
        "tags": { "berth-plan": "p-1" },
        "identity": { "type": "SystemAssigned" },
        "sku": { "name": "Base", "tier": "Standard" },
        "properties": {
            "kubernetesVersion": "1.35",
            "dnsPrefix": "aks-prod",
            "enableRBAC": true,
            "supportPlan": "KubernetesOfficial",
            "agentPoolProfiles": [{
                "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5",
                "osType": "Linux", "type": "VirtualMachineScaleSets"
            }],
            "networkProfile": {
                "networkPlugin": "azure", "networkPluginMode": "overlay", "podCidr": "10.244.0.0/16",
                "loadBalancerSku": "standard", "outboundType": "loadBalancer",
                "serviceCidr": "10.0.0.0/16", "dnsServiceIP": "10.0.0.10"
            },
            "apiServerAccessProfile": { "enablePrivateCluster": false },
            "disableLocalAccounts": false
        }
    });
    assert_eq!(managed_cluster(&good::extension().spec, "p-1"), wanted);
}

#[test]
fn a_cluster_with_long_term_support_an_own_network_and_an_autoscaler() {
    let good = good::own_network(NetworkPlugin::Azure).with(|spec, _| {
        spec.place.cluster_name = "Team_A-ML".into();
        spec.version = VersionChoice {
            kubernetes: "1.32.9".into(),
            long_term_support: true,
            tier: Tier::Free,
            patch_upgrades: false,
        };
        spec.size.autoscale = Some(Autoscale { min: 3, max: 6 });
        spec.network.outbound = Outbound::UserDefinedRouting;
    });
    let body = managed_cluster(&good.spec, "p-1");
    assert_eq!(
        body["sku"],
        json!({ "name": "Base", "tier": "Premium" }),
        "long-term support needs Premium"
    );
    let properties = &body["properties"];
    assert_eq!(properties["supportPlan"], "AKSLongTermSupport");
    assert_eq!(properties["kubernetesVersion"], "1.32.9");
    assert_eq!(properties["dnsPrefix"], "Team-A-ML");
    let subnet = format!(
        "/subscriptions/{}/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet-ml/subnets/aks-subnet",
        good::SUBSCRIPTION
    );
    assert_eq!(
        properties["agentPoolProfiles"],
        json!([{
            "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5", "osType": "Linux",
            "type": "VirtualMachineScaleSets", "osSKU": "Ubuntu2404", "enableAutoScaling": true, "minCount": 3,
            "maxCount": 6, "vnetSubnetID": subnet
        }])
    );
    assert_eq!(
        properties["networkProfile"],
        json!({
            "networkPlugin": "azure", "loadBalancerSku": "standard", "outboundType": "userDefinedRouting",
            "serviceCidr": "10.0.0.0/16", "dnsServiceIP": "10.0.0.10"
        }),
        "no pod range without overlay or kubenet"
    );
}

#[test]
fn long_term_support_gets_an_os_that_lasts_as_long() {
    let os = |version: &str, long_term_support: bool| {
        let good = good::extension().with(|spec, _| {
            spec.version.kubernetes = version.into();
            spec.version.long_term_support = long_term_support;
        });
        managed_cluster(&good.spec, "p-1")["properties"]["agentPoolProfiles"][0]["osSKU"].clone()
    };
    for version in ["1.32", "1.33.12", "1.34"] {
        assert_eq!(os(version, true), "Ubuntu2404", "{version}");
        assert_eq!(os(version, false), json!(null), "{version}");
    }
    for version in ["1.31", "1.35", "1.36.2", ""] {
        assert_eq!(
            os(version, true),
            json!(null),
            "{version}: the default is right or the only one"
        );
    }
}

#[test]
fn patch_versions_are_installed_by_aks_if_wanted() {
    let profile = |patch_upgrades: bool| {
        let good = good::extension().with(|spec, _| spec.version.patch_upgrades = patch_upgrades);
        managed_cluster(&good.spec, "p-1")["properties"]["autoUpgradeProfile"].clone()
    };
    assert_eq!(profile(true), json!({ "upgradeChannel": "patch" }));
    assert_eq!(profile(false), json!(null));
}

#[test]
fn an_extension_in_production_with_a_certificate_and_an_internal_address() {
    let good = good::extension()
        .with(|spec, _| spec.network.load_balancer = Some(LoadBalancer::Internal { subnet: None }));
    let wanted = json!({
        "identity": { "type": "SystemAssigned" },
        "properties": {
            "extensionType": "Microsoft.AzureML.Kubernetes",
            "autoUpgradeMinorVersion": true,
            "releaseTrain": "stable",
            "scope": { "cluster": { "releaseNamespace": "azureml" } },
            "configurationSettings": {
                "enableTraining": "False",
                "enableInference": "True",
                "inferenceRouterServiceType": "LoadBalancer",
                "internalLoadBalancerProvider": "azure",
                "scoringFe.serviceType.internalLoadBalancer": "True",
                "allowInsecureConnections": "False",
                "sslCname": "ml.contoso.com",
                "inferenceRouterHA": "True",
                "clusterPurpose": "FastProd",
                "cluster_name": K,
                "clusterId": K,
                "prometheus.prometheusSpec.externalLabels.cluster_name": K,
                "cluster_name_friendly": "K",
                "domain": "westeurope.cloudapp.azure.com",
                "location": "westeurope",
                "jobSchedulerLocation": "westeurope",
                "servicebus.enabled": "false",
                "relayserver.enabled": "false",
                "nginxIngress.enabled": "true"
            },
            "configurationProtectedSettings": {
                "scoringFe.sslCert": "{{secret:certificate_base64}}",
                "scoringFe.sslKey": "{{secret:key_base64}}"
            }
        }
    });
    assert_eq!(extension(&good.spec, K, "WestEurope", 3), wanted);
}

#[test]
fn an_extension_on_two_nodes_without_tls() {
    let good = good::extension().with(|spec, _| spec.tls = Some(Tls::None));
    let body = extension(&good.spec, K, "westeurope", 2);
    let settings = &body["properties"]["configurationSettings"];
    assert_eq!(
        (&settings["inferenceRouterHA"], &settings["clusterPurpose"]),
        (&json!("False"), &json!("DevTest"))
    );
    assert_eq!(settings["allowInsecureConnections"], "True");
    for absent in [
        "sslCname",
        "internalLoadBalancerProvider",
        "scoringFe.serviceType.internalLoadBalancer",
    ] {
        assert!(settings.get(absent).is_none(), "{absent}");
    }
    assert!(body["properties"].get("configurationProtectedSettings").is_none());
    let strings = settings.as_object().expect("settings").values();
    assert!(
        strings.into_iter().all(serde_json::Value::is_string),
        "every setting is a string"
    );
}

#[test]
fn a_compute_of_type_kubernetes() {
    let good = good::extension().with(|spec, _| spec.place.namespace = "models".into());
    let wanted = json!({
        "location": "westeurope",
        "tags": { "berth-plan": "p-1" },
        "identity": { "type": "SystemAssigned" },
        "properties": { "computeType": "Kubernetes", "resourceId": K, "properties": { "namespace": "models" } }
    });
    assert_eq!(compute_kubernetes(&good.spec, K, "westeurope", "p-1"), wanted);
}

#[test]
fn a_compute_of_type_aks_with_each_kind_of_tls() {
    let ssl = |tls: Tls| {
        let good = good::classic().with(|spec, _| spec.tls = Some(tls));
        compute_aks(&good.spec, K, "westeurope", "p-1")["properties"]["properties"]
            .get("sslConfiguration")
            .cloned()
    };
    assert_eq!(ssl(Tls::None), None, "the service's default is no TLS");
    let enabled = json!({
        "status": "Enabled", "cname": "ml.contoso.com",
        "cert": "{{secret:certificate_pem}}", "key": "{{secret:key_pem}}"
    });
    assert_eq!(ssl(good::own()), Some(enabled.clone()));
    assert_eq!(ssl(good::generated()), Some(enabled));
    assert_eq!(
        ssl(Tls::Microsoft {
            leaf_domain_label: "contoso".into(),
            overwrite_existing_domain: true
        }),
        Some(json!({ "status": "Auto", "leafDomainLabel": "contoso", "overwriteExistingDomain": true }))
    );
}

#[test]
fn a_compute_of_type_aks_attached_with_an_internal_address() {
    let good = good::existing(Route::Classic).with(|spec, _| {
        spec.purpose = Purpose::DevTest;
        spec.network.load_balancer = Some(LoadBalancer::Internal {
            subnet: Some("default".into()),
        });
    });
    let wanted = json!({
        "location": "eastus",
        "tags": { "berth-plan": "p-1" },
        "properties": {
            "computeType": "AKS",
            "resourceId": K,
            "properties": {
                "clusterPurpose": "DevTest",
                "loadBalancerType": "InternalLoadBalancer",
                "loadBalancerSubnet": "default",
                "sslConfiguration": {
                    "status": "Enabled", "cname": "ml.contoso.com",
                    "cert": "{{secret:certificate_pem}}", "key": "{{secret:key_pem}}"
                }
            }
        }
    });
    assert_eq!(compute_aks(&good.spec, K, "eastus", "p-1"), wanted);
    let public = good.with(|spec, _| spec.network.load_balancer = Some(LoadBalancer::Public));
    let properties = &compute_aks(&public.spec, K, "eastus", "p-1")["properties"]["properties"];
    assert_eq!(properties["loadBalancerType"], "PublicIp");
    assert!(
        properties.get("loadBalancerSubnet").is_none(),
        "only an internal address has a subnet"
    );
}

#[test]
fn a_compute_that_brings_its_own_cluster() {
    let good = good::through_aml().with(|spec, _| {
        spec.tls = Some(Tls::None);
        spec.network.load_balancer = Some(LoadBalancer::Internal {
            subnet: Some("aks-subnet".into()),
        });
    });
    let subnet = format!(
        "/subscriptions/{}/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet-ml/subnets/aks-subnet",
        good::SUBSCRIPTION
    );
    let wanted = json!({
        "location": "northeurope",
        "tags": { "berth-plan": "p-1" },
        "properties": {
            "computeType": "AKS",
            "computeLocation": "westeurope",
            "properties": {
                "agentCount": 3,
                "agentVmSize": "Standard_D4s_v5",
                "clusterPurpose": "FastProd",
                "loadBalancerType": "InternalLoadBalancer",
                "loadBalancerSubnet": "aks-subnet",
                "aksNetworkingConfiguration": {
                    "subnetId": subnet, "serviceCidr": "10.0.0.0/16", "dnsServiceIP": "10.0.0.10",
                    "dockerBridgeCidr": "172.17.0.1/16"
                }
            }
        }
    });
    assert_eq!(compute_through_aml(&good.spec, "northeurope", "p-1"), wanted);
    let bare = good.with(|spec, _| {
        spec.network.vnet = None;
        spec.size.vm_size.clear();
        spec.place.location.clear();
    });
    let body = compute_through_aml(&bare.spec, "northeurope", "p-1");
    assert!(
        body["properties"].get("computeLocation").is_none(),
        "the service uses the workspace's location"
    );
    for absent in ["agentVmSize", "aksNetworkingConfiguration"] {
        assert!(
            body["properties"]["properties"].get(absent).is_none(),
            "{absent} is omitted, not null"
        );
    }
    assert!(body["properties"].get("resourceId").is_none());
}

/// A policy may demand tags on everything that is made.
#[test]
fn what_is_made_carries_the_chosen_tags() {
    let good = good::new_group().with(|spec, _| {
        spec.place.tags = [("costCenter".to_owned(), "42".to_owned())].into();
    });
    let made = berth_domain::plan::plan(&good.goal(), &good.facts, "p-1").expect("a plan");
    let requests = made.steps.iter().filter_map(|step| step.request.as_ref());
    let tagged = requests.filter(|request| {
        request
            .body
            .as_ref()
            .is_some_and(|body| body["tags"]["costCenter"] == "42")
    });
    assert_eq!(tagged.count(), 3, "resource group, cluster and compute");
}
