import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { call } from "../../../ipc/call";
import type { DeploySpec } from "../../../ipc/generated/DeploySpec";
import type { Finding } from "../../../ipc/generated/Finding";
import type { Goal } from "../../../ipc/generated/Goal";
import type { Route } from "../../../ipc/generated/Route";
import type { WorkspaceRef } from "../../../ipc/generated/WorkspaceRef";
import { deployed } from "../../../shared/goal";
import type { Reviewed } from "../../../shared/plan/useReview";
import { useDebounced } from "../../../shared/time";
import { withoutKnown } from "../../../shared/wizard/findings";
import { targetOf } from "./target";

const NONE: readonly Finding[] = [];

/** The resource id of a workspace; empty while a part is missing. */
export function workspaceIdIn({ subscriptionId, resourceGroup, name }: WorkspaceRef): string {
  const whole = subscriptionId !== "" && resourceGroup !== "" && name !== "";
  return whole ? `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${name}` : "";
}

/** The defaults of a route, by field. */
export function useDefaults(route: Route): (field: string) => string {
  const { data } = useQuery({ queryKey: ["deploy-defaults", route], queryFn: () => call("deploy_defaults", { route }), staleTime: Number.POSITIVE_INFINITY });
  return (field) => data?.find((known) => known.field === field)?.value ?? "";
}

export const localQuery = (spec: DeploySpec) => ({
  queryKey: ["check_deploy", spec] as const,
  queryFn: async () => (await call("check_deploy", { spec })).findings,
  staleTime: Number.POSITIVE_INFINITY,
});

/** Local findings, shortly after the last change. */
export function useLocalFindings(spec: DeploySpec): readonly Finding[] {
  const settled = useDebounced(spec, 150);
  const { data } = useQuery({ ...localQuery(settled), placeholderData: keepPreviousData });
  return data ?? NONE;
}

/** Findings from Azure, by the last review. Kept until the next one. */
export function useFindingsFromAzure(last: Reviewed | null, spec: DeploySpec): readonly Finding[] {
  const reviewed = last?.goal.kind === "deploy" ? last.goal.spec : null;
  const { data } = useQuery({ ...localQuery(reviewed ?? spec), enabled: reviewed !== null });
  return useMemo(() => (last === null || data === undefined ? NONE : withoutKnown(last.review.findings, data)), [last, data]);
}

/** The goal of a specification, once it is complete enough to review. */
export function goalOf(spec: DeploySpec): Goal | null {
  const placed = workspaceIdIn(spec.workspace) !== "" && spec.compute !== "" && spec.endpoint.name !== "" && (spec.version !== "" || targetOf(spec) === "service");
  return placed ? deployed(spec) : null;
}
