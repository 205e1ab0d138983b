import { queryOptions, useQuery } from "@tanstack/react-query";
import { call, toFailure } from "../../ipc/call";
import type { Endpoint } from "../../ipc/generated/Endpoint";
import type { EndpointList } from "../../ipc/generated/EndpointList";
import type { Failure } from "../../ipc/generated/Failure";
import type { Route } from "../../ipc/generated/Route";
import { workspaceIdOf } from "../resources";
import { useAccount } from "../session";
import { newer } from "../time";

/** The last known endpoints, stored on this computer. */
function lastQuery(account: string) {
  return queryOptions({
    queryKey: ["azure", "last-endpoints", account],
    queryFn: () => call("last_endpoints", { account }),
    enabled: account !== "",
    staleTime: 0,
  });
}

function endpointsQuery(account: string) {
  return queryOptions({
    queryKey: ["azure", "endpoints", account],
    queryFn: () => call("read_endpoints", { account }),
    enabled: account !== "",
  });
}

/** Everything the page of an endpoint shows. */
export function endpointQuery(account: string, resourceId: string) {
  return queryOptions({
    queryKey: ["azure", "endpoint", account, resourceId.toLowerCase()],
    queryFn: () => call("get_endpoint", { account, resourceId }),
    enabled: resourceId !== "",
    staleTime: 60_000,
  });
}

/** What a workspace offers for serving: computes, models and environments. */
export function servingQuery(account: string, workspaceId: string) {
  return queryOptions({
    queryKey: ["azure", "serving", account, workspaceId.toLowerCase()],
    queryFn: () => call("list_serving", { account, resourceId: workspaceId }),
    enabled: workspaceId !== "",
  });
}

interface EndpointsView {
  /** The current endpoints, or the last known ones. */
  list: EndpointList | null;
  /** No endpoints are known yet. */
  waiting: boolean;
  /** The endpoints are being read. */
  reading: boolean;
  failure: Failure | null;
  again: () => void;
}

/** All endpoints of the account: the last known ones first, then the current ones. */
export function useEndpoints(): EndpointsView {
  const { account } = useAccount();
  const last = useQuery(lastQuery(account));
  const read = useQuery(endpointsQuery(account));
  const list = newer(read.data ?? null, last.data ?? null);
  return {
    list,
    waiting: list === null && read.error === null && (last.isPending || read.isPending),
    reading: read.isFetching,
    failure: read.error === null ? null : toFailure(read.error),
    again: () => void read.refetch(),
  };
}

/** The last known endpoints of the account, without reading Azure. */
export function useLastEndpoints(): EndpointList | null {
  const { account } = useAccount();
  const { data } = useQuery(lastQuery(account));
  const read = useQuery({ ...endpointsQuery(account), enabled: false });
  return newer(read.data ?? null, data ?? null);
}

/** The id of an endpoint of a compute. */
export function endpointIdOf(computeId: string, route: Route, name: string): Endpoint["id"] {
  return `${workspaceIdOf(computeId)}/${route === "classic" ? "services" : "onlineEndpoints"}/${name}`;
}
