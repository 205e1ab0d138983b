import type { Change } from "../ipc/generated/Change";
import type { DeploySpec } from "../ipc/generated/DeploySpec";
import type { Plan } from "../ipc/generated/Plan";
import type { Spec } from "../ipc/generated/Spec";
import type { Goal } from "../ipc/generated/Goal";

/** Sets up a cluster from a specification. */
export function setUp(spec: Spec): Goal {
  return { kind: "set_up", spec };
}

/** Deploys a version of an endpoint. */
export function deployed(spec: DeploySpec): Goal {
  return { kind: "deploy", spec };
}

/** Changes an existing resource. */
export function changed(change: Change): Goal {
  return { kind: "change", change, waived: [] };
}

/** The specification of a set-up; `null` for any other goal. */
export function specOf({ goal }: Plan): Spec | null {
  return goal.kind === "set_up" ? goal.spec : null;
}

/** The subscription of a goal, if it has one. */
export function subscriptionOf(goal: Goal): string | undefined {
  switch (goal.kind) {
    case "set_up":
      return goal.spec.place.subscriptionId;
    case "deploy":
      return goal.spec.workspace.subscriptionId;
    case "change":
      return /\/subscriptions\/([^/]+)/i.exec(subjectOf(goal.change))?.[1];
  }
}

/** The target resource of a change. */
export function subjectOf(change: Change): string {
  if ("clusterId" in change) {
    return change.clusterId;
  }
  if ("computeId" in change) {
    return change.computeId;
  }
  if ("endpointId" in change) {
    return change.endpointId;
  }
  switch (change.kind) {
    case "tags":
      return change.resourceId;
    case "grant":
      return change.scope;
    case "clear_up":
      return change.resources.at(-1) ?? change.run;
  }
}
