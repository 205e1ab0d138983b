import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, createContext, useCallback, useContext, useEffect, useMemo, useReducer, useRef } from "react";
import type { Draft } from "../../../ipc/generated/Draft";
import type { Finding } from "../../../ipc/generated/Finding";
import type { Spec } from "../../../ipc/generated/Spec";
import type { WizardStep } from "../../../ipc/generated/WizardStep";
import { emptySpec } from "../../../shared/emptySpec";
import { focusField, focusStepTitle } from "../../../shared/focus";
import { FormFindingsContext, isAbout } from "../../../shared/formFindings";
import { openFindings } from "../../../shared/plan/consent";
import { type ReviewView, useReview } from "../../../shared/plan/useReview";
import { type WizardState, openWizard, wizardReducer } from "./draft";
import { goalOf, localQuery, mergeFindings, useFindingsFromAzure, useLocalFindings } from "./findings";
import { stepsOf } from "./steps";
import { type Saving, useSavedDraft } from "./useSavedDraft";

export type StepStatus = "current" | "done" | "problem" | "todo";

export interface Wizard {
  account: string;
  spec: Spec;
  step: WizardStep;
  /** The steps of this specification, in order. */
  steps: readonly { id: WizardStep; status: StepStatus }[];
  /** Changes the specification. */
  update: (change: (spec: Spec) => Spec) => void;
  /** Called when a field loses focus; from then on its findings are shown. */
  touch: (field: string) => void;
  /** Goes to a step, and optionally focuses a field. */
  goTo: (step: WizardStep, field?: string | null) => void;
  /** Goes to the next step, or reports what is missing and focuses it. */
  next: () => Promise<void>;
  back: () => void;
  /** All known findings, worst first. */
  findings: readonly Finding[];
  /** Blocking findings without consent. */
  open: readonly Finding[];
  /** Findings to show at a field: after it lost focus, or after Next. */
  shownAt: (field: string) => readonly Finding[];
  /** Findings of the current step without a field, shown after Next. */
  unplaced: readonly Finding[];
  /** Background review. */
  review: ReviewView;
  saving: Saving;
  /** Discards the draft after its run has started. */
  dropDraft: () => Promise<void>;
}

/** Debounce of typing before Azure is called. */
const REVIEW_WAIT_MS = 1200;

const WizardContext = createContext<Wizard | null>(null);

interface Props {
  account: string;
  /** What was saved, or nothing yet. */
  draft: Draft | null;
  /** Subscription of a new draft. */
  subscriptionId: string;
  children: ReactNode;
}

export function WizardProvider({ account, draft, subscriptionId, children }: Props): ReactNode {
  const queries = useQueryClient();
  const [state, dispatch] = useReducer(wizardReducer, null, () =>
    draft === null ? openWizard(emptySpec(subscriptionId), "purpose") : openWizard(draft.spec, draft.step),
  );
  const { spec, step } = state;
  const local = useLocalFindings(spec);
  const goal = useMemo(() => goalOf(spec), [spec]);
  const review = useReview(account, goal, REVIEW_WAIT_MS);
  const { last, consents } = review;
  const fromAzure = useFindingsFromAzure(last, spec);
  const { saving, drop: dropDraft } = useSavedDraft(account, spec, step);
  const findings = useMemo(() => mergeFindings(local, fromAzure), [local, fromAzure]);
  const open = useMemo(() => openFindings(findings, consents), [findings, consents]);

  const update = useCallback((change: (spec: Spec) => Spec) => dispatch({ kind: "changed", change }), []);
  const touch = useCallback((field: string) => dispatch({ kind: "touched", field }), []);
  const pendingField = useRef<string | null>(null);
  const goTo = useCallback((to: WizardStep, field: string | null = null) => {
    pendingField.current = field;
    dispatch({ kind: "went", step: to });
    focusField(field);
  }, []);
  const opened = useRef(step);
  useEffect(() => {
    if (opened.current !== step) {
      opened.current = step;
      return pendingField.current === null ? focusStepTitle() : focusField(pendingField.current);
    }
    return undefined;
  }, [step]);

  const ids = useMemo(() => stepsOf(spec).map((entry) => entry.id), [spec]);
  const next = useCallback(async () => {
    const all = await queries.fetchQuery(localQuery(spec));
    const missing = all.filter((finding) => finding.step === step && finding.severity === "blocking" && !finding.waivable);
    if (missing.length > 0) {
      dispatch({ kind: "pressed", step });
      focusField(missing.find((finding) => finding.field !== null)?.field ?? "step-findings");
      return;
    }
    const following = ids[ids.indexOf(step) + 1];
    if (following !== undefined) {
      goTo(following);
    }
  }, [queries, spec, step, ids, goTo]);
  const back = useCallback(() => {
    const before = ids[ids.indexOf(step) - 1];
    if (before !== undefined) {
      goTo(before);
    }
  }, [ids, step, goTo]);

  const value = useMemo<Wizard>(() => {
    const isOpen = (finding: Finding, field: string): boolean =>
      state.pressed.includes(finding.step) || state.touched.some((touched) => touched === field);
    const placed = (finding: Finding): boolean => finding.field !== null;
    return {
      account,
      spec,
      step,
      steps: ids.map((id) => ({ id, status: statusOf(id, state, open) })),
      update,
      touch,
      goTo,
      next,
      back,
      findings,
      open,
      shownAt: (field) => findings.filter((finding) => isAbout(finding, field) && isOpen(finding, field)),
      unplaced: state.pressed.includes(step)
        ? open.filter((finding) => finding.step === step && !placed(finding))
        : [],
      review,
      saving,
      dropDraft,
    };
  }, [account, spec, step, ids, state, findings, open, update, touch, goTo, next, back, review, saving, dropDraft]);
  return (
    <WizardContext.Provider value={value}>
      <FormFindingsContext.Provider value={value}>{children}</FormFindingsContext.Provider>
    </WizardContext.Provider>
  );
}

/** The wizard around a step. */
export function useWizard(): Wizard {
  const value = useContext(WizardContext);
  if (value === null) {
    throw new Error("no wizard around this component");
  }
  return value;
}

function statusOf(id: WizardStep, state: WizardState, open: readonly Finding[]): StepStatus {
  if (id === state.step) {
    return "current";
  }
  if (!state.visited.includes(id)) {
    return "todo";
  }
  return open.some((finding) => finding.step === id) ? "problem" : "done";
}
