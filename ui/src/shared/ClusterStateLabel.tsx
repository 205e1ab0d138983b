import { ArrowSyncCircleRegular, CheckmarkCircleFilled, ErrorCircleFilled, RecordStopFilled } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ClusterFacts } from "../ipc/generated/ClusterFacts";
import { useAzureState } from "./azureState";
import { type IconAndTone, IconLabel } from "./IconLabel";

/** How a cluster is, in one word. */
export type ClusterCondition = "running" | "stopped" | "working" | "failed";

const LOOKS: Record<ClusterCondition, IconAndTone> = {
  running: [CheckmarkCircleFilled, "good"],
  stopped: [RecordStopFilled, "quiet"],
  working: [ArrowSyncCircleRegular, "brand"],
  failed: [ErrorCircleFilled, "bad"],
};

/** From what Azure says of provisioning and power. */
export function conditionOf({ provisioningState, powerState }: Pick<ClusterFacts, "provisioningState" | "powerState">): ClusterCondition {
  switch (provisioningState.toLowerCase()) {
    case "succeeded":
    case "canceled":
    case "":
      return powerState.toLowerCase() === "stopped" ? "stopped" : "running";
    case "failed":
      return "failed";
    default:
      return "working";
  }
}

/** The state of a cluster: word, icon and colour. Azure's own word while something is under way. */
export function ClusterStateLabel({ cluster }: { cluster: Pick<ClusterFacts, "provisioningState" | "powerState"> }): ReactNode {
  const { t } = useTranslation();
  const azureState = useAzureState();
  const condition = conditionOf(cluster);
  return <IconLabel look={LOOKS[condition]} text={t(`clusters:state.${condition}`, { state: azureState(cluster.provisioningState) })} testId="cluster-state" state={condition} />;
}
