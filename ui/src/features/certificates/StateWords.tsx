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
import { type IconAndTone, IconLabel } from "../../shared/IconLabel";
import type { State } from "./rows";

const STATE: Record<State, IconAndTone> = {
  fine: [CheckmarkCircleFilled, "good"],
  renew: [ArrowSyncCircleRegular, "brand"],
  soon: [ClockAlarmRegular, "warning"],
  urgent: [WarningFilled, "bad"],
  expired: [ErrorCircleFilled, "bad"],
  wrong_name: [ErrorCircleFilled, "bad"],
  unknown: [QuestionCircleRegular, "quiet"],
  off: [LockOpenRegular, "quiet"],
};

const AGREEMENT: Record<Agreement, IconAndTone> = {
  agree: [CheckmarkCircleFilled, "good"],
  differ: [WarningFilled, "warning"],
  alone: [EqualCircleRegular, "quiet"],
  none: [CircleRegular, "quiet"],
};

/** State of a certificate: label, icon and color. `alone` when there is no column header for context. */
export function StateLabel({ state, alone = false }: { state: State; alone?: boolean }): ReactNode {
  const { t } = useTranslation();
  return <IconLabel look={STATE[state]} text={t(`certificates:${alone ? "dueAlone" : "due"}.${state}`)} testId="due" state={state} />;
}

/** Whether all places have the same certificate: label, icon and color. `alone` as above. */
export function AgreementLabel({ agreement, alone = false }: { agreement: Agreement; alone?: boolean }): ReactNode {
  const { t } = useTranslation();
  return <IconLabel look={AGREEMENT[agreement]} text={t(`certificates:${alone ? "agreementAlone" : "agreement"}.${agreement}`)} testId="agreement" state={agreement} />;
}
