import type { DeploySpec } from "../../../ipc/generated/DeploySpec";
import type { Finding } from "../../../ipc/generated/Finding";
import { type WizardState, openAt } from "../../../shared/wizard/state";

/** The steps, in order. */
export const STEPS = ["where", "model", "code", "size", "review"] as const;
export type DeployStep = (typeof STEPS)[number];

/** The step of each field, by the first part of its path. */
const PLACES: Readonly<Record<string, DeployStep>> = {
  workspace: "where",
  compute: "where",
  endpoint: "where",
  version: "where",
  description: "where",
  traffic: "where",
  role: "where",
  models: "model",
  serving: "code",
  sample: "code",
  instanceType: "size",
  resources: "size",
  scale: "size",
  requests: "size",
  liveness: "size",
  readiness: "size",
  appInsights: "size",
  dataCollection: "size",
  environmentVariables: "size",
  tags: "size",
  remove: "size",
};

/** The step where a finding can be fixed: that of its field. */
export function stepOf({ field }: Finding): DeployStep {
  return PLACES[field?.split(".")[0] ?? ""] ?? "review";
}

/** The wizard over a specification, standing at a step. Consents are given anew, at the review. */
export function openDeploy(spec: DeploySpec, step: string): WizardState<DeploySpec, DeployStep> {
  return openAt({ ...spec, waived: [] }, STEPS, step);
}
