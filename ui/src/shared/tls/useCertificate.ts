import { queryOptions, skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, toFailure } from "../../ipc/call";
import type { CertificateFacts } from "../../ipc/generated/CertificateFacts";
import type { CertificateReport } from "../../ipc/generated/CertificateReport";
import type { Failure } from "../../ipc/generated/Failure";
import type { PairRef } from "../../ipc/generated/PairRef";
import { useDebounced } from "../time";
import { type TlsOf, type UpdateTls, withPair } from "./choices";

const certificateQuery = (pair: PairRef | null, cname: string) =>
  queryOptions({
    queryKey: ["certificate", pair, cname],
    queryFn: pair === null ? skipToken : () => call("check_certificate", { pair, cname }),
  });

interface Checked {
  facts: CertificateFacts | null;
  failure: Failure | null;
  again: () => void;
}

/** The facts of the certificate, checked again when the domain name changes. */
export function useChecked(pair: PairRef | null, cname: string): Checked {
  const settled = useDebounced(cname, 400);
  const { data, error, refetch } = useQuery({
    ...certificateQuery(pair, settled),
    // Keep showing the facts while only the name changes; never show those of another certificate.
    placeholderData: (before: CertificateReport | undefined) => (JSON.stringify(before?.pair) === JSON.stringify(pair) ? before : undefined),
  });
  return {
    facts: pair === null ? null : (data?.facts ?? null),
    failure: pair === null || error === null ? null : toFailure(error),
    again: () => void refetch(),
  };
}

interface Bringing {
  bringing: boolean;
  failure: Failure | null;
}

/** Creates the certificate now rather than at the start of the run. */
export function useMake(tls: TlsOf<"generated">, update: UpdateTls): Bringing & { make: () => void } {
  const kept = useKept(tls.cname, update);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => call("make_certificate", { cname: tls.cname, recipe: tls.recipe }),
    onSuccess: kept,
  });
  return { bringing: isPending, failure: error === null ? null : toFailure(error), make: () => mutate() };
}

/** Selects the newly stored certificate and caches its facts. */
export function useKept(cname: string, update: UpdateTls): (report: CertificateReport) => void {
  const queries = useQueryClient();
  return (report) => {
    queries.setQueryData(certificateQuery(report.pair, cname).queryKey, report);
    update((before) => withPair(before, report.pair));
  };
}
