import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { call } from "../../../ipc/call";
import type { Finding } from "../../../ipc/generated/Finding";
import type { Goal } from "../../../ipc/generated/Goal";
import type { Spec } from "../../../ipc/generated/Spec";
import { setUp } from "../../../shared/goal";
import type { Reviewed } from "../../../shared/plan/useReview";
import { useDebounced } from "../../../shared/time";
import { withoutKnown } from "../../../shared/wizard/findings";

const NONE: readonly Finding[] = [];

export const localQuery = (spec: Spec) => ({
  queryKey: ["check_spec", spec] as const,
  queryFn: async () => (await call("check_spec", { spec })).findings,
  staleTime: Number.POSITIVE_INFINITY,
});

/** Local findings, shortly after the last change. */
export function useLocalFindings(spec: Spec): readonly Finding[] {
  const settled = useDebounced(spec, 150);
  const { data } = useQuery({ ...localQuery(settled), placeholderData: keepPreviousData });
  return data ?? NONE;
}

/** The goal of a specification, once it is complete enough to review. */
export function goalOf(spec: Spec): Goal | null {
  return isPlaced(spec) ? setUp(spec) : null;
}

/** Findings from Azure, by the last review. Kept until the next one. */
export function useFindingsFromAzure(last: Reviewed | null, spec: Spec): readonly Finding[] {
  const reviewed = last?.goal.kind === "set_up" ? last.goal.spec : null;
  const { data } = useQuery({ ...localQuery(reviewed ?? spec), enabled: reviewed !== null });
  return useMemo(() => (last === null || data === undefined ? NONE : withoutKnown(last.review.findings, data)), [last, data]);
}

function isPlaced({ place, cluster }: Spec): boolean {
  const target = cluster.kind === "existing" ? cluster.resourceId : place.clusterName;
  return place.workspace.name !== "" && place.location !== "" && target !== "";
}
