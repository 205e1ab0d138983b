import { ProgressBar, Spinner, Text, Tooltip, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { CheckmarkCircleFilled, CircleRegular, DismissCircleFilled, StopRegular, SubtractCircleRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { RunSnapshot } from "../../ipc/generated/RunSnapshot";
import type { StepState } from "../../ipc/generated/StepState";
import { CopyButton } from "../../shared/CopyButton";
import { FailureNotice } from "../../shared/FailureNotice";
import { useLayout } from "../../shared/layout";
import { usePlanWords } from "../../shared/planWords";
import { useDuration, useNow, useUsual } from "../../shared/time";
import { type StepView, backViews, elapsedSeconds, isLong, stepViews } from "./progress";

const useStyles = makeStyles({
  heading: { margin: `0 0 ${tokens.spacingVerticalM} 0` },
  list: { listStyleType: "none", margin: 0, padding: 0 },
  row: {
    display: "grid",
    gridTemplateColumns: "24px 1fr auto",
    columnGap: tokens.spacingHorizontalM,
    "@media (max-width: 639px)": { gridTemplateColumns: "24px 1fr" },
    paddingBottom: tokens.spacingVerticalL,
    position: "relative",
    ":not(:last-child)::before": {
      content: '""',
      position: "absolute",
      left: "11px",
      top: "26px",
      bottom: "2px",
      width: "2px",
      backgroundColor: tokens.colorNeutralStroke2,
    },
  },
  // Aligns the button label with the text above.
  copy: { marginLeft: `calc(-1 * ${tokens.spacingHorizontalS})` },
  icon: { width: "24px", height: "24px", display: "flex", alignItems: "center", justifyContent: "center", fontSize: "20px" },
  done: { color: tokens.colorStatusSuccessForeground1 },
  failed: { color: tokens.colorStatusDangerForeground1 },
  body: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS, minWidth: 0, paddingTop: "2px" },
  // On one line with the title; below it where the window is narrow.
  times: {
    color: tokens.colorNeutralForeground2,
    whiteSpace: "nowrap",
    paddingTop: "2px",
    lineHeight: tokens.lineHeightBase300,
    "@media (max-width: 639px)": { gridColumn: "2", paddingTop: 0 },
  },
  slow: { color: tokens.colorStatusWarningForeground3 },
  message: { overflowWrap: "anywhere", color: tokens.colorNeutralForeground2 },
});

/** The steps of a run: completed ones collapsed with their time, the current one expanded, later ones dimmed. */
export function StepTimeline({ run }: { run: RunSnapshot }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <section aria-labelledby="run-steps">
      <Text as="h2" id="run-steps" size={400} weight="semibold" block className={styles.heading}>
        {t("run:steps")}
      </Text>
      <ol className={styles.list}>
        {stepViews(run).map((view) => (
          <StepRow key={view.step.id} view={view} />
        ))}
      </ol>
      {run.goesBack && (
        <>
          <Text as="h3" size={300} weight="semibold" block className={styles.heading}>
            {t("run:back")}
          </Text>
          <ol className={styles.list} data-testid="run-back">
            {backViews(run).map((view) => (
              <StepRow key={view.step.id} view={view} />
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

function StepRow({ view: { step, progress } }: { view: StepView }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const words = usePlanWords();
  const open = progress.state === "starting" || progress.state === "in_progress";
  const waiting = progress.state === "waiting";
  return (
    <li className={styles.row} data-testid={`run-step-${step.id}`} data-state={progress.state} aria-current={open ? "step" : undefined}>
      <span className={styles.icon}>
        <StepIcon state={progress.state} />
      </span>
      <div className={styles.body}>
        <Text weight={open ? "semibold" : "regular"} className={mergeClasses(waiting && layout.faint)}>
          {words.title(step)}
        </Text>
        {open && <OpenStep view={{ step, progress }} />}
        {progress.failure !== null && <FailureNotice failure={progress.failure} testId="step-failure" />}
      </div>
      <StepTimes view={{ step, progress }} />
    </li>
  );
}

function StepIcon({ state }: { state: StepState }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const layout = useLayout();
  const label = t(`run:step.${state}`);
  switch (state) {
    case "done":
    case "already_there":
      return <CheckmarkCircleFilled className={styles.done} aria-label={label} role="img" />;
    case "passed_over":
      return <SubtractCircleRegular className={styles.slow} aria-label={label} role="img" />;
    case "failed":
      return <DismissCircleFilled className={styles.failed} aria-label={label} role="img" />;
    case "cancelled":
      return <StopRegular className={layout.faint} aria-label={label} role="img" />;
    case "starting":
    case "in_progress":
      return <Spinner size="tiny" aria-label={label} />;
    case "waiting":
      return <CircleRegular className={layout.faint} aria-label={label} role="img" />;
  }
}

/** Details of the active step. Percentage only if Azure reports one. */
function OpenStep({ view: { progress } }: { view: StepView }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <>
      {progress.percent !== null && (
        <ProgressBar value={progress.percent} max={100} aria-label={t("run:percent", { percent: progress.percent })} />
      )}
      {progress.message !== null && (
        <Text size={200} className={styles.message}>
          {progress.message}
        </Text>
      )}
      {progress.waitingBecause !== null && (
        <Text size={200} className={styles.slow} data-testid="waiting-because">
          {t(`run:waitingBecause.${progress.waitingBecause.kind}`, { ...progress.waitingBecause })}
        </Text>
      )}
      {progress.slowerThanUsual && (
        <Text size={200} className={styles.slow}>
          {t("run:slower")}
        </Text>
      )}
      {progress.correlationId !== null && (
        <div className={styles.copy}>
          <CopyButton text={progress.correlationId} label={t("run:copyCorrelation")} />
        </div>
      )}
    </>
  );
}

function StepTimes({ view: { step, progress } }: { view: StepView }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const layout = useLayout();
  const duration = useDuration();
  const open = progress.state === "starting" || progress.state === "in_progress";
  const now = useNow(open);
  const usual = useUsual()(step.usual);
  if (progress.state === "waiting") {
    return (
      <Text size={200} className={mergeClasses(styles.times, layout.faint)}>
        {usual}
      </Text>
    );
  }
  const seconds = elapsedSeconds(progress.startedAt, progress.endedAt, now);
  const elapsed = duration(seconds);
  const left = step.usual.toSeconds - seconds;
  // Only steps that take hours count down.
  const countdown = isLong(step) && left > 0 ? t("run:countdown", { left: duration(Math.ceil(left / 60) * 60) }) : null;
  const short = progress.state === "already_there" ? t("run:step.already_there") : elapsed;
  return (
    <Tooltip content={usual} relationship="description">
      <Text size={200} className={styles.times} tabIndex={0}>
        {open ? `${elapsed} · ${countdown ?? usual}` : short}
      </Text>
    </Tooltip>
  );
}
