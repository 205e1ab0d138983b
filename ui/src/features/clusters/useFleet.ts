import { useQueries, useQueryClient } from "@tanstack/react-query";
import { toFailure } from "../../ipc/call";
import type { ComputeFacts } from "../../ipc/generated/ComputeFacts";
import type { Failure } from "../../ipc/generated/Failure";
import type { SizeCatalogue } from "../../ipc/generated/SizeCatalogue";
import { placeQuery, sizesQuery } from "../../shared/catalogues";
import { type ClusterRow, type Part, orphansOf, rowsOf } from "./fleet";

interface Fleet {
  rows: readonly ClusterRow[];
  orphans: readonly ComputeFacts[];
  /** Whether a subscription is loading for the first time. */
  reading: boolean;
  /** Whether a refresh is in progress. */
  refreshing: boolean;
  failures: readonly { subscriptionId: string; failure: Failure }[];
  problems: readonly string[];
  again: () => void;
}

/** Clusters and computes of several subscriptions, read in parallel. */
export function useFleet(account: string, subscriptions: readonly string[]): Fleet {
  const queries = useQueryClient();
  const read = useQueries({ queries: subscriptions.map((id) => placeQuery(account, id)) });
  const states = read.map(({ data, error, isPending, isFetching }, at) => ({ subscriptionId: subscriptions[at] ?? "", data, error, isPending, isFetching }));
  const parts = states.flatMap(({ subscriptionId, data }): Part[] => (data === undefined ? [] : [{ subscriptionId, catalogue: data }]));
  const locations = new Map(parts.flatMap(({ subscriptionId, catalogue }) => catalogue.clusters.map(({ location }) => [location, subscriptionId] as const)));
  // Use cached sizes only: reading all sizes of a location for one number is too expensive.
  const known = useQueries({
    queries: [...locations].map(([location, id]) => ({ ...sizesQuery(account, id, location), enabled: false })),
    combine: (results) => vcpusIn(results.map(({ data }) => data)),
  });
  return {
    rows: rowsOf(parts, known),
    orphans: orphansOf(parts),
    reading: states.some(({ isPending }) => isPending),
    refreshing: states.some(({ isFetching, isPending }) => isFetching && !isPending),
    failures: states.flatMap(({ subscriptionId, error }) => (error === null ? [] : [{ subscriptionId, failure: toFailure(error) }])),
    problems: parts.flatMap(({ catalogue }) => catalogue.problems),
    again: () => void queries.invalidateQueries({ queryKey: ["azure", "place", account] }),
  };
}

function vcpusIn(catalogues: readonly (SizeCatalogue | undefined)[]): Record<string, number> {
  return Object.fromEntries(catalogues.flatMap((catalogue) => catalogue?.sizes ?? []).map(({ name, vcpus }) => [name, vcpus]));
}
