import { type MutationState, type UseMutationResult, useMutation, useMutationState, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { call, toFailure } from "../ipc/call";
import type { CanaryChoice } from "../ipc/generated/CanaryChoice";
import type { Failure } from "../ipc/generated/Failure";
import type { Finding } from "../ipc/generated/Finding";
import type { Resumed } from "../ipc/generated/Resumed";
import type { RunSnapshot } from "../ipc/generated/RunSnapshot";
import { host } from "../ipc/host";

/** Polling interval of an active run, in case an event is lost. */
const SAFETY_NET_MS = 3000;

/** A run, refetched whenever it announces a change. */
export function useRun(run: string): { snapshot: RunSnapshot | null; failure: Failure | null; again: () => void } {
  const queries = useQueryClient();
  const key = ["run", run];
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: () => call("get_run", { run }),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.summary.state === "running" ? SAFETY_NET_MS : false),
    // Drop responses that arrive out of order.
    structuralSharing: (before, after) => newer(before as RunSnapshot | undefined, after as RunSnapshot),
  });
  useEffect(
    () =>
      host().onRunChanged((changed) => {
        if (changed.run === run) {
          void queries.invalidateQueries({ queryKey: ["run", run] });
        }
      }),
    [queries, run],
  );
  return { snapshot: data ?? null, failure: error === null ? null : toFailure(error), again: () => void refetch() };
}

/** The newer of two snapshots. */
export function newer(before: RunSnapshot | undefined, after: RunSnapshot): RunSnapshot {
  return before !== undefined && before.seq > after.seq ? before : after;
}

/** Cancels a run, then refetches it. */
export function useCancelRun(run: string): UseMutationResult<unknown, Error, void> {
  return useAction(run, () => call("cancel_run", { run }));
}

/** Resumes a run with further consents, then refetches it. */
export function useResumeRun(run: string): UseMutationResult<Resumed, Error, readonly string[]> {
  return useAction(run, (consents) => call("resume_run", { run, consents: [...consents] }));
}

/** Decides about the canary of a run, then refetches it. */
export function useDecideCanary(run: string): UseMutationResult<Resumed, Error, CanaryChoice> {
  return useAction(run, (choice) => call("decide_canary", { run, choice }));
}

function useAction<Reply, Asked>(run: string, act: (asked: Asked) => Promise<Reply>): UseMutationResult<Reply, Error, Asked> {
  const queries = useQueryClient();
  return useMutation({
    mutationKey: actionKey(run),
    mutationFn: act,
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: ["run", run] }), queries.invalidateQueries({ queryKey: ["runs"] })]),
  });
}

/** The failure of the last action on a run. */
export function useActionFailure(run: string): Failure | null {
  const last = useLastAction(run);
  return last === undefined || last.error === null ? null : toFailure(last.error);
}

/** The consents needed to resume a run, known after an attempt. */
export function useAsked(run: string): readonly Finding[] {
  const reply = useLastAction(run)?.data as Resumed | undefined;
  return reply?.kind === "asks" ? reply.findings : NONE;
}

function useLastAction(run: string): MutationState | undefined {
  return useMutationState({ filters: { mutationKey: actionKey(run) }, select: ({ state }) => state }).at(-1);
}

const NONE: readonly Finding[] = [];

const actionKey = (run: string): readonly string[] => ["run-action", run];
