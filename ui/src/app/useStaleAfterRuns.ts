import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { host } from "../ipc/host";

/** What a run may change. It is read again when it is next shown, not at each step of the run. */
const CHANGED = ["place", "cluster", "access", "inventory"] as const;

/** Lets what was read of clusters count as old once a run has changed. */
export function useStaleAfterRuns(): void {
  const queries = useQueryClient();
  useEffect(
    () =>
      host().onRunChanged(() => {
        for (const what of CHANGED) {
          void queries.invalidateQueries({ queryKey: ["azure", what], refetchType: "none" });
        }
      }),
    [queries],
  );
}
