import { Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import {
  ArrowSyncCircleRegular,
  CheckmarkCircleFilled,
  CircleRegular,
  ClockAlarmRegular,
  ErrorCircleFilled,
  EqualCircleRegular,
  type FluentIcon,
  LockOpenRegular,
  QuestionCircleRegular,
  WarningFilled,
} from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Agreement } from "../../ipc/generated/Agreement";
import type { Due } from "../../ipc/generated/Due";

type Tone = "good" | "brand" | "warning" | "bad" | "quiet";

const DUE: Record<Due | "off", readonly [FluentIcon, Tone]> = {
  fine: [CheckmarkCircleFilled, "good"],
  renew: [ArrowSyncCircleRegular, "brand"],
  soon: [ClockAlarmRegular, "warning"],
  urgent: [WarningFilled, "bad"],
  expired: [ErrorCircleFilled, "bad"],
  unknown: [QuestionCircleRegular, "quiet"],
  off: [LockOpenRegular, "quiet"],
};

const AGREEMENT: Record<Agreement, readonly [FluentIcon, Tone]> = {
  agree: [CheckmarkCircleFilled, "good"],
  differ: [WarningFilled, "warning"],
  alone: [EqualCircleRegular, "quiet"],
  none: [CircleRegular, "quiet"],
};

const useStyles = makeStyles({
  label: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
  icon: { width: "16px", height: "16px", flexShrink: 0 },
  good: { color: tokens.colorStatusSuccessForeground1 },
  brand: { color: tokens.colorBrandForeground1 },
  warning: { color: tokens.colorStatusWarningForeground3 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

function Label({ icon: Icon, tone, text, testId, state }: { icon: FluentIcon; tone: Tone; text: string; testId: string; state: string }): ReactNode {
  const styles = useStyles();
  return (
    <span className={styles.label} data-testid={testId} data-state={state}>
      <Icon className={mergeClasses(styles.icon, styles[tone])} aria-hidden />
      <Text>{text}</Text>
    </span>
  );
}

/** How urgent a certificate is: word, icon and colour. `alone` where no column says what the word is about. */
export function DueLabel({ due, off = false, alone = false }: { due: Due; off?: boolean; alone?: boolean }): ReactNode {
  const { t } = useTranslation();
  const state = off ? "off" : due;
  const [icon, tone] = DUE[state];
  return <Label icon={icon} tone={tone} text={t(`certificates:${alone ? "dueAlone" : "due"}.${state}`)} testId="due" state={state} />;
}

/** Whether the places show the same certificate: word, icon and colour. `alone` as above. */
export function AgreementLabel({ agreement, alone = false }: { agreement: Agreement; alone?: boolean }): ReactNode {
  const { t } = useTranslation();
  const [icon, tone] = AGREEMENT[agreement];
  return <Label icon={icon} tone={tone} text={t(`certificates:${alone ? "agreementAlone" : "agreement"}.${agreement}`)} testId="agreement" state={agreement} />;
}
