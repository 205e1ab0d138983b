import type { DeploySpec } from "../../../ipc/generated/DeploySpec";
import type { Framework } from "../../../ipc/generated/Framework";
import type { ModelFormat } from "../../../ipc/generated/ModelFormat";
import type { ModelSource } from "../../../ipc/generated/ModelSource";
import type { Serving } from "../../../ipc/generated/Serving";
import { emptyDeploy } from "../../../shared/emptyDeploy";
import { withServing } from "../code/choices";

/** Where the model comes from; `image` if the image brings it along. */
export type ModelWay = ModelSource["kind"] | "image";
export type Local = Extract<ModelSource, { kind: "local" }>;

const EMPTY_LOCAL: Local = { kind: "local", path: "", name: "", format: "custom", framework: null };

/** Where the model of a specification comes from. */
export function wayOf({ models, serving }: DeploySpec): ModelWay {
  return models[0]?.kind ?? (serving.kind === "container" ? "image" : "registered");
}

/** Changes where the model comes from. */
export function withWay(spec: DeploySpec, way: ModelWay): DeploySpec {
  if (way === wayOf(spec)) {
    return spec;
  }
  switch (way) {
    case "image":
      return withServing({ ...spec, models: [] }, "container");
    case "registered":
      return { ...spec, models: [{ kind: "registered", name: "", version: "" }] };
    case "local":
      return { ...spec, models: [EMPTY_LOCAL] };
  }
}

/** Chooses a registered model. */
export function withRegistered(spec: DeploySpec, name: string, version: string): DeploySpec {
  return { ...spec, models: [{ kind: "registered", name, version }] };
}

/** Changes the local model. The name follows the path until somebody changes it. */
export function withLocal(spec: DeploySpec, part: Partial<Omit<Local, "kind">>): DeploySpec {
  const before = localOf(spec);
  const follows = part.path !== undefined && (before.name === "" || before.name === suggestedName(before.path));
  const model: Local = { ...before, ...part, ...(follows ? { name: suggestedName(part.path ?? "") } : {}) };
  const changed = { ...spec, models: [model] };
  return part.format === undefined || part.format === before.format ? changed : { ...changed, serving: servingFor(part.format, spec.serving) };
}

/** Says which framework made the local model. Without one, it needs a script. */
export function withFramework(spec: DeploySpec, framework: Framework | null): DeploySpec {
  const changed = withLocal(spec, { framework });
  return framework === null && spec.serving.kind === "no_code" ? { ...changed, serving: emptyDeploy("").serving } : changed;
}

/** The local model of a specification, or an empty one. */
export function localOf({ models }: DeploySpec): Local {
  const [model] = models;
  return model?.kind === "local" ? model : EMPTY_LOCAL;
}

/** A model name from the last part of a path, with what Azure ML allows in names: `my model.pkl` gives `my-model`. */
export function suggestedName(path: string): string {
  const last = path.trim().replace(/[/\\]+$/, "").split(/[/\\]/).at(-1) ?? "";
  return last
    .replace(/(.)\.[^.]+$/, "$1")
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+|-+$/g, "");
}

/** MLflow and Triton models are served without code; a custom model needs a script. */
function servingFor(format: ModelFormat, serving: Serving): Serving {
  if (format !== "custom") {
    return { kind: "no_code" };
  }
  return serving.kind === "no_code" ? emptyDeploy("").serving : serving;
}
