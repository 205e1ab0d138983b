import type { CanaryProgress } from "../../ipc/generated/CanaryProgress";
import type { PlanStep } from "../../ipc/generated/PlanStep";
import type { RunSnapshot } from "../../ipc/generated/RunSnapshot";
import type { StepProgress } from "../../ipc/generated/StepProgress";

/** A step with its status. */
export interface StepView {
  step: PlanStep;
  progress: StepProgress;
}

/** The canary of a run; `null` if it has none, or it has not begun. */
export function canaryOf(run: RunSnapshot): CanaryProgress | null {
  return run.steps.find(({ canary }) => canary !== null)?.canary ?? null;
}

/** The steps of a run with their progress. */
export function stepViews(run: RunSnapshot): StepView[] {
  return run.plan.steps.flatMap((step, index) => {
    const progress = run.steps[index];
    return progress === undefined ? [] : [{ step, progress }];
  });
}

/** The rollback steps with their progress. */
export function backViews(run: RunSnapshot): StepView[] {
  return run.plan.back.flatMap((step, index) => {
    const progress = run.back[index];
    return progress === undefined ? [] : [{ step, progress }];
  });
}

/** The active steps: those of the change, or of its rollback. */
function currentViews(run: RunSnapshot): StepView[] {
  return run.goesBack ? backViews(run) : stepViews(run);
}

/** Completed and total steps; those of the rollback once it starts. */
export function counted(run: RunSnapshot): { done: number; total: number } {
  const { stepsDone, stepsTotal } = run.summary;
  if (!run.goesBack) {
    return { done: stepsDone, total: stepsTotal };
  }
  return { done: run.back.filter(({ state }) => state === "done" || state === "already_there" || state === "passed_over").length, total: run.back.length };
}

/** The active or failed step; `null` before and after. */
export function presentStep(run: RunSnapshot): StepView | null {
  const views = currentViews(run);
  return (
    views.find(({ progress }) => progress.state === "failed" || progress.state === "cancelled") ??
    views.find(({ progress }) => progress.state === "starting" || progress.state === "in_progress") ??
    null
  );
}

/** Seconds between two moments, the second one now while it is open. */
export function elapsedSeconds(startedAt: string | null, endedAt: string | null, now: number): number {
  if (startedAt === null) {
    return 0;
  }
  const end = endedAt === null ? now : Date.parse(endedAt);
  return Math.max(0, (end - Date.parse(startedAt)) / 1000);
}

/** Minimum usual duration in seconds from which to show a countdown. */
const LONG_SECONDS = 3600;

/** Whether a step may take hours. Its time left is based on its longest usual duration. */
export function isLong({ usual }: PlanStep): boolean {
  return usual.toSeconds >= LONG_SECONDS;
}

/** Estimated seconds left, from the usual durations of the remaining steps. */
export function remainingSeconds(run: RunSnapshot, now: number): number {
  return currentViews(run).reduce((sum, { step, progress }) => {
    const usual = isLong(step) ? step.usual.toSeconds : (step.usual.fromSeconds + step.usual.toSeconds) / 2;
    if (progress.state === "waiting") {
      return sum + usual;
    }
    if (progress.state === "starting" || progress.state === "in_progress") {
      return sum + Math.max(0, usual - elapsedSeconds(progress.startedAt, null, now));
    }
    return sum;
  }, 0);
}
