import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { Spec } from "../../../ipc/generated/Spec";
import type { WizardStep } from "../../../ipc/generated/WizardStep";

/** A step of the wizard. */
export interface StepEntry {
  id: WizardStep;
  /** The step itself; reads and changes the draft through `useWizard`. */
  view: LazyExoticComponent<ComponentType>;
  /** Whether there is anything to decide in it for this specification. */
  applies: (spec: Spec) => boolean;
}

const always = (): boolean => true;
/** Azure ML chooses the version of a cluster it makes itself, and an existing cluster has one. */
const choosesVersion = (spec: Spec): boolean => spec.cluster.kind === "create";
const makesCluster = (spec: Spec): boolean => spec.cluster.kind !== "existing";

/** The steps, in order. */
export const STEPS: readonly StepEntry[] = [
  { id: "purpose", view: lazy(() => import("../purpose/PurposeStep")), applies: always },
  { id: "place", view: lazy(() => import("../place/PlaceStep")), applies: always },
  { id: "version", view: lazy(() => import("../version/VersionStep")), applies: choosesVersion },
  { id: "size", view: lazy(() => import("../size/SizeStep")), applies: makesCluster },
  { id: "network", view: lazy(() => import("../network/NetworkStep")), applies: always },
  { id: "tls", view: lazy(() => import("../tls/TlsStep")), applies: always },
  { id: "review", view: lazy(() => import("../review/ReviewStep")), applies: always },
];

/** The steps of a specification, in order. */
export function stepsOf(spec: Spec): StepEntry[] {
  return STEPS.filter((step) => step.applies(spec));
}
