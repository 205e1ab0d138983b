import { useQuery } from "@tanstack/react-query";
import { call, toFailure } from "../../ipc/call";
import type { Failure } from "../../ipc/generated/Failure";
import type { Plan } from "../../ipc/generated/Plan";
import type { PreflightReport } from "../../ipc/generated/PreflightReport";
import type { Goal } from "../../ipc/generated/Goal";
import { useDebounced } from "../../shared/useDebounced";

/** Typing is let settle this long before Azure is asked. */
const WAIT_MS = 500;

/** What the rules say of a goal, and the plan that would make it true. */
export interface CheckView {
  report: PreflightReport | null;
  plan: Plan | null;
  /** Whether report and plan of the present form are still to come. */
  checking: boolean;
  failure: Failure | null;
  again: () => void;
}

/** Preflight, and the plan once nothing blocks. Without a goal nothing is asked. */
export function useCheck(account: string, goal: Goal | null): CheckView {
  const present = JSON.stringify(goal);
  const settled = useDebounced(present, WAIT_MS);
  const asked = JSON.parse(settled) as Goal | null;
  const isPresent = settled === present;
  const preflight = useQuery({
    queryKey: ["azure", "preflight", account, settled],
    queryFn: () => (asked === null ? Promise.reject(new Error("nothing to ask")) : call("preflight", { account, goal: asked })),
    enabled: asked !== null && isPresent,
    staleTime: 30_000,
  });
  const report = isPresent ? (preflight.data ?? null) : null;
  const clear = report !== null && !preflight.isFetching && !report.findings.some((finding) => finding.severity === "blocking");
  const plan = useQuery({
    queryKey: ["azure", "plan", account, settled],
    queryFn: () => (asked === null ? Promise.reject(new Error("nothing to plan")) : call("make_plan", { account, goal: asked })),
    enabled: clear && asked !== null,
    staleTime: 30_000,
  });
  const failed = preflight.error ?? plan.error;
  return {
    report,
    plan: clear && isPresent ? (plan.data ?? null) : null,
    checking: goal !== null && (!isPresent || preflight.isFetching || (clear && plan.isFetching)),
    failure: !isPresent || failed === null ? null : toFailure(failed),
    again: () => {
      void preflight.refetch();
      if (plan.isError) {
        void plan.refetch();
      }
    },
  };
}
