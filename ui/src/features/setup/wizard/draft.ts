import { call } from "../../../ipc/call";
import type { Spec } from "../../../ipc/generated/Spec";
import type { WizardStep } from "../../../ipc/generated/WizardStep";
import { type WizardState, openAt } from "../../../shared/wizard/state";
import type { DraftStore } from "../../../shared/wizard/useSavedDraft";
import { stepsOf } from "./steps";

/**
 * The wizard over a specification, standing at a step; the steps before it count as seen. What somebody agreed to before is
 * agreed to anew, at the review.
 */
export function openWizard(spec: Spec, step: string): WizardState<Spec, WizardStep> {
  const ids = stepsOf(spec).map((entry) => entry.id);
  return openAt({ ...spec, waived: [] }, ids, step);
}

/** Where the draft is kept. */
export const DRAFTS: DraftStore<Spec> = {
  write: (draft) => call("write_draft", draft),
  drop: () => call("drop_draft", {}),
};
