import { Button, Text, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowUndoRegular, PauseRegular, PlayRegular } from "@fluentui/react-icons";
import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { PodsSeen } from "../../ipc/generated/PodsSeen";
import type { RunSnapshot } from "../../ipc/generated/RunSnapshot";
import type { RunState } from "../../ipc/generated/RunState";
import type { Stage } from "../../ipc/generated/Stage";
import type { Traffic } from "../../ipc/generated/Traffic";
import { FailureNotice } from "../../shared/FailureNotice";
import { useFormat } from "../../shared/format";
import { useDecideCanary } from "../../shared/useRun";
import { FrontEndLog } from "./FrontEndLog";
import { canaryOf } from "./progress";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS },
  heading: { margin: 0 },
  quiet: { color: tokens.colorNeutralForeground2 },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, marginTop: tokens.spacingVerticalS },
});

/** Stages after which no step follows. */
const GOES_NO_FURTHER: readonly Stage["kind"][] = ["going_back", "back", "settled"];

/** The canary of a run: its stage, counts and traffic, and what the person can decide. */
export function CanaryPanel({ run }: { run: RunSnapshot }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const percents = usePercents();
  const canary = canaryOf(run);
  if (canary === null) {
    return null;
  }
  const { stage, before, next, now, reached, steps, refusal, pods } = canary;
  const lines = [
    t("run:canary.step", { reached, steps, now: percents(now) }),
    ...counts(stage).map((values) => t("run:canary.counts", values)),
    ...(pods === null ? [] : [podsLine(t, pods)]),
    ...(stage.kind === "foreign" ? [t("run:canary.found", { traffic: percents(stage.found) })] : []),
    ...(next === null || GOES_NO_FURTHER.includes(stage.kind) ? [] : [t("run:canary.next", { traffic: percents(next) })]),
    t("run:canary.before", { traffic: percents(before) }),
  ];
  return (
    <section aria-labelledby="canary" className={styles.root} data-testid="canary" data-stage={stage.kind}>
      <Text as="h2" id="canary" size={400} weight="semibold" block className={styles.heading}>
        {t("run:canary.title")}
      </Text>
      <Text weight="semibold">{t("why" in stage && (stage.kind === "paused" || stage.kind === "doubt") ? `run:canary.why.${stage.why}` : `run:canary.stage.${stage.kind}`)}</Text>
      {lines.map((line) => (
        <Text key={line} className={styles.quiet}>
          {line}
        </Text>
      ))}
      {refusal !== null && <FailureNotice failure={refusal} testId="canary-refusal" />}
      <Decisions run={run.summary.id} state={run.summary.state} stage={stage} />
      <FrontEndLog run={run} />
    </section>
  );
}

function Decisions({ run, state, stage }: { run: string; state: RunState; stage: Stage }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const decide = useDecideCanary(run);
  if (state === "succeeded" || state === "taken_back" || stage.kind === "settled") {
    return null;
  }
  const goesBack = stage.kind === "going_back";
  return (
    <div className={styles.actions}>
      {state !== "running" && (
        <Button appearance="primary" icon={<PlayRegular />} onClick={() => decide.mutate("continue")} disabledFocusable={decide.isPending} data-testid="canary-continue">
          {t("run:canary.continue")}
        </Button>
      )}
      {state === "running" && !goesBack && (
        <Button icon={<PauseRegular />} onClick={() => decide.mutate("pause")} disabledFocusable={decide.isPending} data-testid="canary-pause">
          {t("run:canary.pause")}
        </Button>
      )}
      {!goesBack && (
        <Button icon={<ArrowUndoRegular />} onClick={() => decide.mutate("back")} disabledFocusable={decide.isPending} data-testid="canary-back">
          {t("run:canary.back")}
        </Button>
      )}
    </div>
  );
}

/** The calls of the present test. */
function counts(stage: Stage): Record<"newCalls" | "newErrors" | "oldCalls" | "oldErrors", number>[] {
  if (!("watch" in stage)) {
    return [];
  }
  const { old, new: tested } = stage.watch;
  return [{ newCalls: tested.calls, newErrors: tested.errors, oldCalls: old.calls, oldErrors: old.errors }];
}

function podsLine(t: TFunction, pods: PodsSeen): string {
  switch (pods.kind) {
    case "counted":
      return t("run:canary.pods.counted", { ready: pods.ready, all: pods.all, restarts: pods.restarts });
    case "none":
      return t("run:canary.pods.none");
    case "unread":
      return t("run:canary.pods.unread", { why: pods.why });
  }
}

/** `blue 90 % · green 10 %`. */
function usePercents(): (traffic: Traffic) => string {
  const format = useFormat();
  return (traffic) => {
    const live = Object.entries(traffic).flatMap(([version, percent = 0]) => (percent > 0 ? [`${version} ${format.percent(percent)}`] : []));
    return live.length === 0 ? format.percent(0) : live.join(" · ");
  };
}
