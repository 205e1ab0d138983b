import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call, toFailure } from "../../ipc/call";
import type { Difference } from "../../ipc/generated/Difference";
import type { Failure } from "../../ipc/generated/Failure";
import type { Finding } from "../../ipc/generated/Finding";
import type { Goal } from "../../ipc/generated/Goal";
import type { RunSummary } from "../../ipc/generated/RunSummary";
import { openFindings } from "./consent";
import type { ReviewView, Reviewed } from "./useReview";

/** Starts a review. */
export interface StartView {
  /** Starts the current review; rejected while choices are missing. `typed` is the confirmed name of what is deleted. */
  start: (typed?: string) => void;
  starting: boolean;
  failure: Failure | null;
  /** Differences from the review, until the next review or start. */
  differences: readonly Difference[];
}

interface Asked {
  reviewed: Reviewed;
  consents: readonly string[];
  typed: string | null;
}

const NONE: readonly Difference[] = [];

/** Starts a review. Calls `onRunning` with the ID of its run. */
export function useStart(view: ReviewView, onRunning: (run: string) => void | Promise<void>): StartView {
  const queries = useQueryClient();
  const { mutate, isPending, data, error } = useMutation({
    mutationFn: ({ reviewed, consents, typed }: Asked) => call("start", { review: reviewed.review.id, consents: [...consents], typed }),
    onSuccess: (started, { reviewed }) => {
      if (started.kind === "changed") {
        view.replace({ goal: reviewed.goal, review: started.review });
        return undefined;
      }
      view.spend(reviewed);
      void queries.invalidateQueries({ queryKey: ["runs"] });
      return onRunning(started.run.id);
    },
    // A new review shows what changed in the meantime.
    onError: () => view.again(),
  });
  const { present, consents } = view;
  const failure = error === null ? null : toFailure(error);
  return {
    start: (typed) => {
      if (present !== null) {
        mutate({ reviewed: present, consents, typed: typed ?? null });
      }
    },
    starting: isPending,
    // If the review has expired, just review again.
    failure: failure?.code === "not_found" ? null : failure,
    differences: data?.kind === "changed" && data.review.id === present?.review.id ? data.differences : NONE,
  };
}

/** The result of starting a goal whose plan is not shown. */
export type StartedAtOnce =
  | { kind: "running"; run: RunSummary }
  | { kind: "blocked"; findings: readonly Finding[] }
  | { kind: "changed"; differences: readonly Difference[] };

/** Reviews a goal and starts it if nothing blocks. */
export async function startAtOnce(account: string, goal: Goal): Promise<StartedAtOnce> {
  const review = await call("review", { account, goal });
  const findings = openFindings(review.findings, []);
  return findings.length > 0 ? { kind: "blocked", findings } : call("start", { review: review.id, consents: [], typed: null });
}
