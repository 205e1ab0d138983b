import type { AssetName } from "../../../ipc/generated/AssetName";
import type { CodeListing } from "../../../ipc/generated/CodeListing";
import type { DeploySpec } from "../../../ipc/generated/DeploySpec";
import type { EnvironmentSource } from "../../../ipc/generated/EnvironmentSource";
import type { Route } from "../../../ipc/generated/Route";
import type { Routes } from "../../../ipc/generated/Routes";
import type { Serving } from "../../../ipc/generated/Serving";

export type EnvironmentKind = EnvironmentSource["kind"];

/** Names of scoring scripts in Azure ML's examples, the usual ones first. */
const USUAL_SCRIPTS = ["score.py", "main.py"] as const;

/** Where servers in images usually answer. */
const USUAL_ROUTES: Routes = {
  liveness: { path: "/", port: 5001 },
  readiness: { path: "/", port: 5001 },
  scoring: { path: "/score", port: 5001 },
};

/** The environment of a way of serving; none without code. */
function environmentOf(serving: Serving): EnvironmentSource | null {
  return serving.kind === "no_code" ? null : serving.environment;
}

/** Changes how the model is served. The environment stays. */
export function withServing(spec: DeploySpec, kind: Serving["kind"]): DeploySpec {
  const { serving } = spec;
  if (serving.kind === kind) {
    return spec;
  }
  const environment = environmentOf(serving);
  switch (kind) {
    case "script":
      return { ...spec, serving: { kind, environment: forScript(spec.route, environment), folder: "", script: "" } };
    case "container":
      return { ...spec, serving: { kind, environment: inContainer(spec.route, environment) } };
    case "no_code":
      return { ...spec, serving: { kind } };
  }
}

/** A scoring script runs in Azure ML's own server, which needs no routes. On the classic route, an image has its script inside. */
function forScript(route: Route, environment: EnvironmentSource | null): EnvironmentSource | null {
  if (environment?.kind !== "image") {
    return environment;
  }
  return route === "classic" ? null : { ...environment, routes: null };
}

/** On the classic route, only an image that Azure ML built can be served as it is; it answers where Azure ML expects. */
function inContainer(route: Route, environment: EnvironmentSource | null): EnvironmentSource | null {
  const image = environment?.kind === "image" ? environment.image : "";
  if (route === "classic") {
    return { kind: "image", image, routes: null };
  }
  return environment?.kind === "image" ? { ...environment, routes: USUAL_ROUTES } : environment;
}

/** The kinds of environment that a way of serving can have. */
export function environmentKinds(route: Route, serving: Serving["kind"]): readonly EnvironmentKind[] {
  if (route === "extension") {
    return ["curated", "registered", "image"];
  }
  return serving === "container" ? ["image"] : ["curated", "registered"];
}

/** Changes the environment. */
export function withEnvironment(spec: DeploySpec, environment: EnvironmentSource): DeploySpec {
  return spec.serving.kind === "no_code" ? spec : { ...spec, serving: { ...spec.serving, environment } };
}

/** An environment of a kind, with nothing chosen yet. */
export function emptyEnvironment(kind: EnvironmentKind, serving: Serving["kind"]): EnvironmentSource {
  return kind === "image" ? { kind, image: "", routes: serving === "container" ? USUAL_ROUTES : null } : { kind, name: "", version: "" };
}

/** Changes the folder or the script. */
export function withCode(spec: DeploySpec, part: { folder?: string; script?: string }): DeploySpec {
  return spec.serving.kind === "script" ? { ...spec, serving: { ...spec.serving, ...part } } : spec;
}

/** The script that a folder most likely starts with; none if that is not clear. */
export function likelyScript({ scripts }: CodeListing): string {
  const usual = USUAL_SCRIPTS.find((name) => scripts.includes(name));
  const deeper = scripts.find((path) => path.split("/").at(-1) === USUAL_SCRIPTS[0]);
  return usual ?? deeper ?? (scripts.length === 1 ? (scripts[0] ?? "") : "");
}

/** The environments of a kind; `null` if they could not be read, none while they are being read. */
export function ofKind(environments: readonly AssetName[] | null | undefined, kind: EnvironmentKind): readonly AssetName[] | null | undefined {
  return environments?.filter(({ curated }) => curated === (kind === "curated")) ?? environments;
}
