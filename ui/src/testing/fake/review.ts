import type { Difference } from "../../ipc/generated/Difference";
import type { Finding } from "../../ipc/generated/Finding";
import type { Goal } from "../../ipc/generated/Goal";
import type { GoalOn } from "../../ipc/generated/GoalOn";
import type { Review } from "../../ipc/generated/Review";
import type { UnreadFact } from "../../ipc/generated/UnreadFact";
import { finding } from "./findings";
import { findingsOfGoal, planOfGoal } from "./goal";
import { SUBSCRIPTION } from "./session";

let made = 0;

/** The unread fact of a finding; mirrors `UnreadFact::of` in Rust. */
function unreadOf({ code, rule, resource, severity, waivable, params }: Finding): UnreadFact[] {
  const { name, why } = params;
  if (why === undefined || (severity !== "unknown" && resource === undefined)) {
    return [];
  }
  return [{ code, name: name ?? rule, why, consent: severity === "blocking" && waivable ? `${rule}:${resource ?? ""}` : null }];
}

/** A review of a goal, with a unique ID. */
export function reviewOf(goal: Goal, part: Partial<Review> = {}): Review {
  made += 1;
  const id = `review-${made}`;
  const findings = part.findings ?? findingsOfGoal(goal);
  return { id, findings, plan: { ...planOfGoal(goal), id }, unread: findings.flatMap(unreadOf), requests: 14, tookMs: 812, ...part };
}

/** Answers `review` with these findings, whatever the goal. */
export const reviewed =
  (findings: readonly Finding[]) =>
  ({ goal }: GoalOn): Review =>
    reviewOf(goal, { findings: [...findings] });

/** A difference from the plan that was reviewed. */
export function difference(code: string, part: Partial<Difference> = {}): Difference {
  return { code, step: null, note: null, finding: null, params: {}, ...part };
}

/** A workspace that could not be read and needs consent by name. */
export function unreadWorkspace(name: string): Finding {
  return {
    ...finding("USE-01", { code: "USE-01.workspace", step: "review", waivable: true, params: { name, why: "403 Forbidden" } }),
    resource: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-old/providers/Microsoft.MachineLearningServices/workspaces/${name}`,
  };
}

/** Differences from a reviewed plan: a member of its first step, and the next step. */
export function differencesOf(goal: Goal): Difference[] {
  const { steps, title } = planOfGoal(goal);
  const [first, second] = steps.map(({ kind }) => ({
    code: "what" in kind ? `step.${kind.kind}.${kind.what}` : `step.${kind.kind}`,
    params: { namespace: "Microsoft.KubernetesConfiguration", name: title },
  }));
  return [
    difference("member", { step: first ?? null, params: { member: "properties.nodeLabels.team", before: '"a"', now: '"b"' } }),
    difference("step_added", { step: second ?? first ?? null }),
  ];
}
