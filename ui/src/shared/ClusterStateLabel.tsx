import { Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { ArrowSyncCircleRegular, CheckmarkCircleFilled, ErrorCircleFilled, type FluentIcon, RecordStopFilled } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ClusterFacts } from "../ipc/generated/ClusterFacts";

/** How a cluster is, in one word. */
export type ClusterStanding = "running" | "stopped" | "working" | "failed";

const ICONS: Record<ClusterStanding, FluentIcon> = {
  running: CheckmarkCircleFilled,
  stopped: RecordStopFilled,
  working: ArrowSyncCircleRegular,
  failed: ErrorCircleFilled,
};

const useStyles = makeStyles({
  label: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
  icon: { width: "16px", height: "16px", flexShrink: 0 },
  running: { color: tokens.colorStatusSuccessForeground1 },
  stopped: { color: tokens.colorNeutralForeground3 },
  working: { color: tokens.colorBrandForeground1 },
  failed: { color: tokens.colorStatusDangerForeground1 },
});

/** From what Azure says of provisioning and power. */
export function standingOf({ provisioningState, powerState }: Pick<ClusterFacts, "provisioningState" | "powerState">): ClusterStanding {
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
  const styles = useStyles();
  const { t } = useTranslation();
  const standing = standingOf(cluster);
  const Icon = ICONS[standing];
  return (
    <span className={styles.label} data-testid="cluster-state" data-state={standing}>
      <Icon className={mergeClasses(styles.icon, styles[standing])} aria-hidden />
      <Text>{t(`clusters:state.${standing}`, { state: cluster.provisioningState })}</Text>
    </span>
  );
}
