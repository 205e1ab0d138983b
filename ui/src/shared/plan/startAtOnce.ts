import { call } from "../../ipc/call";
import type { Difference } from "../../ipc/generated/Difference";
import type { Finding } from "../../ipc/generated/Finding";
import type { Goal } from "../../ipc/generated/Goal";
import type { RunSummary } from "../../ipc/generated/RunSummary";
import { openFindings } from "./consent";

/** What became of a goal that is started where its plan is not shown. */
export type StartedAtOnce =
  | { kind: "running"; run: RunSummary }
  | { kind: "blocked"; findings: readonly Finding[] }
  | { kind: "changed"; differences: readonly Difference[] };

/** Reviews a goal and starts it where nothing blocks. */
export async function startAtOnce(account: string, goal: Goal): Promise<StartedAtOnce> {
  const review = await call("review", { account, goal });
  const findings = openFindings(review.findings, []);
  return findings.length > 0 ? { kind: "blocked", findings } : call("start", { review: review.id, consents: [], typed: null });
}
