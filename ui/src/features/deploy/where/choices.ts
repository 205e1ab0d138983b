import type { DeploySpec } from "../../../ipc/generated/DeploySpec";
import type { Endpoint } from "../../../ipc/generated/Endpoint";
import type { EndpointChoice } from "../../../ipc/generated/EndpointChoice";
import type { RoleChoice } from "../../../ipc/generated/RoleChoice";
import type { Route } from "../../../ipc/generated/Route";
import type { Serving } from "../../../ipc/generated/Serving";
import type { ServingCompute } from "../../../ipc/generated/ServingCompute";
import type { WorkspaceRef } from "../../../ipc/generated/WorkspaceRef";
import { emptyDeploy } from "../../../shared/emptyDeploy";
import { hasOwnVersions } from "../../../shared/endpoint/traffic";
import { groupOf, nameOf, routeOf, sameResource, subscriptionIn } from "../../../shared/resources";
import { type Target, replacesService, targetOf } from "../wizard/target";

/** Names of the first versions; Azure ML's documentation uses the same two. */
const FIRST_NAMES = ["blue", "green"] as const;

type NewEndpoint = Extract<EndpointChoice, { kind: "new" }>;

/** A version that is neither the default nor the control version. */
const NO_ROLE: RoleChoice = { default: false, control: false };

/** A name for another version, long enough for both routes. Names are compared without regard to case, like Azure does. */
export function freeVersion(taken: readonly string[]): string {
  const used = new Set(taken.map((name) => name.toLowerCase()));
  const numbered = Array.from({ length: used.size + 1 }, (_, at) => `version-${at + FIRST_NAMES.length + 1}`);
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
  return spec.compute === name ? spec : { ...withRoute(spec, routeOf(compute.facts)), compute: name, instanceType: "" };
}

/** Changes the route and resets what the other one does not have, or means differently. */
export function withRoute(spec: DeploySpec, route: Route): DeploySpec {
  if (spec.route === route) {
    return spec;
  }
  const moved: DeploySpec = {
    ...spec,
    route,
    instanceType: "",
    liveness: null,
    readiness: null,
    models: spec.models.map((model) => (model.kind === "local" ? { ...model, format: "custom", framework: null } : model)),
    serving: scriptOf(spec.serving),
  };
  return route === "classic" ? moved : toExtension(moved);
}

/** The script with an environment that both routes have. Images and serving without code differ between them. */
function scriptOf(serving: Serving): Serving {
  if (serving.kind !== "script") {
    return emptyDeploy("").serving;
  }
  return serving.environment?.kind === "image" ? { ...serving, environment: null } : serving;
}

/** Online endpoints have keys or tokens, and each of their versions a name. */
function toExtension(spec: DeploySpec): DeploySpec {
  const { endpoint, version } = spec;
  const auth = endpoint.kind === "new" && endpoint.auth !== "none" ? endpoint.auth : "key";
  return {
    ...spec,
    endpoint: endpoint.kind === "new" ? { ...endpoint, auth, namespace: "", single: false } : endpoint,
    version: version === "" ? freeVersion([]) : version,
    role: NO_ROLE,
  };
}

/** A new endpoint without a name. */
export function newEndpoint(): NewEndpoint {
  return { kind: "new", name: "", description: "", auth: "key", tags: {}, namespace: "", single: false };
}

/** Changes part of a new endpoint. */
export function withNew(spec: DeploySpec, part: Partial<NewEndpoint>): DeploySpec {
  return spec.endpoint.kind === "new" ? { ...spec, endpoint: { ...spec.endpoint, ...part } } : spec;
}

/** Another version of an endpoint, with a name that it does not have yet. */
export function withEndpoint(spec: DeploySpec, endpoint: Endpoint): DeploySpec {
  const workspace = workspaceRef(endpoint.workspaceId);
  const placed = JSON.stringify(workspace) === JSON.stringify(spec.workspace) ? spec : withPlace(spec, workspace);
  const taken = endpoint.versions.map(({ name }) => name);
  const typed = replacesService(placed) ? "" : placed.version;
  const isTaken = taken.some((name) => name.toLowerCase() === typed.toLowerCase());
  const isService = !hasOwnVersions(endpoint);
  return {
    ...withRoute(placed, endpoint.route),
    compute: endpoint.computeName ?? placed.compute,
    endpoint: { kind: "existing", name: endpoint.name },
    version: isService ? endpoint.name : typed === "" || isTaken ? freeVersion(taken) : typed,
    // A service has all of its traffic, and an endpoint its own setting of Application Insights.
    ...(isService ? { traffic: null, role: NO_ROLE } : {}),
    ...(endpoint.route === "classic" ? { appInsights: false } : {}),
  };
}

/** Changes what is deployed. A new service keeps what was typed for a new endpoint. */
export function withTarget(spec: DeploySpec, target: Target): DeploySpec {
  if (targetOf(spec) === target) {
    return spec;
  }
  const placed: DeploySpec = { ...spec, traffic: null, role: NO_ROLE };
  if (target === "existing") {
    return { ...placed, endpoint: { kind: target, name: "" }, version: "" };
  }
  const single = target === "service";
  const before = spec.endpoint.kind === "new" ? spec.endpoint : newEndpoint();
  return { ...placed, endpoint: { ...before, single }, version: single ? "" : freeVersion([]) };
}

/** The endpoints of a workspace. */
export function endpointsOf(endpoints: readonly Endpoint[], workspaceId: string): Endpoint[] {
  return endpoints.filter((endpoint) => sameResource(workspaceId, endpoint.workspaceId));
}
