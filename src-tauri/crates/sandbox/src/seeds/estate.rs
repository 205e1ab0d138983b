//! Requests for workspaces, clusters and attachments.

use super::seeder::Seeder;
use crate::error::SandboxError;
use crate::resource_id::name_of;
use serde_json::{Map, Value, json};

/// api-version for workspaces and computes.
const ML: &str = "2025-12-01";
/// api-version for clusters.
const AKS: &str = "2026-05-01";
/// api-version for extensions.
const EXTENSIONS: &str = "2025-03-01";
const AML_EXTENSION: &str = "Microsoft.AzureML.Kubernetes";

pub(super) fn group(subscription: &str, name: &str) -> String {
    crate::resource_id::resource_group_id(subscription, name)
}

/// A cluster to create.
#[derive(Debug, Clone)]
pub(super) struct Cluster<'a> {
    pub(super) group: String,
    pub(super) name: &'a str,
    pub(super) location: &'a str,
    pub(super) size: &'a str,
    pub(super) count: u64,
    /// Subnet id; AKS creates a network if `None`.
    pub(super) subnet: Option<String>,
    pub(super) tags: Value,
    /// Additional members of `properties`.
    pub(super) more: Value,
}

impl Cluster<'_> {
    pub(super) fn id(&self) -> String {
        format!(
            "{}/providers/Microsoft.ContainerService/managedClusters/{}",
            self.group, self.name
        )
    }

    fn body(&self) -> Value {
        let mut pool = json!({
            "name": "system", "mode": "System", "count": self.count, "vmSize": self.size, "osType": "Linux",
            "type": "VirtualMachineScaleSets", "maxPods": 110,
        });
        if let Some(subnet) = &self.subnet {
            pool["vnetSubnetID"] = subnet.clone().into();
        }
        let mut body = json!({
            "location": self.location,
            "identity": { "type": "SystemAssigned" },
            "sku": { "name": "Base", "tier": "Standard" },
            "tags": self.tags,
            "properties": {
                "kubernetesVersion": "",
                "dnsPrefix": format!("{}-dns", self.name),
                "enableRBAC": true,
                "agentPoolProfiles": [pool],
                "networkProfile": {
                    "networkPlugin": "azure", "networkPluginMode": "overlay", "loadBalancerSku": "standard",
                    "outboundType": "loadBalancer", "podCidr": "10.244.0.0/16", "serviceCidr": "10.0.0.0/16",
                    "dnsServiceIP": "10.0.0.10",
                },
            },
        });
        let more = self.more.as_object().cloned().unwrap_or_default();
        body["properties"]
            .as_object_mut()
            .into_iter()
            .for_each(|properties| properties.extend(more.clone()));
        body
    }
}

impl Seeder {
    /// Creates a workspace and returns its id.
    pub(super) fn workspace(
        &mut self,
        group: &str,
        name: &str,
        location: &str,
    ) -> Result<String, SandboxError> {
        let id = format!("{group}/providers/Microsoft.MachineLearningServices/workspaces/{name}");
        let short: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let body = json!({
            "location": location,
            "kind": "Default",
            "identity": { "type": "SystemAssigned" },
            "properties": {
                "friendlyName": name,
                "storageAccount": format!("{group}/providers/Microsoft.Storage/storageAccounts/st{short}"),
                "keyVault": format!("{group}/providers/Microsoft.KeyVault/vaults/kv-{name}"),
                "applicationInsights": format!("{group}/providers/Microsoft.Insights/components/appi-{name}"),
                "containerRegistry": format!("{group}/providers/Microsoft.ContainerRegistry/registries/cr{short}"),
                "publicNetworkAccess": "Enabled",
            },
        });
        self.put(&id, ML, body)?;
        Ok(id)
    }

    /// Creates a cluster and returns its id.
    pub(super) fn cluster(&mut self, cluster: &Cluster<'_>) -> Result<String, SandboxError> {
        self.put(&cluster.id(), AKS, cluster.body())?;
        Ok(cluster.id())
    }

    /// Installs the extension for inference; `settings` and `protected` are added to the usual ones.
    pub(super) fn extension(
        &mut self,
        cluster: &str,
        settings: Value,
        protected: Value,
    ) -> Result<(), SandboxError> {
        let location = self
            .world
            .resource(cluster)
            .map(|found| found.location())
            .unwrap_or_default();
        let mut all = json!({
            "enableTraining": "False", "enableInference": "True", "inferenceRouterServiceType": "LoadBalancer",
            "inferenceRouterHA": "True", "clusterPurpose": "FastProd", "cluster_name": cluster, "clusterId": cluster,
            "prometheus.prometheusSpec.externalLabels.cluster_name": cluster,
            "cluster_name_friendly": name_of(cluster), "domain": format!("{location}.cloudapp.azure.com"),
            "location": location, "jobSchedulerLocation": location, "servicebus.enabled": "false",
            "relayserver.enabled": "false", "nginxIngress.enabled": "true",
        });
        let more: Map<String, Value> = settings.as_object().cloned().unwrap_or_default();
        all.as_object_mut()
            .into_iter()
            .for_each(|all| all.extend(more.clone()));
        let body = json!({
            "identity": { "type": "SystemAssigned" },
            "properties": {
                "extensionType": AML_EXTENSION, "autoUpgradeMinorVersion": true, "releaseTrain": "stable",
                "scope": { "cluster": { "releaseNamespace": "azureml" } },
                "configurationSettings": all, "configurationProtectedSettings": protected,
            },
        });
        let id = format!("{cluster}/providers/Microsoft.KubernetesConfiguration/extensions/azureml");
        self.put(&id, EXTENSIONS, body).map(|_| ())
    }

    pub(super) fn attach(
        &mut self,
        workspace: &str,
        name: &str,
        cluster: &str,
    ) -> Result<String, SandboxError> {
        let properties = json!({ "namespace": "default" });
        self.compute(
            workspace,
            name,
            json!({ "computeType": "Kubernetes", "resourceId": cluster, "properties": properties }),
        )
    }

    pub(super) fn attach_classic(
        &mut self,
        workspace: &str,
        name: &str,
        cluster: &str,
        properties: Value,
    ) -> Result<String, SandboxError> {
        self.compute(
            workspace,
            name,
            json!({ "computeType": "AKS", "resourceId": cluster, "properties": properties }),
        )
    }

    fn compute(&mut self, workspace: &str, name: &str, properties: Value) -> Result<String, SandboxError> {
        let location = self
            .world
            .resource(workspace)
            .map(|found| found.location())
            .unwrap_or_default();
        let mut body = json!({ "location": location, "properties": properties });
        if body["properties"]["computeType"] == "Kubernetes" {
            body["identity"] = json!({ "type": "SystemAssigned" });
        }
        let id = format!("{workspace}/computes/{name}");
        self.put(&id, ML, body)?;
        Ok(id)
    }
}
