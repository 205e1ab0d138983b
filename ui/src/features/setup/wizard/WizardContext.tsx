import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, createContext, useCallback, useContext, useMemo, useReducer } from "react";
import { useTranslation } from "react-i18next";
import type { Draft } from "../../../ipc/generated/Draft";
import type { Finding } from "../../../ipc/generated/Finding";
import type { Spec } from "../../../ipc/generated/Spec";
import type { WizardStep } from "../../../ipc/generated/WizardStep";
import { emptySpec } from "../../../shared/emptySpec";
import { FormFindingsContext } from "../../../shared/formFindings";
import { useReview } from "../../../shared/plan/useReview";
import { mergeFindings } from "../../../shared/wizard/findings";
import { wizardReducer } from "../../../shared/wizard/state";
import { useSavedDraft } from "../../../shared/wizard/useSavedDraft";
import { type WizardCore, useWizardCore } from "../../../shared/wizard/useWizardCore";
import { WizardViewContext, viewOf } from "../../../shared/wizard/view";
import { DRAFTS, openWizard } from "./draft";
import { goalOf, localQuery, useFindingsFromAzure, useLocalFindings } from "./findings";
import { stepsOf } from "./steps";

export interface Wizard extends WizardCore<WizardStep> {
  account: string;
  spec: Spec;
  /** Changes the specification. */
  update: (change: (spec: Spec) => Spec) => void;
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

const stepOf = (finding: Finding): WizardStep => finding.step;

export function WizardProvider({ account, draft, subscriptionId, children }: Props): ReactNode {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [state, dispatch] = useReducer(wizardReducer<Spec, WizardStep>, null, () =>
    draft === null ? openWizard(emptySpec(subscriptionId), "purpose") : openWizard(draft.spec, draft.step),
  );
  const { spec, step } = state;
  const local = useLocalFindings(spec);
  const goal = useMemo(() => goalOf(spec), [spec]);
  const review = useReview(account, goal, REVIEW_WAIT_MS);
  const fromAzure = useFindingsFromAzure(review.last, spec);
  const { saving, drop: dropDraft } = useSavedDraft(DRAFTS, account, spec, step);
  const findings = useMemo(() => mergeFindings(local, fromAzure), [local, fromAzure]);
  const ids = useMemo(() => stepsOf(spec).map((entry) => entry.id), [spec]);
  const check = useCallback(() => queries.fetchQuery(localQuery(spec)), [queries, spec]);
  const core = useWizardCore({ state, dispatch, ids, findings, stepOf, check, review, saving });
  const update = useCallback((change: (spec: Spec) => Spec) => dispatch({ kind: "changed", change }), []);
  const value = useMemo<Wizard>(() => ({ ...core, account, spec, update, dropDraft }), [core, account, spec, update, dropDraft]);
  const view = useMemo(() => viewOf(core, (id) => t(`common:step.${id}`)), [core, t]);
  return (
    <WizardContext.Provider value={value}>
      <WizardViewContext.Provider value={view}>
        <FormFindingsContext.Provider value={value}>{children}</FormFindingsContext.Provider>
      </WizardViewContext.Provider>
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
