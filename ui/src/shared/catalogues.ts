import { queryOptions, useQuery } from "@tanstack/react-query";
import { call } from "../ipc/call";
import type { Spec } from "../ipc/generated/Spec";

/** What the steps choose from. Keys start with `azure`: another sign-in forgets them. */

export function placeQuery(account: string, subscriptionId: string) {
  return queryOptions({
    queryKey: ["azure", "place", account, subscriptionId],
    queryFn: () => call("list_place", { account, subscriptionId }),
    enabled: subscriptionId !== "",
  });
}

/** Everything the page of a cluster shows. */
export function clusterQuery(account: string, resourceId: string) {
  return queryOptions({
    queryKey: ["azure", "cluster", account, resourceId.toLowerCase()],
    queryFn: () => call("get_cluster_details", { account, resourceId }),
    enabled: resourceId !== "",
    staleTime: 60_000,
  });
}

export function versionsQuery(account: string, subscriptionId: string, location: string) {
  return queryOptions({
    queryKey: ["azure", "versions", account, subscriptionId, location],
    queryFn: () => call("list_versions", { account, subscriptionId, location }),
    enabled: subscriptionId !== "" && location !== "",
  });
}

export function sizesQuery(account: string, subscriptionId: string, location: string) {
  return queryOptions({
    queryKey: ["azure", "sizes", account, subscriptionId, location],
    queryFn: () => call("list_sizes", { account, subscriptionId, location }),
    enabled: subscriptionId !== "" && location !== "",
  });
}

export function networksQuery(account: string, subscriptionId: string, location: string) {
  return queryOptions({
    queryKey: ["azure", "networks", account, subscriptionId, location],
    queryFn: () => call("list_networks", { account, subscriptionId, location }),
    enabled: subscriptionId !== "" && location !== "",
  });
}

/** `West Europe` for the location of a specification; Azure's short name while the list is not read. */
export function useLocationName(account: string, { place }: Spec): string {
  const { data } = useQuery(placeQuery(account, place.subscriptionId));
  return data?.locations.find((location) => location.name === place.location)?.displayName ?? place.location;
}
