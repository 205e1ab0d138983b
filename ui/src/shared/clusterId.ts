/** The id of a cluster, somewhere in a text: alone, or in an address of the portal. */
const CLUSTER = /\/subscriptions\/([0-9a-f-]{36})\/resourceGroups\/([\w.()-]+)\/providers\/Microsoft\.ContainerService\/managedClusters\/([\w-]+)/i;

/** What names a cluster. */
export interface ClusterName {
  subscriptionId: string;
  resourceGroup: string;
  name: string;
}

/** The cluster a pasted text names; `null` where it names none. */
export function clusterIn(text: string): ClusterName | null {
  const [, subscriptionId, resourceGroup, name] = CLUSTER.exec(text.trim()) ?? [];
  return subscriptionId === undefined || resourceGroup === undefined || name === undefined ? null : { subscriptionId, resourceGroup, name };
}

/** The resource id of a cluster. */
export function clusterIdOf({ subscriptionId, resourceGroup, name }: ClusterName): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${name}`;
}
