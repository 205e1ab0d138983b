import type { Finding } from "../../ipc/generated/Finding";
import type { Goal } from "../../ipc/generated/Goal";
import type { Plan } from "../../ipc/generated/Plan";
import { findingsOf, planOfChange } from "./change";
import { findingsOfSpec } from "./findings";
import { planOf } from "./plan";

/** The findings of a goal. */
export function findingsOfGoal(goal: Goal): Finding[] {
  return goal.kind === "set_up" ? findingsOfSpec(goal.spec) : findingsOf(goal.change);
}

/** The plan of a goal. */
export function planOfGoal(goal: Goal): Plan {
  return goal.kind === "set_up" ? planOf(goal.spec) : planOfChange(goal.change);
}
