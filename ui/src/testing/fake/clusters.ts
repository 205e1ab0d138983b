import type { ClusterFacts } from "../../ipc/generated/ClusterFacts";
import type { ComputeFacts } from "../../ipc/generated/ComputeFacts";
import type { PoolFacts } from "../../ipc/generated/PoolFacts";
import { SUBSCRIPTION } from "./session";

const scope = (group: string): string => `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers`;

/** The id of a cluster by its group and name. */
export const clusterId = (group: string, name: string): string => `${scope(group)}/Microsoft.ContainerService/managedClusters/${name}`;

const pool = (name: string, part: Partial<PoolFacts> = {}): PoolFacts => ({
  name,
  kind: "VirtualMachineScaleSets",
  vmSize: "Standard_D4s_v5",
  count: 3,
  mode: "System",
  osType: "Linux",
  version: "1.35.4",
  maxSurge: null,
  powerState: "Running",
  taints: [],
  provisioningState: "Succeeded",
  minCount: null,
  maxCount: null,
  subnetId: null,
  mixed: [],
  osSku: "Ubuntu2404",
  priority: null,
  maxPods: 30,
  podSubnetId: null,
  maxUnavailable: null,
  ...part,
});

const cluster = (name: string, group: string, part: Partial<ClusterFacts> = {}): ClusterFacts => ({
  id: clusterId(group, name),
  name,
  resourceGroup: group,
  subscriptionId: SUBSCRIPTION,
  location: "westeurope",
  kubernetesVersion: "1.35.4",
  provisioningState: "Succeeded",
  powerState: "Running",
  identityType: "SystemAssigned",
  principalId: "66666666-2222-3333-4444-555555555555",
  pools: [pool("system")],
  skuName: "Base",
  nodeProvisioning: "Manual",
  networkPluginMode: null,
  podCidrs: ["10.244.0.0/16"],
  loadBalancerSku: "standard",
  networkPlugin: "azure",
  privateCluster: false,
  privatePublicFqdn: false,
  runCommand: true,
  tier: "Standard",
  supportPlan: "KubernetesOfficial",
  authorizedRanges: [],
  localAccountsDisabled: false,
  nodeResourceGroup: `MC_${group}_${name}_westeurope`,
  tags: {},
  ...part,
});

const compute = (workspace: string, group: string, name: string, part: Partial<ComputeFacts> = {}): ComputeFacts => ({
  id: `${scope(group)}/Microsoft.MachineLearningServices/workspaces/${workspace}/computes/${name}`,
  name,
  workspace,
  computeType: "Kubernetes",
  clusterId: null,
  provisioningState: "Succeeded",
  isAttached: true,
  namespace: "default",
  purpose: null,
  tags: {},
  ...part,
});

const classic: Partial<ComputeFacts> = { computeType: "AKS", namespace: null, purpose: "FastProd" };

export const clusters: ClusterFacts[] = [
  cluster("scoring-01", "rg-ml-prod", {
    tags: { owner: "ml-platform", "cost-centre": "4711" },
    pools: [
      pool("system"),
      pool("models", { vmSize: "Standard_D8s_v5", count: 2, mode: "User", minCount: 2, maxCount: 6, version: "1.34.6", taints: ["sku=models:NoSchedule"] }),
    ],
  }),
  cluster("batch-eu", "rg-ml-prod", { kubernetesVersion: "1.34.6", powerState: "Stopped" }),
  cluster("risk-models", "rg-risk", { privateCluster: true, localAccountsDisabled: true }),
  cluster("prod-classic", "rg-ml-prod", { pools: [pool("agentpool")] }),
];

export const computes: ComputeFacts[] = [
  compute("ml-prod", "rg-ml-prod", "scoring", { clusterId: clusterId("rg-ml-prod", "scoring-01") }),
  compute("ml-prod", "rg-ml-prod", "prod-01", { ...classic, clusterId: clusterId("rg-ml-prod", "prod-classic") }),
  compute("ml-prod", "rg-ml-prod", "prod-02", { namespace: "prod", clusterId: clusterId("rg-ml-prod", "prod-classic"), tags: { "berth-plan": "5d0c" } }),
  compute("credit-risk", "rg-risk", "risk-dev", { ...classic, purpose: "DevTest", isAttached: false, clusterId: clusterId("rg-risk", "risk-models") }),
  compute("ml-research", "rg-ml-research", "gone-aks", { ...classic, provisioningState: "Failed", clusterId: clusterId("rg-ml-research", "deleted-last-week") }),
];
