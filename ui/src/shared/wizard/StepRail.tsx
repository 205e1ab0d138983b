import { Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { CheckmarkCircleFilled, CircleRegular, type FluentIcon, RecordFilled, WarningFilled } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { StepStatus } from "./useWizardCore";
import { useWizardView } from "./view";

const ICONS: Record<StepStatus, FluentIcon> = {
  current: RecordFilled,
  done: CheckmarkCircleFilled,
  problem: WarningFilled,
  todo: CircleRegular,
};

const useStyles = makeStyles({
  rail: {
    width: "180px",
    flexShrink: 0,
    boxSizing: "border-box",
    padding: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalS}`,
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    overflowY: "auto",
    "@media (min-width: 761px) and (max-width: 999px)": { width: "164px", padding: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalXS}` },
    "@media (max-width: 760px)": { width: "auto", padding: tokens.spacingHorizontalS, borderRight: "none", borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXS, "@media (max-width: 760px)": { flexDirection: "row", flexWrap: "wrap" } },
  step: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    width: "100%",
    padding: `${tokens.spacingVerticalSNudge} ${tokens.spacingHorizontalS}`,
    border: "none",
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: "transparent",
    color: tokens.colorNeutralForeground2,
    font: "inherit",
    textAlign: "start",
    cursor: "pointer",
    ":hover:enabled": { backgroundColor: tokens.colorSubtleBackgroundHover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
    ":disabled": { cursor: "default", color: tokens.colorNeutralForeground3 },
  },
  here: { color: tokens.colorNeutralForeground1, backgroundColor: tokens.colorNeutralBackground1 },
  icon: { width: "20px", height: "20px", flexShrink: 0 },
  current: { color: tokens.colorCompoundBrandForeground1 },
  done: { color: tokens.colorStatusSuccessForeground1 },
  problem: { color: tokens.colorStatusWarningForeground3 },
  todo: { color: tokens.colorNeutralForeground3 },
});

/** The step list with status. Visited steps can be opened. */
export function StepRail(): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { steps, goTo, nameOf } = useWizardView();
  return (
    <nav className={styles.rail} aria-label={t("common:wizard.steps")}>
      <ol className={styles.list}>
        {steps.map(({ id, status }) => {
          const Icon = ICONS[status];
          const here = status === "current";
          return (
            <li key={id}>
              <button
                type="button"
                className={mergeClasses(styles.step, here && styles.here)}
                aria-current={here ? "step" : undefined}
                disabled={status === "todo"}
                onClick={() => goTo(id)}
                data-testid={`step-${id}`}
                data-status={status}
              >
                <Icon className={mergeClasses(styles.icon, styles[status])} aria-label={t(`common:stepStatus.${status}`)} role="img" />
                <Text weight={here ? "semibold" : "regular"}>{nameOf(id)}</Text>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
