import { ArrowSyncCircleRegular, CheckmarkCircleFilled, DismissCircleRegular, ErrorCircleFilled, QuestionCircleRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useAzureState } from "../azureState";
import { type IconAndTone, IconLabel } from "../IconLabel";
import { type Condition, conditionOf } from "./condition";

const LOOKS: Record<Condition, IconAndTone> = {
  good: [CheckmarkCircleFilled, "good"],
  working: [ArrowSyncCircleRegular, "brand"],
  failed: [ErrorCircleFilled, "bad"],
  cancelled: [DismissCircleRegular, "quiet"],
  unknown: [QuestionCircleRegular, "quiet"],
};

/** The state of an endpoint or version: word, icon and colour. */
export function StateLabel({ state }: { state: string }): ReactNode {
  const { t } = useTranslation();
  const azureState = useAzureState();
  const condition = conditionOf(state);
  return <IconLabel look={LOOKS[condition]} text={state === "" ? t("endpoints:unknown") : azureState(state)} testId="state" state={condition} />;
}
