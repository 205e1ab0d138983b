import type { Finding } from "../../ipc/generated/Finding";
import type { Goal } from "../../ipc/generated/Goal";
import type { Plan } from "../../ipc/generated/Plan";
import { findingsOf, planOfChange } from "./change";
import { checkDeploy, planOfDeploy } from "./deploy";
import { findingsOfSpec } from "./findings";
import { planOf } from "./plan";

/** The findings of a goal. */
export function findingsOfGoal(goal: Goal): Finding[] {
  switch (goal.kind) {
    case "set_up":
      return findingsOfSpec(goal.spec);
    case "change":
      return findingsOf(goal.change);
    case "deploy":
      return checkDeploy(goal.spec);
  }
}

/** The plan of a goal. */
export function planOfGoal(goal: Goal): Plan {
  switch (goal.kind) {
    case "set_up":
      return planOf(goal.spec);
    case "change":
      return planOfChange(goal.change);
    case "deploy":
      return planOfDeploy(goal.spec);
  }
}
