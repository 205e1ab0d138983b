import { ProgressBar, Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { RunSnapshot } from "../../ipc/generated/RunSnapshot";
import { FailureNotice } from "../../shared/FailureNotice";
import { usePlanWords } from "../../shared/planWords";
import { RunStateLabel } from "../../shared/RunStateLabel";
import { useSignedIn } from "../../shared/session";
import { useDuration, useNow } from "../../shared/time";
import { useActionFailure } from "../../shared/useRun";
import { counted, elapsedSeconds, presentStep, remainingSeconds } from "./progress";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  quiet: { color: tokens.colorNeutralForeground2, maxWidth: "80ch", textWrap: "pretty" },
});

/** Progress of a run, with its estimated time left. */
export function RunHead({ run }: { run: RunSnapshot }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const { account } = useSignedIn();
  const { id, state } = run.summary;
  const { done, total } = counted(run);
  const failure = useActionFailure(id);
  return (
    <div className={styles.root}>
      <div data-testid="run-state" data-state={state}>
        <RunStateLabel state={state} />
      </div>
      <Sentence run={run} />
      {run.summary.account !== account.id && <Text className={styles.quiet}>{t("run:onAccount", { account: run.summary.account })}</Text>}
      {state === "running" && <ProgressBar value={done} max={Math.max(1, total)} aria-label={t("run:progress")} thickness="large" />}
      {failure !== null && <FailureNotice failure={failure} testId="run-action-failure" />}
    </div>
  );
}

/** The key of the sentence for the end of a run. */
function ending({ summary: { state }, goesBack, proof }: RunSnapshot): string {
  if (state === "failed" && goesBack) {
    return "not_taken_back";
  }
  // A renewal requested too early does nothing: neither a failure nor a success.
  const notDue = state === "succeeded" && proof?.checks.some(({ code }) => code === "tls.not_due") === true;
  return notDue ? "not_due" : state;
}

/** One sentence about the progress of the run. */
function Sentence({ run }: { run: RunSnapshot }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const words = usePlanWords();
  const duration = useDuration();
  const running = run.summary.state === "running";
  const now = useNow(running);
  const present = presentStep(run);
  const { startedAt, endedAt } = run.summary;
  const { done, total } = counted(run);
  const took = duration(elapsedSeconds(startedAt, endedAt, now));
  if (!running) {
    return (
      <Text className={styles.quiet} data-testid="run-sentence">
        {t(`run:sentence.${ending(run)}`, { done, total, took })}
      </Text>
    );
  }
  const left = duration(Math.max(60, Math.ceil(remainingSeconds(run, now) / 60) * 60));
  const step = present === null ? t("run:between") : words.title(present.step);
  const late = present?.progress.slowerThanUsual === true;
  const values = { step, number: Math.min(done + 1, total), total };
  return (
    <Text className={styles.quiet} data-testid="run-sentence">
      {run.goesBack && `${t("run:sentence.goes_back")} `}
      {late ? t("run:sentence.late", values) : t("run:sentence.running", { ...values, left })} {t("run:closingIsSafe")}
    </Text>
  );
}
