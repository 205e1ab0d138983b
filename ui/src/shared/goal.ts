import type { Change } from "../ipc/generated/Change";
import type { Plan } from "../ipc/generated/Plan";
import type { Spec } from "../ipc/generated/Spec";
import type { Goal } from "../ipc/generated/Goal";

/** A cluster set up as the specification says. */
export function setUp(spec: Spec): Goal {
  return { kind: "set_up", spec };
}

/** Something changed about what is there. */
export function changed(change: Change): Goal {
  return { kind: "change", change, waived: [] };
}

/** The specification a plan was made from; `null` for a change. */
export function specOf({ goal }: Plan): Spec | null {
  return goal.kind === "set_up" ? goal.spec : null;
}

/** The subscription a goal is about, where it names one. */
export function subscriptionOf(goal: Goal): string | undefined {
  return goal.kind === "set_up" ? goal.spec.place.subscriptionId : /\/subscriptions\/([^/]+)/i.exec(subjectOf(goal.change))?.[1];
}

/** The resource a change is about, as the person named it. */
export function subjectOf(change: Change): string {
  if ("clusterId" in change) {
    return change.clusterId;
  }
  if ("computeId" in change) {
    return change.computeId;
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
