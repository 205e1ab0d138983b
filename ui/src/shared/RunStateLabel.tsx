import {
  ArrowSyncCircleRegular,
  ArrowUndoFilled,
  CheckmarkCircleFilled,
  DismissCircleRegular,
  ErrorCircleFilled,
  PauseCircleFilled,
} from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { RunState } from "../ipc/generated/RunState";
import { type IconAndTone, IconLabel } from "./IconLabel";

const LOOKS: Record<RunState, IconAndTone> = {
  running: [ArrowSyncCircleRegular, "brand"],
  interrupted: [PauseCircleFilled, "warning"],
  succeeded: [CheckmarkCircleFilled, "good"],
  failed: [ErrorCircleFilled, "bad"],
  paused: [PauseCircleFilled, "warning"],
  cancelled: [DismissCircleRegular, "quiet"],
  taken_back: [ArrowUndoFilled, "warning"],
};

/** The state of a run: word, icon and colour. */
export function RunStateLabel({ state }: { state: RunState }): ReactNode {
  const { t } = useTranslation();
  return <IconLabel look={LOOKS[state]} text={t(`common:runState.${state}`)} />;
}
