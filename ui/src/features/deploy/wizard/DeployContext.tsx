import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, createContext, useCallback, useContext, useMemo, useReducer } from "react";
import { useTranslation } from "react-i18next";
import type { DeploySpec } from "../../../ipc/generated/DeploySpec";
import { FormFindingsContext } from "../../../shared/formFindings";
import { useReview } from "../../../shared/plan/useReview";
import { mergeFindings } from "../../../shared/wizard/findings";
import { wizardReducer } from "../../../shared/wizard/state";
import { useSavedDraft } from "../../../shared/wizard/useSavedDraft";
import { type WizardCore, useWizardCore } from "../../../shared/wizard/useWizardCore";
import { WizardViewContext, viewOf } from "../../../shared/wizard/view";
import { DRAFTS } from "./drafts";
import { goalOf, localQuery, useFindingsFromAzure, useLocalFindings } from "./queries";
import { type DeployStep, STEPS, openDeploy, stepOf } from "./steps";

interface Deploy extends WizardCore<DeployStep> {
  account: string;
  spec: DeploySpec;
  /** Changes the specification. */
  update: (change: (spec: DeploySpec) => DeploySpec) => void;
  /** Discards the draft after its run has started. */
  dropDraft: () => Promise<void>;
}

/** Debounce of typing before Azure is called. */
const REVIEW_WAIT_MS = 1200;

const DeployContext = createContext<Deploy | null>(null);

interface Props {
  account: string;
  spec: DeploySpec;
  step: string;
  children: ReactNode;
}

/** The Deploy wizard's state, from a specification and a step. */
export function DeployProvider({ account, spec: first, step: firstStep, children }: Props): ReactNode {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [state, dispatch] = useReducer(wizardReducer<DeploySpec, DeployStep>, null, () => openDeploy(first, firstStep));
  const { spec, step } = state;
  const local = useLocalFindings(spec);
  const goal = useMemo(() => goalOf(spec), [spec]);
  const review = useReview(account, goal, REVIEW_WAIT_MS);
  const fromAzure = useFindingsFromAzure(review.last, spec);
  const { saving, drop: dropDraft } = useSavedDraft(DRAFTS, account, spec, step);
  const findings = useMemo(() => mergeFindings(local, fromAzure), [local, fromAzure]);
  const check = useCallback(() => queries.fetchQuery(localQuery(spec)), [queries, spec]);
  const core = useWizardCore({ state, dispatch, ids: STEPS, findings, stepOf, check, review, saving });
  const update = useCallback((change: (spec: DeploySpec) => DeploySpec) => dispatch({ kind: "changed", change }), []);
  const value = useMemo<Deploy>(() => ({ ...core, account, spec, update, dropDraft }), [core, account, spec, update, dropDraft]);
  const view = useMemo(() => viewOf(core, (id) => t(`deploy:step.${id}`)), [core, t]);
  return (
    <DeployContext.Provider value={value}>
      <WizardViewContext.Provider value={view}>
        <FormFindingsContext.Provider value={value}>{children}</FormFindingsContext.Provider>
      </WizardViewContext.Provider>
    </DeployContext.Provider>
  );
}

/** The Deploy wizard around a step. */
export function useDeploy(): Deploy {
  const value = useContext(DeployContext);
  if (value === null) {
    throw new Error("no Deploy wizard around this component");
  }
  return value;
}
