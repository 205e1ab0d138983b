import type { Change } from "../ipc/generated/Change";
import type { Plan } from "../ipc/generated/Plan";
import type { Spec } from "../ipc/generated/Spec";
import type { Wish } from "../ipc/generated/Wish";

/** A cluster set up as the specification says. */
export function setUp(spec: Spec): Wish {
  return { kind: "set_up", spec };
}

/** Something changed about what is there. */
export function changed(change: Change, waived: readonly string[] = []): Wish {
  return { kind: "change", change, waived: [...waived] };
}

/** The specification a plan was made from; `null` for a change. */
export function specOf({ wish }: Plan): Spec | null {
  return wish.kind === "set_up" ? wish.spec : null;
}

/** The subscription a wish is about, where it names one. */
export function subscriptionOf(wish: Wish): string | undefined {
  return wish.kind === "set_up" ? wish.spec.place.subscriptionId : /\/subscriptions\/([^/]+)/i.exec(subjectOf(wish.change))?.[1];
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
