import { type UseMutationResult, useMutation, useMutationState, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { call, toFailure } from "../ipc/call";
import type { Failure } from "../ipc/generated/Failure";
import type { RunSnapshot } from "../ipc/generated/RunSnapshot";
import { host } from "../ipc/host";

/** Reads again this often while a run works, so that a lost announcement cannot leave the screen wrong. */
const SAFETY_NET_MS = 3000;

/** A run, fresh: read again whenever it is announced to have changed. */
export function useRun(run: string): { snapshot: RunSnapshot | null; failure: Failure | null; again: () => void } {
  const queries = useQueryClient();
  const key = ["run", run];
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: () => call("get_run", { run }),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.summary.state === "running" ? SAFETY_NET_MS : false),
    // An answer that overtook a newer one is dropped.
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

/** The one of two snapshots that was made later. */
export function newer(before: RunSnapshot | undefined, after: RunSnapshot): RunSnapshot {
  return before !== undefined && before.seq > after.seq ? before : after;
}

/** Stops a run or lets it go on, then reads it again. */
export function useRunAction(command: "cancel_run" | "resume_run", run: string): UseMutationResult<unknown, Error, void> {
  const queries = useQueryClient();
  return useMutation({
    mutationKey: actionKey(run),
    mutationFn: () => call(command, { run }),
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: ["run", run] }), queries.invalidateQueries({ queryKey: ["runs"] })]),
  });
}

/** Why the last action on a run did not work. */
export function useActionFailure(run: string): Failure | null {
  const last = useMutationState({ filters: { mutationKey: actionKey(run) }, select: ({ state }) => state }).at(-1);
  return last === undefined || last.error === null ? null : toFailure(last.error);
}

const actionKey = (run: string): readonly string[] => ["run-action", run];
