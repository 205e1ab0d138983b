import { Button } from "@fluentui/react-components";
import { ArrowClockwiseRegular, StopRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { RunSummary } from "../../ipc/generated/RunSummary";
import { useRunAction } from "../../shared/useRun";

/** What a person may do with a run: stop it, or let it go on. */
export function RunActions({ summary: { id, state } }: { summary: RunSummary }): ReactNode {
  const { t } = useTranslation();
  const cancel = useRunAction("cancel_run", id);
  const resume = useRunAction("resume_run", id);
  if (state === "running") {
    return (
      <Button icon={<StopRegular />} onClick={() => cancel.mutate()} disabledFocusable={cancel.isPending} data-testid="cancel-run">
        {t("run:stop")}
      </Button>
    );
  }
  return state === "succeeded" ? null : (
    <Button
      appearance="primary"
      icon={<ArrowClockwiseRegular />}
      onClick={() => resume.mutate()}
      disabledFocusable={resume.isPending}
      data-testid="resume-run"
    >
      {t("run:resume")}
    </Button>
  );
}
