import type { ClusterFacts } from "../../ipc/generated/ClusterFacts";
import type { ComputeFacts } from "../../ipc/generated/ComputeFacts";
import type { PlaceCatalogue } from "../../ipc/generated/PlaceCatalogue";
import { standingOf } from "../../shared/ClusterStateLabel";
import { nodesOf, sameResource, subscriptionIn, vcpusOf } from "../../shared/resources";

/** What one subscription has. */
export interface Part {
  subscriptionId: string;
  catalogue: PlaceCatalogue;
}

/** A cluster with the computes by which workspaces know it. */
export interface ClusterRow {
  cluster: ClusterFacts;
  computes: readonly ComputeFacts[];
  nodes: number;
  /** `null` while the sizes of its location were not read. */
  vcpus: number | null;
}

export type SortKey = "name" | "location" | "version" | "nodes" | "state" | "attached";

export interface FleetView {
  text: string;
  sort: SortKey;
  descending: boolean;
}

/** Every cluster of the subscriptions, with its computes, whichever of the subscriptions their workspaces are in. */
export function rowsOf(parts: readonly Part[], vcpus: Readonly<Record<string, number>>): ClusterRow[] {
  const computes = parts.flatMap(({ catalogue }) => catalogue.computes);
  return parts
    .flatMap(({ catalogue }) => catalogue.clusters)
    .map((cluster) => ({
      cluster,
      computes: computes.filter((compute) => sameResource(cluster.id, compute.clusterId)),
      nodes: nodesOf(cluster.pools),
      vcpus: vcpusOf(cluster.pools, vcpus),
    }));
}

/**
 * Computes whose cluster is gone. Only where every list of the cluster's subscription was read: what could not be read is
 * not gone.
 */
export function orphansOf(parts: readonly Part[]): ComputeFacts[] {
  const whole = parts.filter(({ catalogue }) => catalogue.problems.length === 0);
  const there = whole.flatMap(({ catalogue }) => catalogue.clusters);
  const looked = new Set(whole.map(({ subscriptionId }) => subscriptionId.toLowerCase()));
  return parts
    .flatMap(({ catalogue }) => catalogue.computes)
    .filter(
      ({ clusterId }) =>
        clusterId !== null && looked.has(subscriptionIn(clusterId).toLowerCase()) && !there.some((cluster) => sameResource(cluster.id, clusterId)),
    );
}

/** The rows a text fits, ordered. */
export function viewOf(rows: readonly ClusterRow[], { text, sort, descending }: FleetView): ClusterRow[] {
  const words = text.trim().toLowerCase().split(/\s+/);
  const fitting = rows.filter((row) => {
    const searched = wordsOf(row);
    return words.every((word) => searched.includes(word));
  });
  const direction = descending ? -1 : 1;
  return fitting.sort((one, other) => direction * (ORDER[sort](one, other) || byName(one, other)));
}

function wordsOf({ cluster, computes }: ClusterRow): string {
  const own = [cluster.name, cluster.resourceGroup, cluster.location, cluster.kubernetesVersion, cluster.powerState];
  return [...own, ...computes.flatMap(({ name, workspace }) => [name, workspace])].join(" ").toLowerCase();
}

type Compare = (one: ClusterRow, other: ClusterRow) => number;

const natural = (one: string, other: string): number => one.localeCompare(other, "en", { numeric: true });
const byName: Compare = (one, other) => natural(one.cluster.name, other.cluster.name);

const ORDER: Record<SortKey, Compare> = {
  name: byName,
  location: (one, other) => natural(one.cluster.location, other.cluster.location),
  version: (one, other) => natural(one.cluster.kubernetesVersion, other.cluster.kubernetesVersion),
  nodes: (one, other) => one.nodes - other.nodes,
  state: (one, other) => natural(standingOf(one.cluster), standingOf(other.cluster)),
  attached: (one, other) => one.computes.length - other.computes.length,
};
