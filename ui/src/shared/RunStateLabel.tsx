import { Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import {
  ArrowSyncCircleRegular,
  ArrowUndoFilled,
  CheckmarkCircleFilled,
  DismissCircleRegular,
  ErrorCircleFilled,
  type FluentIcon,
  PauseCircleFilled,
} from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { RunState } from "../ipc/generated/RunState";

const ICONS: Record<RunState, FluentIcon> = {
  running: ArrowSyncCircleRegular,
  interrupted: PauseCircleFilled,
  succeeded: CheckmarkCircleFilled,
  failed: ErrorCircleFilled,
  cancelled: DismissCircleRegular,
  taken_back: ArrowUndoFilled,
};

const useStyles = makeStyles({
  label: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
  icon: { width: "16px", height: "16px", flexShrink: 0 },
  running: { color: tokens.colorBrandForeground1 },
  interrupted: { color: tokens.colorStatusWarningForeground3 },
  succeeded: { color: tokens.colorStatusSuccessForeground1 },
  failed: { color: tokens.colorStatusDangerForeground1 },
  cancelled: { color: tokens.colorNeutralForeground3 },
  taken_back: { color: tokens.colorStatusWarningForeground3 },
});

/** The state of a run: word, icon and colour. */
export function RunStateLabel({ state }: { state: RunState }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const Icon = ICONS[state];
  return (
    <span className={styles.label}>
      <Icon className={mergeClasses(styles.icon, styles[state])} aria-hidden />
      <Text>{t(`common:runState.${state}`)}</Text>
    </span>
  );
}
