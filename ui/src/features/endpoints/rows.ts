import type { Endpoint } from "../../ipc/generated/Endpoint";
import type { EndpointVersion } from "../../ipc/generated/EndpointVersion";
import { type Condition, conditionOf } from "../../shared/endpoint/condition";
import { nameOf, sameResource } from "../../shared/resources";
import { hasWords, natural } from "../../shared/sorting";
import type { Sorted } from "../../shared/table";
import { PROBLEM_KINDS, type Problem, type ProblemKind, problemsOf } from "./problems";

/** An endpoint with the names of what it belongs to; `null` where Azure does not say. */
export interface EndpointRow {
  endpoint: Endpoint;
  workspace: string;
  compute: string | null;
  cluster: string | null;
  problems: readonly Problem[];
}

export type SortKey = "name" | "workspace" | "compute" | "route" | "versions" | "replicas" | "state";

/** What the rows are grouped by. */
export const GROUPINGS = ["none", "workspace", "compute", "cluster"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Which rows to show by their problems. */
export type ProblemFilter = "all" | "any" | ProblemKind;

export interface EndpointsView extends Sorted<SortKey> {
  text: string;
  /** Empty for all. */
  workspaceId: string;
  problem: ProblemFilter;
  group: Grouping;
}

export const FIRST_VIEW: EndpointsView = { text: "", workspaceId: "", problem: "all", group: "none", sort: "name", descending: false };

export function rowOf(endpoint: Endpoint): EndpointRow {
  const { workspaceId, computeId, computeName, clusterId } = endpoint;
  return {
    endpoint,
    workspace: nameOf(workspaceId),
    compute: computeName ?? (computeId === null ? null : nameOf(computeId)),
    cluster: clusterId === null ? null : nameOf(clusterId),
    problems: problemsOf(endpoint),
  };
}

/** Number of replicas, from least to most; `null` if a version does not say. */
export function replicasOf(versions: readonly Pick<EndpointVersion, "scale">[]): { min: number; max: number } | null {
  return versions.reduce<{ min: number; max: number } | null>(
    (sum, { scale }) => {
      if (sum === null || scale === null) {
        return null;
      }
      const { min, max } = scale.kind === "fixed" ? { min: scale.replicas, max: scale.replicas } : scale;
      return { min: sum.min + min, max: sum.max + max };
    },
    { min: 0, max: 0 },
  );
}

/** The replicas of an endpoint; `null` if unknown. */
export function replicasOfEndpoint({ versions, versionsUnread }: Endpoint): { min: number; max: number } | null {
  return versionsUnread === null ? replicasOf(versions) : null;
}

/** Rows that match the filters, sorted. `wordsOf` gives what the table shows of a row in words. */
export function shownOf(rows: readonly EndpointRow[], view: EndpointsView, wordsOf: (row: EndpointRow) => readonly string[] = () => []): EndpointRow[] {
  const { text, workspaceId, problem, sort, descending } = view;
  const fitting = rows.filter(
    (row) =>
      (workspaceId === "" || sameResource(workspaceId, row.endpoint.workspaceId)) &&
      hasProblem(row, problem) &&
      hasWords([...factsOf(row), ...wordsOf(row)].join(" "), text),
  );
  const direction = descending ? -1 : 1;
  return fitting.sort((one, other) => direction * (ORDER[sort](one, other) || byName(one, other)));
}

function hasProblem({ problems }: EndpointRow, filter: ProblemFilter): boolean {
  return filter === "all" || (filter === "any" ? problems.length > 0 : problems.some(({ kind }) => kind === filter));
}

function factsOf({ endpoint, workspace, compute, cluster, problems }: EndpointRow): string[] {
  const { name, url, state, versions } = endpoint;
  const ofVersions = versions.flatMap((version) => [version.name, version.state, version.model, version.environment, version.instanceType, version.url]);
  return [name, url, state, workspace, compute, cluster, ...ofVersions, ...problems.map(({ code }) => code)].filter((fact) => fact !== null);
}

/** A group of rows; its name is `null` if Azure does not say what they belong to. */
export interface Group {
  key: string;
  name: string | null;
  rows: readonly EndpointRow[];
}

const GROUP_OF: Record<Exclude<Grouping, "none">, (row: EndpointRow) => { id: string | null; name: string | null }> = {
  workspace: ({ endpoint, workspace }) => ({ id: endpoint.workspaceId, name: workspace }),
  compute: ({ endpoint, compute }) => ({ id: endpoint.computeId ?? compute, name: compute }),
  cluster: ({ endpoint, cluster }) => ({ id: endpoint.clusterId, name: cluster }),
};

/** The rows in groups, by name; rows that belong to nothing known come last. */
export function groupsOf(rows: readonly EndpointRow[], grouping: Grouping): Group[] {
  if (grouping === "none") {
    return [{ key: "", name: null, rows }];
  }
  const groups = new Map<string, { name: string | null; rows: EndpointRow[] }>();
  for (const row of rows) {
    const { id, name } = GROUP_OF[grouping](row);
    const key = id?.toLowerCase() ?? "";
    const group = groups.get(key) ?? { name, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups].map(([key, group]) => ({ key, ...group })).sort((one, other) => unnamedLast(one.name, other.name));
}

/** The workspaces of the rows by id, sorted by name. */
export function workspacesOf(rows: readonly EndpointRow[]): [id: string, name: string][] {
  const found = new Map(rows.map(({ endpoint, workspace }) => [endpoint.workspaceId.toLowerCase(), workspace]));
  return [...found].sort(([, one], [, other]) => natural(one, other));
}

/** The kinds of problems of the rows, worst first. */
export function kindsOf(rows: readonly EndpointRow[]): ProblemKind[] {
  return PROBLEM_KINDS.filter((kind) => rows.some((row) => hasProblem(row, kind)));
}

/** The view without filters that nothing can fit any more. */
export function possible(view: EndpointsView, rows: readonly EndpointRow[]): EndpointsView {
  const workspaceId = workspacesOf(rows).find(([id]) => sameResource(id, view.workspaceId))?.[0] ?? "";
  const { problem } = view;
  const fits = problem === "all" || problem === "any" || kindsOf(rows).includes(problem);
  return { ...view, workspaceId, problem: fits ? problem : "all" };
}

type Compare = (one: EndpointRow, other: EndpointRow) => number;

const unnamedLast = (one: string | null, other: string | null): number =>
  one === null || other === null ? Number(one === null) - Number(other === null) : natural(one, other);

const byName: Compare = (one, other) => natural(one.endpoint.name, other.endpoint.name) || natural(one.workspace, other.workspace);

/** Conditions, worst first. */
const URGENCY: readonly Condition[] = ["failed", "unknown", "cancelled", "working", "good"];

const urgencyOf = ({ endpoint, problems }: EndpointRow): number => URGENCY.indexOf(conditionOf(endpoint.state)) * 2 + Number(problems.length === 0);
const mostReplicas = ({ endpoint }: EndpointRow): number => replicasOfEndpoint(endpoint)?.max ?? -1;

const ORDER: Record<SortKey, Compare> = {
  name: byName,
  workspace: (one, other) => natural(one.workspace, other.workspace),
  compute: (one, other) => unnamedLast(one.compute, other.compute) || unnamedLast(one.cluster, other.cluster),
  route: (one, other) => natural(one.endpoint.route, other.endpoint.route) || natural(one.endpoint.auth, other.endpoint.auth),
  versions: (one, other) => one.endpoint.versions.length - other.endpoint.versions.length,
  replicas: (one, other) => mostReplicas(one) - mostReplicas(other),
  state: (one, other) => urgencyOf(one) - urgencyOf(other),
};
