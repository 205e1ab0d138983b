import { type Dispatch, useCallback, useEffect, useMemo, useRef } from "react";
import type { Finding } from "../../ipc/generated/Finding";
import { focusField, focusStepTitle } from "../focus";
import { isAbout } from "../formFindings";
import { openFindings } from "../plan/consent";
import type { ReviewView } from "../plan/useReview";
import type { WizardAction, WizardState } from "./state";
import type { Saving } from "./useSavedDraft";

export type StepStatus = "current" | "done" | "problem" | "todo";

/** What every wizard has, whatever its specification. */
export interface WizardCore<Id extends string> {
  step: Id;
  /** The steps of this specification, in order. */
  steps: readonly { id: Id; status: StepStatus }[];
  /** Called when a field loses focus; from then on its findings are shown. */
  touch: (field: string) => void;
  /** Goes to a step, and optionally focuses a field. */
  goTo: (step: Id, field?: string | null) => void;
  /** Goes to the next step, or reports what is missing and focuses it. */
  next: () => Promise<void>;
  back: () => void;
  /** All known findings, worst first. */
  findings: readonly Finding[];
  /** Blocking findings without consent. */
  open: readonly Finding[];
  /** The step where a finding can be fixed. */
  stepOf: (finding: Finding) => Id;
  /** Findings to show at a field: after it lost focus, or after Next. */
  shownAt: (field: string) => readonly Finding[];
  /** Findings of the current step without a field, shown after Next. */
  unplaced: readonly Finding[];
  /** Background review. */
  review: ReviewView;
  saving: Saving;
}

interface Options<S, Id extends string> {
  state: WizardState<S, Id>;
  dispatch: Dispatch<WizardAction<S, Id>>;
  /** The steps of the specification, in order. */
  ids: readonly Id[];
  findings: readonly Finding[];
  stepOf: (finding: Finding) => Id;
  /** The findings of the specification as it is now, without Azure. */
  check: () => Promise<readonly Finding[]>;
  review: ReviewView;
  saving: Saving;
}

/** Moves between the steps of a wizard and decides which findings to show. */
export function useWizardCore<S, Id extends string>(options: Options<S, Id>): WizardCore<Id> {
  const { state, dispatch, ids, findings, stepOf, check, review, saving } = options;
  const { step } = state;
  const { consents } = review;
  const open = useMemo(() => openFindings(findings, consents), [findings, consents]);
  const touch = useCallback((field: string) => dispatch({ kind: "touched", field }), [dispatch]);
  const pendingField = useRef<string | null>(null);
  const goTo = useCallback(
    (to: Id, field: string | null = null) => {
      pendingField.current = field;
      dispatch({ kind: "went", step: to });
      focusField(field);
    },
    [dispatch],
  );
  const opened = useRef(step);
  useEffect(() => {
    if (opened.current !== step) {
      opened.current = step;
      return pendingField.current === null ? focusStepTitle() : focusField(pendingField.current);
    }
    return undefined;
  }, [step]);

  const next = useCallback(async () => {
    const all = await check();
    const missing = all.filter((finding) => stepOf(finding) === step && finding.severity === "blocking" && !finding.waivable);
    if (missing.length > 0) {
      dispatch({ kind: "pressed", step });
      focusField(missing.find((finding) => finding.field !== null)?.field ?? "step-findings");
      return;
    }
    const following = ids[ids.indexOf(step) + 1];
    if (following !== undefined) {
      goTo(following);
    }
  }, [check, stepOf, step, ids, goTo, dispatch]);
  const back = useCallback(() => {
    const before = ids[ids.indexOf(step) - 1];
    if (before !== undefined) {
      goTo(before);
    }
  }, [ids, step, goTo]);

  return useMemo(() => {
    const isOpen = (finding: Finding, field: string): boolean => state.pressed.includes(stepOf(finding)) || state.touched.includes(field);
    return {
      step,
      steps: ids.map((id) => ({ id, status: statusOf(id, state, open, stepOf) })),
      touch,
      goTo,
      next,
      back,
      findings,
      open,
      stepOf,
      shownAt: (field) => findings.filter((finding) => isAbout(finding, field) && isOpen(finding, field)),
      unplaced: state.pressed.includes(step) ? open.filter((finding) => stepOf(finding) === step && finding.field === null) : [],
      review,
      saving,
    };
  }, [step, ids, state, open, touch, goTo, next, back, findings, stepOf, review, saving]);
}

function statusOf<S, Id extends string>(id: Id, state: WizardState<S, Id>, open: readonly Finding[], stepOf: (finding: Finding) => Id): StepStatus {
  if (id === state.step) {
    return "current";
  }
  if (!state.visited.includes(id)) {
    return "todo";
  }
  return open.some((finding) => stepOf(finding) === id) ? "problem" : "done";
}

