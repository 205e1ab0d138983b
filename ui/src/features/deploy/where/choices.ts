import type { DeploySpec } from "../../../ipc/generated/DeploySpec";
import type { Endpoint } from "../../../ipc/generated/Endpoint";
import type { EndpointChoice } from "../../../ipc/generated/EndpointChoice";
import type { ServingCompute } from "../../../ipc/generated/ServingCompute";
import type { WorkspaceRef } from "../../../ipc/generated/WorkspaceRef";
import { emptyDeploy } from "../../../shared/emptyDeploy";
import { groupOf, nameOf, routeOf, sameResource, subscriptionIn } from "../../../shared/resources";

/** Names of the first versions; Azure ML's documentation uses the same two. */
const FIRST_NAMES = ["blue", "green"] as const;

/** A name for another version. Names are compared without regard to case, like Azure does. */
export function freeVersion(taken: readonly string[]): string {
  const used = new Set(taken.map((name) => name.toLowerCase()));
  const numbered = Array.from({ length: used.size + 1 }, (_, at) => `v${at + FIRST_NAMES.length + 1}`);
  return [...FIRST_NAMES, ...numbered].find((name) => !used.has(name)) ?? "";
}

/** The reference to a workspace by its resource id. */
export function workspaceRef(id: string): WorkspaceRef {
  return { subscriptionId: subscriptionIn(id), resourceGroup: groupOf(id), name: nameOf(id) };
}

/** Changes the subscription and resets what belongs to the workspace. */
export function withSubscription(spec: DeploySpec, subscriptionId: string): DeploySpec {
  return spec.workspace.subscriptionId === subscriptionId ? spec : withPlace(spec, { subscriptionId, resourceGroup: "", name: "" });
}

/** Changes the workspace and resets what belongs to it. */
export function withWorkspace(spec: DeploySpec, id: string): DeploySpec {
  const chosen = workspaceRef(id);
  return JSON.stringify(chosen) === JSON.stringify(spec.workspace) ? spec : withPlace(spec, chosen);
}

/** In another workspace, its computes, endpoints, models and environments have to be chosen again. */
function withPlace(spec: DeploySpec, workspace: WorkspaceRef): DeploySpec {
  const { serving } = spec;
  const keepsEnvironment = serving.kind === "no_code" || serving.environment?.kind === "image" || serving.environment?.kind === "curated";
  return {
    ...spec,
    workspace,
    compute: "",
    instanceType: "",
    endpoint: spec.endpoint.kind === "new" ? spec.endpoint : newEndpoint(),
    models: spec.models.filter(({ kind }) => kind === "local"),
    serving: keepsEnvironment ? serving : { ...serving, environment: null },
  };
}

/** Changes the compute. Its instance types differ from those of the one before. */
export function withCompute(spec: DeploySpec, compute: ServingCompute): DeploySpec {
  const { name } = compute.facts;
  return spec.compute === name ? spec : { ...spec, compute: name, route: routeOf(compute.facts), instanceType: "" };
}

/** A new endpoint without a name. */
export function newEndpoint(): EndpointChoice {
  return emptyDeploy("").endpoint;
}

/** Changes part of a new endpoint. */
export function withNew(spec: DeploySpec, part: Partial<Extract<EndpointChoice, { kind: "new" }>>): DeploySpec {
  return spec.endpoint.kind === "new" ? { ...spec, endpoint: { ...spec.endpoint, ...part } } : spec;
}

/** Another version of an endpoint, with a name that it does not have yet. */
export function withEndpoint(spec: DeploySpec, endpoint: Endpoint): DeploySpec {
  const workspace = workspaceRef(endpoint.workspaceId);
  const placed = JSON.stringify(workspace) === JSON.stringify(spec.workspace) ? spec : withPlace(spec, workspace);
  const taken = endpoint.versions.map(({ name }) => name);
  const isTaken = taken.some((name) => name.toLowerCase() === placed.version.toLowerCase());
  return {
    ...placed,
    route: endpoint.route,
    compute: endpoint.computeName ?? placed.compute,
    endpoint: { kind: "existing", name: endpoint.name },
    version: placed.version === "" || isTaken ? freeVersion(taken) : placed.version,
  };
}

/** Switches between a new and an existing endpoint. */
export function withKind(spec: DeploySpec, kind: EndpointChoice["kind"]): DeploySpec {
  if (spec.endpoint.kind === kind) {
    return spec;
  }
  return { ...spec, endpoint: kind === "new" ? newEndpoint() : { kind, name: "" }, version: kind === "new" ? freeVersion([]) : "", traffic: null };
}

/** The endpoints of a workspace that can get another version on this route. */
export function endpointsOf(endpoints: readonly Endpoint[], workspaceId: string): Endpoint[] {
  return endpoints.filter((endpoint) => sameResource(workspaceId, endpoint.workspaceId));
}
