import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { Spec } from "../../ipc/generated/Spec";
import type { WizardStep } from "../../ipc/generated/WizardStep";

/** A step of the wizard. */
export interface StepEntry {
  id: WizardStep;
  /** The step itself; reads and changes the draft through `useWizard`. */
  view: LazyExoticComponent<ComponentType>;
  /** Whether there is anything to decide in it for this specification. */
  applies: (spec: Spec) => boolean;
}

const always = (): boolean => true;

/** The steps, in order. A step is here once its screen is. */
export const STEPS: readonly StepEntry[] = [
  { id: "purpose", view: lazy(() => import("../../features/purpose/PurposeStep")), applies: always },
];

/** The steps of a specification, in order. */
export function stepsOf(spec: Spec): StepEntry[] {
  return STEPS.filter((step) => step.applies(spec));
}
