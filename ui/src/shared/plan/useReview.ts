import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { call, toFailure } from "../../ipc/call";
import type { Failure } from "../../ipc/generated/Failure";
import type { Finding } from "../../ipc/generated/Finding";
import type { Goal } from "../../ipc/generated/Goal";
import type { Review } from "../../ipc/generated/Review";
import { useDebounced } from "../time";
import { consentTo, openFindings } from "./consent";

/** A review with its goal. */
export interface Reviewed {
  goal: Goal;
  review: Review;
}

/** The state of a review. */
export interface ReviewView {
  /** The review of the current goal; none while it is pending. */
  present: Reviewed | null;
  /** The last review; while `checking`, possibly of an earlier version of the goal. */
  last: Reviewed | null;
  /** The user's consents, by name. */
  consents: readonly string[];
  agree: (finding: Finding, agreed: boolean) => void;
  /** Blocking findings of the current goal without consent. */
  open: readonly Finding[];
  checking: boolean;
  failure: Failure | null;
  /** Reviews again, reading everything anew. */
  again: () => void;
  /** Replaces the current review with one from elsewhere. */
  replace: (reviewed: Reviewed) => void;
  /** Invalidates the review after it was started. */
  spend: (reviewed: Reviewed) => void;
}

interface Given {
  goal: string;
  review: string | null;
  consents: readonly string[];
}

const NONE: readonly string[] = [];

const reviewKey = (account: string, goal: string) => ["azure", "review", account, goal] as const;

/** Reviews a goal `waitMs` after its last change. Without a goal, does nothing. */
export function useReview(account: string, goal: Goal | null, waitMs: number): ReviewView {
  const queries = useQueryClient();
  const now = JSON.stringify(goal);
  const settled = useDebounced(now, waitMs);
  const isSettled = settled === now;
  const [given, setGiven] = useState<Given>({ goal: now, review: null, consents: NONE });
  const { data, isFetching, isPlaceholderData, error, refetch } = useQuery({
    queryKey: reviewKey(account, settled),
    queryFn: async (): Promise<Reviewed> => {
      const asked = JSON.parse(settled) as Goal;
      return { goal: asked, review: await call("review", { account, goal: asked }) };
    },
    enabled: settled !== "null" && isSettled,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const last = data ?? null;
  const present = goal !== null && isSettled && !isPlaceholderData ? last : null;
  // A new goal clears the consents; a new review of the same goal keeps those it still asks for.
  const review = present?.review ?? null;
  if (given.goal !== now || (review !== null && given.review !== review.id)) {
    const asked = review?.findings.map(consentTo);
    const kept = given.goal !== now ? NONE : given.consents.filter((consent) => asked?.includes(consent) ?? true);
    setGiven({ goal: now, review: review?.id ?? null, consents: kept });
  }
  const consents = given.goal === now ? given.consents : NONE;
  return useMemo(
    () => ({
      present,
      last,
      consents,
      agree: (finding, agreed) =>
        setGiven((before) => {
          const others = before.consents.filter((consent) => consent !== consentTo(finding));
          return { ...before, consents: agreed ? [...others, consentTo(finding)] : others };
        }),
      open: openFindings(present?.review.findings ?? [], consents),
      checking: now !== "null" && (!isSettled || isFetching),
      failure: !isSettled || error === null ? null : toFailure(error),
      again: () => {
        if (now !== "null") {
          void refetch();
        }
      },
      replace: (reviewed) => queries.setQueryData(reviewKey(account, JSON.stringify(reviewed.goal)), reviewed),
      spend: (reviewed) =>
        void queries.invalidateQueries({ queryKey: reviewKey(account, JSON.stringify(reviewed.goal)), refetchType: "none" }),
    }),
    [present, last, consents, now, isSettled, isFetching, error, refetch, queries, account],
  );
}
