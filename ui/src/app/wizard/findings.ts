import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { call, toFailure } from "../../ipc/call";
import type { Failure } from "../../ipc/generated/Failure";
import type { Finding } from "../../ipc/generated/Finding";
import type { PreflightReport } from "../../ipc/generated/PreflightReport";
import type { Spec } from "../../ipc/generated/Spec";
import { useDebounced } from "../../shared/useDebounced";
import { setUp } from "../../shared/goal";

/** Where the background preflight stands. */
export interface PreflightView {
  /** The last report; it may be of an earlier form of the specification while `checking`. */
  report: PreflightReport | null;
  /** Its findings that only Azure could lead to. They stand until the next report, however the person types meanwhile. */
  fromAzure: readonly Finding[];
  checking: boolean;
  failure: Failure | null;
}

const NONE: readonly Finding[] = [];

export const localQuery = (spec: Spec) => ({
  queryKey: ["check_spec", spec] as const,
  queryFn: async () => (await call("check_spec", { spec })).findings,
  staleTime: Number.POSITIVE_INFINITY,
});

/** What the rules say that need no question to Azure, a moment after the last change. */
export function useLocalFindings(spec: Spec): readonly Finding[] {
  const settled = useDebounced(spec, 150);
  const { data } = useQuery({ ...localQuery(settled), placeholderData: keepPreviousData });
  return data ?? NONE;
}

/** What all rules say, quietly in the background once there is enough to ask about. */
export function usePreflight(account: string, spec: Spec): PreflightView & { again: () => void } {
  const settled = useDebounced(spec, 1200);
  const { data, isFetching, error, refetch } = useQuery({
    queryKey: ["azure", "preflight", account, settled],
    queryFn: async () => {
      const [report, local] = await Promise.all([
        call("preflight", { account, goal: setUp(settled) }),
        call("check_spec", { spec: settled }),
      ]);
      return { report, fromAzure: withoutKnown(report.findings, local.findings) };
    },
    enabled: isPlaced(settled),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return useMemo(
    () => ({
    report: data?.report ?? null,
    fromAzure: data?.fromAzure ?? NONE,
    checking: isFetching || settled !== spec,
    failure: error === null ? null : toFailure(error),
    again: () => void refetch(),
  }),
    [data, isFetching, error, refetch, settled, spec],
  );
}

function isPlaced({ place, cluster }: Spec): boolean {
  const target = cluster.kind === "existing" ? cluster.resourceId : place.clusterName;
  return place.workspace.name !== "" && place.location !== "" && target !== "";
}

/** The local findings of this moment, and from Azure what only Azure could say. Worst first. */
export function mergeFindings(local: readonly Finding[], fromAzure: readonly Finding[]): Finding[] {
  return [...local, ...withoutKnown(fromAzure, local)].sort((a, b) => rank(a) - rank(b));
}

function withoutKnown(findings: readonly Finding[], known: readonly Finding[]): Finding[] {
  const identities = new Set(known.map(identity));
  return findings.filter((finding) => !identities.has(identity(finding)));
}

/** Two findings of this identity say the same. */
function identity(finding: Finding): string {
  return `${finding.code} ${finding.field ?? ""}`;
}

const RANKS = { blocking: 0, warning: 1, unknown: 2, information: 3 } as const;

function rank(finding: Finding): number {
  return RANKS[finding.severity];
}
