import { queryOptions } from "@tanstack/react-query";
import { call } from "../../ipc/call";
import type { Route } from "../../ipc/generated/Route";
import type { Spec } from "../../ipc/generated/Spec";

/** A workspace and the cluster that is or will be attached to it. */
export interface Attachment {
  workspaceId: string;
  clusterId: string;
  route: Route;
}

/** The roles that the workspace and cluster identities are missing for an attachment. */
export function accessQuery(account: string, { workspaceId, clusterId, route }: Attachment) {
  return queryOptions({
    queryKey: ["azure", "access", account, workspaceId, clusterId.toLowerCase(), route],
    queryFn: () => call("check_access", { account, workspaceId, clusterId, route }),
    staleTime: 60_000,
  });
}

/** The attachment in a specification; `null` without an existing cluster or a workspace. */
export function attachmentOf({ cluster, place, route }: Spec): Attachment | null {
  const clusterId = cluster.kind === "existing" ? cluster.resourceId : "";
  const { subscriptionId, resourceGroup, name } = place.workspace;
  if (clusterId === "" || name === "") {
    return null;
  }
  return {
    workspaceId: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${name}`,
    clusterId,
    route,
  };
}
