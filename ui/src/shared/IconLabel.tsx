import { Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { FluentIcon } from "@fluentui/react-icons";
import type { ReactNode } from "react";

type Tone = "good" | "brand" | "warning" | "bad" | "quiet";

/** The icon of a state, and its colour. */
export type IconAndTone = readonly [FluentIcon, Tone];

const useStyles = makeStyles({
  label: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
  icon: { width: "16px", height: "16px", flexShrink: 0 },
  good: { color: tokens.colorStatusSuccessForeground1 },
  brand: { color: tokens.colorBrandForeground1 },
  warning: { color: tokens.colorStatusWarningForeground3 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** A state with label, icon and color. */
export function IconLabel({ look: [Icon, tone], text, testId, state }: { look: IconAndTone; text: string; testId?: string; state?: string }): ReactNode {
  const styles = useStyles();
  return (
    <span className={styles.label} data-testid={testId} data-state={state}>
      <Icon className={mergeClasses(styles.icon, styles[tone])} aria-hidden />
      <Text>{text}</Text>
    </span>
  );
}
