import type { ClusterFacts } from "../../../ipc/generated/ClusterFacts";
import type { PlaceCatalogue } from "../../../ipc/generated/PlaceCatalogue";
import type { Spec } from "../../../ipc/generated/Spec";
import type { WorkspaceFacts } from "../../../ipc/generated/WorkspaceFacts";
import { groupOf, nameOf, subscriptionIn } from "../../../shared/resources";

/** Changes the subscription and resets the choices that depend on it. */
export function withSubscription(spec: Spec, subscriptionId: string): Spec {
  if (spec.place.subscriptionId === subscriptionId) {
    return spec;
  }
  const cluster = spec.cluster.kind === "existing" ? { ...spec.cluster, resourceId: "" } : spec.cluster;
  const workspace = { subscriptionId: "", resourceGroup: "", name: "" };
  return {
    ...spec,
    cluster,
    place: { ...spec.place, subscriptionId, workspace, resourceGroup: "", newResourceGroup: false, location: "" },
    network: { ...spec.network, vnet: null },
  };
}

/** Changes the workspace. Group, location and names follow unless the user chose others. */
export function withWorkspace(spec: Spec, facts: WorkspaceFacts, catalogue: PlaceCatalogue): Spec {
  const resourceGroup = groupOf(facts.id);
  const { place } = spec;
  const makes = spec.cluster.kind !== "existing";
  const former = catalogue.workspaces.find((workspace) => workspace.name === place.workspace.name);
  const follows = makes && (place.location === "" || place.location === former?.location);
  const located = follows ? withLocation(spec, facts.location) : spec;
  const followsGroup = makes && (place.resourceGroup === "" || place.resourceGroup === place.workspace.resourceGroup);
  return {
    ...located,
    place: {
      ...located.place,
      workspace: { subscriptionId: place.subscriptionId, resourceGroup, name: facts.name },
      ...(followsGroup ? { resourceGroup, newResourceGroup: false } : {}),
      clusterName: place.clusterName === "" && makes ? freeClusterName(facts.name, resourceGroup, catalogue) : place.clusterName,
      computeName: place.computeName === "" ? freeComputeName(facts.name, catalogue) : place.computeName,
    },
  };
}

/** Changes the location and resets network and size, which depend on it. */
export function withLocation(spec: Spec, location: string): Spec {
  if (spec.place.location === location) {
    return spec;
  }
  return {
    ...spec,
    place: { ...spec.place, location },
    network: { ...spec.network, vnet: null },
  };
}

/** Selects an existing cluster with its location. */
export function withCluster(spec: Spec, facts: ClusterFacts): Spec {
  return {
    ...spec,
    cluster: { kind: "existing", resourceId: facts.id },
    place: {
      ...spec.place,
      subscriptionId: facts.subscriptionId,
      resourceGroup: facts.resourceGroup,
      newResourceGroup: false,
      location: facts.location,
      clusterName: facts.name,
    },
  };
}

/** Selects a cluster by name only; {@link withCluster} adds what Azure knows of it. */
export function withClusterId(spec: Spec, resourceId: string): Spec {
  const { place } = spec;
  const subscriptionId = subscriptionIn(resourceId) || place.subscriptionId;
  return {
    ...spec,
    cluster: { kind: "existing", resourceId },
    place: { ...place, subscriptionId, resourceGroup: groupOf(resourceId), newResourceGroup: false, location: "", clusterName: nameOf(resourceId) },
  };
}

function freeClusterName(workspace: string, group: string, { clusters }: PlaceCatalogue): string {
  const taken = clusters.filter((cluster) => same(cluster.resourceGroup, group)).map((cluster) => cluster.name);
  return free(`aks-${workspace}`.slice(0, 60), taken);
}

function freeComputeName(workspace: string, { computes }: PlaceCatalogue): string {
  const taken = computes.filter((compute) => same(compute.workspace, workspace)).map((compute) => compute.name);
  return free("inference", taken);
}

/** The wanted name, with a number appended if it is taken. */
function free(goal: string, taken: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? goal : `${goal}-${number}`;
    if (!taken.some((other) => same(other, name))) {
      return name;
    }
  }
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
