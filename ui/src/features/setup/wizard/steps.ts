import type { Spec } from "../../../ipc/generated/Spec";
import type { WizardStep } from "../../../ipc/generated/WizardStep";

/** A step of the wizard. */
export interface StepEntry {
  id: WizardStep;
  /** Whether the step applies to this specification. */
  applies: (spec: Spec) => boolean;
}

const always = (): boolean => true;
/** Azure ML chooses the version of a cluster it creates; an existing cluster already has one. */
const choosesVersion = (spec: Spec): boolean => spec.cluster.kind === "create";
const makesCluster = (spec: Spec): boolean => spec.cluster.kind !== "existing";

/** The steps, in order. */
const STEPS: readonly StepEntry[] = [
  { id: "purpose", applies: always },
  { id: "place", applies: always },
  { id: "version", applies: choosesVersion },
  { id: "size", applies: makesCluster },
  { id: "network", applies: always },
  { id: "tls", applies: always },
  { id: "review", applies: always },
];

/** The steps of a specification, in order. */
export function stepsOf(spec: Spec): StepEntry[] {
  return STEPS.filter((step) => step.applies(spec));
}
