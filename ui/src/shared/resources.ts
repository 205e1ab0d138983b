import type { ComputeFacts } from "../ipc/generated/ComputeFacts";
import type { PoolFacts } from "../ipc/generated/PoolFacts";
import type { Route } from "../ipc/generated/Route";

/** The tag that marks resources created by a Berth plan. */
const PLAN_TAG = "berth-plan";

/** Subnet Azure ML takes for an internal address when none is named; the network that AKS makes has it. */
export const DEFAULT_SUBNET = "aks-subnet";

/** The last part of a resource id. */
export function nameOf(resourceId: string): string {
  return resourceId.slice(resourceId.lastIndexOf("/") + 1);
}

/** What a resource is called: its name, of a version of an asset `name:version`. */
export function titleOf(resourceId: string): string {
  const [, name, version] = /\/(?:models|codes|environments)\/([^/]+)\/versions\/([^/]+)$/i.exec(resourceId) ?? [];
  return name === undefined || version === undefined ? nameOf(resourceId) : `${name}:${version}`;
}

/** The resource group named in a resource id. */
export function groupOf(resourceId: string): string {
  return /\/resourceGroups\/([^/]+)/i.exec(resourceId)?.[1] ?? "";
}

/** The subscription named in a resource id. */
export function subscriptionIn(resourceId: string): string {
  return /^\/subscriptions\/([^/]+)/i.exec(resourceId)?.[1] ?? "";
}

/** The workspace a compute belongs to: its resource id. */
export function workspaceIdOf(computeId: string): string {
  return computeId.replace(/\/computes\/[^/]+$/i, "");
}

/** Whether two ids name the same resource; Azure does not keep their case. */
export function sameResource(one: string, other: string | null): boolean {
  return one !== "" && one.toLowerCase() === other?.toLowerCase();
}

/** How a compute is attached. */
export function routeOf({ computeType }: ComputeFacts): Route {
  return computeType.toLowerCase() === "aks" ? "classic" : "extension";
}

/** Whether a compute of the extension route came from a move by Berth. */
export function isMoved(compute: ComputeFacts): boolean {
  return routeOf(compute) === "extension" && PLAN_TAG in compute.tags;
}

/** Nodes of all pools. */
export function nodesOf(pools: readonly PoolFacts[]): number {
  return pools.reduce((sum, pool) => sum + pool.count, 0);
}

/** vCPU of all pools; `null` while those of one size are not known. */
export function vcpusOf(pools: readonly PoolFacts[], vcpus: Readonly<Record<string, number>>): number | null {
  return pools.reduce<number | null>((sum, pool) => {
    const each = vcpus[pool.vmSize];
    return sum === null || each === undefined ? null : sum + each * pool.count;
  }, 0);
}

/** `D4s v5` of `Standard_D4s_v5`. */
export function shortSize(vmSize: string): string {
  return vmSize.replace(/^Standard_/, "").replaceAll("_", " ");
}

/** A cluster ID in a text: alone, or in a portal URL. */
const CLUSTER = /\/subscriptions\/([0-9a-f-]{36})\/resourceGroups\/([\w.()-]+)\/providers\/Microsoft\.ContainerService\/managedClusters\/([\w-]+)/i;

/** What names a cluster. */
export interface ClusterName {
  subscriptionId: string;
  resourceGroup: string;
  name: string;
}

/** The cluster in a pasted text; `null` if there is none. */
export function clusterIn(text: string): ClusterName | null {
  const [, subscriptionId, resourceGroup, name] = CLUSTER.exec(text.trim()) ?? [];
  return subscriptionId === undefined || resourceGroup === undefined || name === undefined ? null : { subscriptionId, resourceGroup, name };
}

/** The resource id of a cluster. */
export function clusterIdOf({ subscriptionId, resourceGroup, name }: ClusterName): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${name}`;
}
