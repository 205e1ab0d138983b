import { Button } from "@fluentui/react-components";
import { ArrowClockwiseRegular, ServerRegular, StopRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { RunSnapshot } from "../../ipc/generated/RunSnapshot";
import { useNavigation } from "../../shared/navigation";
import { useCancelRun, useResumeRun } from "../../shared/useRun";
import { clusterOf } from "./about";
import { canaryOf } from "./progress";

/** Actions of a run: cancel, resume, or open its target. */
export function RunActions({ run }: { run: RunSnapshot }): ReactNode {
  const { summary, plan } = run;
  const { id, state } = summary;
  const { t } = useTranslation();
  const { open } = useNavigation();
  const cancel = useCancelRun(id);
  const resume = useResumeRun(id);
  const clusterId = clusterOf(plan);
  if (state === "running") {
    return (
      <Button icon={<StopRegular />} onClick={() => cancel.mutate()} disabledFocusable={cancel.isPending} data-testid="cancel-run">
        {t("run:stop")}
      </Button>
    );
  }
  if (state === "succeeded" || state === "taken_back") {
    return clusterId === null ? null : (
      <Button icon={<ServerRegular />} onClick={() => open({ name: "cluster", clusterId })} data-testid="open-cluster">
        {t("run:openCluster")}
      </Button>
    );
  }
  if (canaryOf(run) !== null && state !== "cancelled") {
    // Its own buttons say what continuing means.
    return null;
  }
  return (
    <Button
      appearance="primary"
      icon={<ArrowClockwiseRegular />}
      onClick={() => resume.mutate([])}
      disabledFocusable={resume.isPending}
      data-testid="resume-run"
    >
      {t("run:resume")}
    </Button>
  );
}
