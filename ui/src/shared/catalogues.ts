import { queryOptions, useQuery } from "@tanstack/react-query";
import { call } from "../ipc/call";

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

/** `West Europe` for `westeurope`; Azure's short name while the list is not read. */
export function useLocationNames(account: string, subscriptionId: string): (location: string) => string {
  const { data } = useQuery(placeQuery(account, subscriptionId));
  return (location) => data?.locations.find(({ name }) => name === location)?.displayName ?? location;
}
