import { Badge, type BadgeProps, Button, ProgressBar, Text, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowClockwiseRegular, StopRegular } from "@fluentui/react-icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { RunSnapshot } from "../../ipc/generated/RunSnapshot";
import type { RunState } from "../../ipc/generated/RunState";
import { FailureNotice } from "../../shared/FailureNotice";
import { useDuration } from "../../shared/duration";
import { usePlanWords } from "../../shared/planWords";
import { elapsedSeconds, presentStep, remainingSeconds } from "./progress";
import { useNow } from "./useNow";

const COLORS: Record<RunState, NonNullable<BadgeProps["color"]>> = {
  running: "brand",
  interrupted: "warning",
  succeeded: "success",
  failed: "danger",
  cancelled: "subtle",
};

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  line: { display: "flex", alignItems: "center", flexWrap: "wrap", gap: tokens.spacingHorizontalM },
  grow: { flexGrow: 1 },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** Where a run is, about how long it still takes, and what a person may do with it. */
export function RunHead({ run }: { run: RunSnapshot }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const queries = useQueryClient();
  const { id, state, title, stepsDone, stepsTotal } = run.summary;
  const changed = { onSettled: () => void queries.invalidateQueries({ queryKey: ["run", id] }) };
  const cancel = useMutation({ mutationFn: () => call("cancel_run", { run: id }), ...changed });
  const resume = useMutation({ mutationFn: () => call("resume_run", { run: id }), ...changed });
  const error = cancel.error ?? resume.error;
  const resumable = state === "failed" || state === "cancelled" || state === "interrupted";
  return (
    <header className={styles.root}>
      <div className={styles.line}>
        <Text as="h2" size={600} weight="semibold" style={{ margin: 0 }}>
          {title}
        </Text>
        <Badge appearance="tint" color={COLORS[state]} size="large" data-testid="run-state" data-state={state}>
          {t(`run:state.${state}`)}
        </Badge>
        <span className={styles.grow} />
        {state === "running" && (
          <Button icon={<StopRegular />} onClick={() => cancel.mutate()} disabledFocusable={cancel.isPending} data-testid="cancel-run">
            {t("run:stop")}
          </Button>
        )}
        {resumable && (
          <Button
            appearance="primary"
            icon={<ArrowClockwiseRegular />}
            onClick={() => resume.mutate()}
            disabledFocusable={resume.isPending}
            data-testid="resume-run"
          >
            {t("run:resume")}
          </Button>
        )}
      </div>
      <Sentence run={run} />
      {state === "running" && <ProgressBar value={stepsDone} max={stepsTotal} aria-label={t("run:progress")} thickness="large" />}
      {error !== null && <FailureNotice failure={toFailure(error)} testId="run-action-failure" />}
    </header>
  );
}

/** One sentence of where the run is. */
function Sentence({ run }: { run: RunSnapshot }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const words = usePlanWords();
  const duration = useDuration();
  const running = run.summary.state === "running";
  const now = useNow(running);
  const present = presentStep(run);
  const { stepsDone, stepsTotal, startedAt, endedAt } = run.summary;
  const took = duration(elapsedSeconds(startedAt, endedAt, now));
  if (!running) {
    return (
      <Text className={styles.quiet}>
        {t(`run:sentence.${run.summary.state}`, { done: stepsDone, total: stepsTotal, took })}
      </Text>
    );
  }
  const left = duration(Math.max(60, Math.ceil(remainingSeconds(run, now) / 60) * 60));
  const step = present === null ? t("run:between") : words.title(present.step);
  return (
    <Text className={styles.quiet}>
      {t("run:sentence.running", { step, number: Math.min(stepsDone + 1, stepsTotal), total: stepsTotal, left })} {t("run:closingIsSafe")}
    </Text>
  );
}
