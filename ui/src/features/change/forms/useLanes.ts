import { useQuery } from "@tanstack/react-query";
import type { ClusterFacts } from "../../../ipc/generated/ClusterFacts";
import type { Lane } from "../../../ipc/generated/Lane";
import { versionsQuery } from "../../../shared/catalogues";
import { useSignedIn } from "../../../shared/session";

/** The versions in a cluster's location with their support dates; none until they are read. */
export function useLanes({ subscriptionId, location }: ClusterFacts): { lanes: readonly Lane[]; today: string } {
  const { account } = useSignedIn();
  const { data } = useQuery(versionsQuery(account.id, subscriptionId, location));
  return { lanes: data?.lanes ?? [], today: data?.today ?? "" };
}
