import type { ClusterFacts } from "../../ipc/generated/ClusterFacts";
import type { ComputeFacts } from "../../ipc/generated/ComputeFacts";
import type { PlaceCatalogue } from "../../ipc/generated/PlaceCatalogue";
import { conditionOf } from "../../shared/ClusterStateLabel";
import { nodesOf, sameResource, subscriptionIn, vcpusOf } from "../../shared/resources";
import { hasWords, natural } from "../../shared/sorting";

/** The clusters and computes of a subscription. */
export interface Part {
  subscriptionId: string;
  catalogue: PlaceCatalogue;
}

/** A cluster with its computes. */
export interface ClusterRow {
  cluster: ClusterFacts;
  /** Display name of its location. */
  location: string;
  computes: readonly ComputeFacts[];
  nodes: number;
  /** `null` until the sizes of its location have been read. */
  vcpus: number | null;
}

export type SortKey = "name" | "location" | "version" | "nodes" | "state" | "attached";

export interface FleetView {
  text: string;
  sort: SortKey;
  descending: boolean;
}

/** All clusters of the subscriptions, with their computes from any of these subscriptions. */
export function rowsOf(parts: readonly Part[], vcpus: Readonly<Record<string, number>>): ClusterRow[] {
  const computes = parts.flatMap(({ catalogue }) => catalogue.computes);
  return parts
    .flatMap(({ catalogue: { clusters, locations } }) =>
      clusters.map((cluster) => ({ cluster, location: locations.find(({ name }) => name === cluster.location)?.displayName ?? cluster.location })),
    )
    .map(({ cluster, location }) => ({
      cluster,
      location,
      computes: computes.filter((compute) => sameResource(cluster.id, compute.clusterId)),
      nodes: nodesOf(cluster.pools),
      vcpus: vcpusOf(cluster.pools, vcpus),
    }));
}

/**
 * Computes whose cluster no longer exists. Reported only if the cluster's subscription was fully read: a cluster that
 * could not be read may still exist.
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

/** Rows that match a text, sorted. */
export function viewOf(rows: readonly ClusterRow[], { text, sort, descending }: FleetView): ClusterRow[] {
  const fitting = rows.filter((row) => hasWords(wordsOf(row), text));
  const direction = descending ? -1 : 1;
  return fitting.sort((one, other) => direction * (ORDER[sort](one, other) || byName(one, other)));
}

function wordsOf({ cluster, location, computes }: ClusterRow): string {
  const own = [cluster.name, cluster.resourceGroup, location, cluster.location, cluster.kubernetesVersion, cluster.powerState];
  return [...own, ...computes.flatMap(({ name, workspace }) => [name, workspace])].join(" ");
}

type Compare = (one: ClusterRow, other: ClusterRow) => number;

const byName: Compare = (one, other) => natural(one.cluster.name, other.cluster.name);

const ORDER: Record<SortKey, Compare> = {
  name: byName,
  location: (one, other) => natural(one.location, other.location),
  version: (one, other) => natural(one.cluster.kubernetesVersion, other.cluster.kubernetesVersion),
  nodes: (one, other) => one.nodes - other.nodes,
  state: (one, other) => natural(conditionOf(one.cluster), conditionOf(other.cluster)),
  attached: (one, other) => one.computes.length - other.computes.length,
};
