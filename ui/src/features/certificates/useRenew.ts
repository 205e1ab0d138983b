import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call, toFailure } from "../../ipc/call";
import type { Failure } from "../../ipc/generated/Failure";
import type { Renewed } from "../../ipc/generated/Renewed";
import { useVaultChanged } from "../../shared/inventory";
import { useAccount } from "../../shared/signedIn";

export interface Renewing {
  renew: (computeIds: readonly string[]) => void;
  renewing: boolean;
  /** What became of each; `null` before. */
  renewed: readonly Renewed[] | null;
  failure: Failure | null;
}

/** Makes certificates anew that Berth can make, and starts a run for each endpoint. */
export function useRenew(): Renewing {
  const queries = useQueryClient();
  const changed = useVaultChanged();
  const { account } = useAccount();
  const { mutate, isPending, data, error } = useMutation({
    mutationFn: (computeIds: readonly string[]) => call("renew_certificates", { account, computeIds: [...computeIds] }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["runs"] });
      void changed();
    },
  });
  return { renew: mutate, renewing: isPending, renewed: data ?? null, failure: error === null ? null : toFailure(error) };
}
