import type { AccessReport } from "../../ipc/generated/AccessReport";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import type { ComputeDetails } from "../../ipc/generated/ComputeDetails";
import type { Dependent } from "../../ipc/generated/Dependent";
import { clusters, computes } from "./clusters";
import { endpoints } from "./endpoints";

const same = (one: string, other: string | null): boolean => one.toLowerCase() === other?.toLowerCase();

const SERVING: Record<string, Partial<ComputeDetails>> = {
  scoring: { tls: "own", name: "ml.contoso.com" },
  "prod-01": { tls: "own", name: "scoring.contoso.com" },
  "prod-02": { tls: "own", name: "scoring.contoso.com" },
  "risk-dev": { loadBalancer: { kind: "internal", subnet: "aks-subnet" } },
};

/** What runs on a compute. */
function dependentsOf(computeId: string): Dependent[] {
  return endpoints
    .filter((one) => same(computeId, one.computeId))
    .map(({ name, computeName, url, state, route, versions }) => ({
      name,
      compute: computeName ?? "",
      computeId,
      url,
      state,
      deployments: route === "classic" ? [] : versions.map((version) => ({ name: version.name, state: version.state })),
    }));
}

/** The details of a cluster; none if it does not exist. */
export function detailsOf(resourceId: string): ClusterDetails | undefined {
  const cluster = clusters.find((candidate) => same(candidate.id, resourceId));
  if (cluster === undefined) {
    return undefined;
  }
  const own = computes.filter((compute) => same(cluster.id, compute.clusterId));
  return {
    cluster,
    computes: own.map((compute) => ({ compute, loadBalancer: { kind: "public" }, tls: "off", name: null, ...SERVING[compute.name] })),
    extensions: own.some((compute) => compute.computeType === "Kubernetes")
      ? [
          {
            id: `${cluster.id}/providers/Microsoft.KubernetesConfiguration/extensions/azureml`,
            name: "azureml",
            extensionType: "microsoft.azureml.kubernetes",
            provisioningState: "Succeeded",
            version: "1.1.96",
            settings: {},
            error: null,
          },
        ]
      : [],
    upgrades: [
      { version: "1.35.6", isPreview: false },
      { version: "1.36.1", isPreview: false },
      { version: "1.36.2", isPreview: false },
      { version: "1.37.0", isPreview: true },
    ],
    leftovers: cluster.name === "batch-eu" ? ["service default/azureml-fe", "deployment default/azureml-fe", "secret default/azuremlfessl"] : [],
    dependents: own.flatMap(({ id }) => dependentsOf(id)),
    subnets: ["aks-subnet", "routed"],
    vcpus: { Standard_D4s_v5: 4, Standard_D8s_v5: 8 },
    problems: [],
  };
}

/** The missing roles for an attachment. */
export function accessOf(workspaceId: string, clusterId: string): AccessReport {
  return {
    lacks: [
      {
        who: "workspace",
        of: workspaceId,
        name: workspaceId.slice(workspaceId.lastIndexOf("/") + 1),
        principalId: "11111111-2222-3333-4444-555555555555",
        role: "kubernetes_extension_contributor",
        roleName: "Kubernetes Extension Contributor",
        command: `az role assignment create --assignee-object-id 11111111-2222-3333-4444-555555555555 --assignee-principal-type ServicePrincipal --role 'Kubernetes Extension Contributor' --scope ${clusterId}`,
        scope: clusterId,
        reason: "access.extension",
      },
      {
        who: "workspace",
        of: workspaceId,
        name: workspaceId.slice(workspaceId.lastIndexOf("/") + 1),
        principalId: "11111111-2222-3333-4444-555555555555",
        role: "cluster_admin",
        roleName: "Azure Kubernetes Service Cluster Admin Role",
        command: `az role assignment create --assignee-object-id 11111111-2222-3333-4444-555555555555 --assignee-principal-type ServicePrincipal --role 'Azure Kubernetes Service Cluster Admin Role' --scope ${clusterId}`,
        scope: clusterId,
        reason: "access.cluster_admin",
      },
    ],
    mayGrant: true,
    problems: [],
  };
}
