import type { ReactNode } from "react";
import type { Change } from "../../../ipc/generated/Change";
import type { ClusterDetails } from "../../../ipc/generated/ClusterDetails";
import { laneOf } from "../support";
import { SupportFields } from "./SupportFields";
import { useLanes } from "./useLanes";

interface Props {
  change: Extract<Change, { kind: "support" }>;
  details: ClusterDetails;
  set: (change: Change) => void;
}

/** Tier and support plan for the version that the cluster has. */
export function SupportForm({ change, details: { cluster }, set }: Props): ReactNode {
  const { lanes, today } = useLanes(cluster);
  return <SupportFields support={change.support} set={(support) => set({ ...change, support })} lane={laneOf(lanes, cluster.kubernetesVersion)} today={today} />;
}
