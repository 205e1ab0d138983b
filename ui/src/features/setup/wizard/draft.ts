import type { Spec } from "../../../ipc/generated/Spec";
import type { WizardStep } from "../../../ipc/generated/WizardStep";
import { stepsOf } from "./steps";

/** The state of the wizard. Only the specification and the step are saved. */
export interface WizardState {
  spec: Spec;
  step: WizardStep;
  /** Visited steps. */
  visited: readonly WizardStep[];
  /** Steps where Next was pressed too early: all their findings are shown. */
  pressed: readonly WizardStep[];
  /** Paths of fields that have lost focus. */
  touched: readonly string[];
}

export type WizardAction =
  | { kind: "changed"; change: (spec: Spec) => Spec }
  | { kind: "went"; step: WizardStep }
  | { kind: "pressed"; step: WizardStep }
  | { kind: "touched"; field: string };

/**
 * The wizard over a specification, standing at a step; the steps before it count as seen. What somebody agreed to before is
 * agreed to anew, at the review.
 */
export function openWizard(spec: Spec, step: string): WizardState {
  const ids = stepsOf(spec).map((entry) => entry.id);
  const at = Math.max(0, ids.findIndex((id) => id === step));
  return { spec: { ...spec, waived: [] }, step: ids[at] ?? "purpose", visited: ids.slice(0, at + 1), pressed: [], touched: [] };
}

export function wizardReducer(state: WizardState, action: WizardAction): WizardState {
  switch (action.kind) {
    case "changed":
      return { ...state, spec: action.change(state.spec) };
    case "went":
      return { ...state, step: action.step, visited: withEntry(state.visited, action.step) };
    case "pressed":
      return { ...state, pressed: withEntry(state.pressed, action.step) };
    case "touched":
      return { ...state, touched: withEntry(state.touched, action.field) };
  }
}

function withEntry<T>(list: readonly T[], entry: T): readonly T[] {
  return list.includes(entry) ? list : [...list, entry];
}
