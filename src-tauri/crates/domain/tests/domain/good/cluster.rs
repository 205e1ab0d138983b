//! A cluster without problems and its node pool.

use super::SUBSCRIPTION;
use berth_domain::facts::{ClusterFacts, PoolFacts};
use std::collections::BTreeMap;

pub(crate) fn cluster() -> ClusterFacts {
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
        sku_name: Some("Base".into()),
        node_provisioning: Some("Manual".into()),
        network_plugin_mode: None,
        pod_cidrs: Vec::new(),
        network_plugin: "azure".into(),
        private_cluster: false,
        private_public_fqdn: false,
        run_command: true,
        tier: "Standard".into(),
        support_plan: "KubernetesOfficial".into(),
        authorized_ranges: vec![],
        local_accounts_disabled: false,
        node_resource_group: "MC_rg-ml_aks-there_westeurope".into(),
        tags: BTreeMap::new(),
        untold: Vec::new(),
    }
}

pub(crate) fn pool(count: u32) -> PoolFacts {
    PoolFacts {
        name: "system".into(),
        vm_size: "Standard_D4s_v5".into(),
        count,
        mode: "System".into(),
        os_type: "Linux".into(),
        version: "1.35.4".into(),
        max_surge: None,
        power_state: "Running".into(),
        taints: vec![],
        provisioning_state: "Succeeded".into(),
        min_count: None,
        max_count: None,
        subnet_id: None,
        kind: "VirtualMachineScaleSets".into(),
        mixed: Vec::new(),
        os_sku: Some("Ubuntu2404".into()),
        priority: None,
        max_pods: Some(30),
        pod_subnet_id: None,
        max_unavailable: None,
    }
}
