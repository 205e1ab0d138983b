import {
  ArrowSyncCircleRegular,
  CheckmarkCircleFilled,
  CircleRegular,
  ClockAlarmRegular,
  EqualCircleRegular,
  ErrorCircleFilled,
  LockOpenRegular,
  QuestionCircleRegular,
  WarningFilled,
} from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Agreement } from "../../ipc/generated/Agreement";
import type { Due } from "../../ipc/generated/Due";
import { type IconAndTone, IconLabel } from "../../shared/IconLabel";

const DUE: Record<Due | "off", IconAndTone> = {
  fine: [CheckmarkCircleFilled, "good"],
  renew: [ArrowSyncCircleRegular, "brand"],
  soon: [ClockAlarmRegular, "warning"],
  urgent: [WarningFilled, "bad"],
  expired: [ErrorCircleFilled, "bad"],
  unknown: [QuestionCircleRegular, "quiet"],
  off: [LockOpenRegular, "quiet"],
};

const AGREEMENT: Record<Agreement, IconAndTone> = {
  agree: [CheckmarkCircleFilled, "good"],
  differ: [WarningFilled, "warning"],
  alone: [EqualCircleRegular, "quiet"],
  none: [CircleRegular, "quiet"],
};

/** Renewal urgency of a certificate: label, icon and color. `alone` when there is no column header for context. */
export function DueLabel({ due, off = false, alone = false }: { due: Due; off?: boolean; alone?: boolean }): ReactNode {
  const { t } = useTranslation();
  const state = off ? "off" : due;
  return <IconLabel look={DUE[state]} text={t(`certificates:${alone ? "dueAlone" : "due"}.${state}`)} testId="due" state={state} />;
}

/** Whether all places have the same certificate: label, icon and color. `alone` as above. */
export function AgreementLabel({ agreement, alone = false, testId = "agreement" }: { agreement: Agreement; alone?: boolean; testId?: string }): ReactNode {
  const { t } = useTranslation();
  return <IconLabel look={AGREEMENT[agreement]} text={t(`certificates:${alone ? "agreementAlone" : "agreement"}.${agreement}`)} testId={testId} state={agreement} />;
}
