import { describe, expect, it } from "vitest";
import type { DeploySpec } from "../../ipc/generated/DeploySpec";
import type { Probe } from "../../ipc/generated/Probe";
import { emptyDeploy } from "../../shared/emptyDeploy";
import { deployment, listing, servingOf } from "../../testing/fake/deploy";
import { endpointsAt } from "../../testing/fake/endpoints";
import { finding } from "../../testing/fake/findings";
import { place } from "../../testing/fake/place";
import { SUBSCRIPTION } from "../../testing/fake/session";
import { emptyEnvironment, environmentKinds, likelyScript, ofKind, withServing } from "./code/choices";
import { suggestedName, wayOf, withFramework, withLocal, withWay } from "./model/choices";
import { figuresOf, withAutoscale, withProbe } from "./size/choices";
import { freeVersion, withCompute, withEndpoint, withNew, withTarget, withWorkspace } from "./where/choices";
import { goalOf } from "./wizard/queries";
import { openDeploy, stepOf } from "./wizard/steps";
import { replacesService, targetOf } from "./wizard/target";

const empty = emptyDeploy(SUBSCRIPTION);
const workspaceId = place.workspaces.find(({ name }) => name === "ml-prod")?.id ?? "";

/** A member of a list by its name. */
function one<T>(all: readonly T[], is: (item: T) => boolean): T {
  const found = all.find(is);
  if (found === undefined) {
    throw new Error("it is not there");
  }
  return found;
}

const named = (name: string) => one(endpointsAt().endpoints, (endpoint) => endpoint.name === name);
const compute = (name: string) => one(servingOf(workspaceId).computes ?? [], ({ facts }) => facts.name === name);

describe("where", () => {
  it("suggests a version name that is free, whatever its case", () => {
    expect(freeVersion([])).toBe("blue");
    expect(freeVersion(["Blue"])).toBe("green");
    expect(freeVersion(["blue", "GREEN"])).toBe("version-3");
    expect(freeVersion(["blue", "green", "version-3", "version-4"])).toBe("version-5");
  });

  it("resets what belongs to the former workspace, and keeps what comes from this computer", () => {
    const local: DeploySpec = { ...deployment, models: [{ kind: "local", path: "/m.pkl", name: "m", format: "custom", framework: null }], instanceType: "gpu-t4" };
    const moved = withWorkspace(local, place.workspaces.find(({ name }) => name === "ml-research")?.id ?? "");
    expect(moved).toMatchObject({ compute: "", instanceType: "", models: local.models, workspace: { name: "ml-research", resourceGroup: "rg-ml-research" } });
    expect(withWorkspace(deployment, place.workspaces.find(({ name }) => name === "ml-research")?.id ?? "").models).toEqual([]);
    expect(withWorkspace(deployment, workspaceId)).toBe(deployment);
  });

  it("takes route and compute from an endpoint, and names the version anew", () => {
    const endpoint = named("recommender");
    const added = withEndpoint({ ...empty, version: "blue" }, endpoint);
    expect(added).toMatchObject({ route: "extension", compute: "scoring", endpoint: { kind: "existing", name: "recommender" }, version: "version-3" });
    expect(withEndpoint({ ...added, version: "mine" }, endpoint).version).toBe("mine");
    expect(withTarget(added, "new")).toMatchObject({ endpoint: { kind: "new", name: "" }, version: "blue" });
  });

  it("forgets the instance type of another compute", () => {
    expect(withCompute({ ...empty, instanceType: "gpu-t4" }, compute("scoring"))).toMatchObject({ compute: "scoring", instanceType: "" });
  });
});

describe("the classic route", () => {
  const onClassic = withCompute(deployment, compute("prod-01"));

  it("resets what it does not have, and keeps the script", () => {
    const readiness: Probe = { initialDelay: 1, period: 1, timeout: 1, failureThreshold: 1, successThreshold: 1 };
    const moved = withCompute({ ...deployment, readiness, instanceType: "gpu-t4" }, compute("prod-01"));
    expect(moved).toMatchObject({ route: "classic", compute: "prod-01", instanceType: "", readiness: null, serving: deployment.serving });
    expect(withCompute(withWay(deployment, "image"), compute("prod-01")).serving.kind).toBe("script");
  });

  it("resets what only it has on the way back", () => {
    const service = withNew(withTarget(onClassic, "service"), { auth: "none", namespace: "models" });
    const back = withCompute({ ...service, role: { default: true, control: true } }, compute("scoring"));
    expect(back).toMatchObject({ route: "extension", version: "blue", endpoint: { auth: "key", single: false, namespace: "" }, role: { default: false, control: false } });
  });

  it("has services without versions, which keep what was typed", () => {
    const service = withTarget(onClassic, "service");
    expect(service).toMatchObject({ version: "", endpoint: { kind: "new", name: "churn-nordics", single: true } });
    expect([targetOf(service), targetOf(onClassic), goalOf(service) === null]).toEqual(["service", "new", false]);
    expect(withTarget(service, "new")).toMatchObject({ version: "blue", endpoint: { name: "churn-nordics", single: false } });
  });

  it("replaces a service under its own name, and adds a version to an endpoint", () => {
    const replaced = withEndpoint({ ...empty, appInsights: true, traffic: 10 }, named("credit-score"));
    expect(replaced).toMatchObject({ route: "classic", version: "credit-score", traffic: null, appInsights: false });
    expect(replacesService(replaced)).toBe(true);
    const added = withEndpoint(replaced, named("pricing"));
    expect(added).toMatchObject({ route: "classic", version: "blue", endpoint: { kind: "existing", name: "pricing" } });
    expect(replacesService(added)).toBe(false);
  });

  it("serves a model of a known framework without code, or an image that Azure ML built", () => {
    const local = withFramework(withLocal(withWay(onClassic, "local"), { path: "/m/churn.pkl" }), "onnx");
    const noCode = withServing(local, "no_code");
    expect(noCode).toMatchObject({ models: [{ framework: "onnx" }], serving: { kind: "no_code" } });
    expect(withFramework(noCode, null).serving.kind).toBe("script");
    expect(withWay(onClassic, "image").serving).toEqual({ kind: "container", environment: { kind: "image", image: "", routes: null } });
    expect(withServing(withWay(onClassic, "image"), "script").serving).toMatchObject({ environment: null });
    expect([environmentKinds("classic", "script"), environmentKinds("classic", "container")]).toEqual([["curated", "registered"], ["image"]]);
  });
});

describe("model", () => {
  it("is named after its path until somebody names it", () => {
    expect(suggestedName("/home/me/my model (2).pkl")).toBe("my-model-2");
    expect(suggestedName("C:\\models\\.churn\\")).toBe("churn");
    expect(suggestedName("")).toBe("");
    const first = withLocal(withWay(empty, "local"), { path: "/m/churn.pkl" });
    expect(first.models[0]).toMatchObject({ name: "churn" });
    expect(withLocal(first, { path: "/m/ocr.pkl" }).models[0]).toMatchObject({ name: "ocr" });
    const named = withLocal(first, { name: "mine" });
    expect(withLocal(named, { path: "/m/ocr.pkl" }).models[0]).toMatchObject({ name: "mine" });
  });

  it("is served without code if its format allows that, and by a script again if not", () => {
    const mlflow = withLocal(withWay(deployment, "local"), { format: "mlflow" });
    expect(mlflow.serving).toEqual({ kind: "no_code" });
    expect(withLocal(mlflow, { format: "custom" }).serving.kind).toBe("script");
  });

  it("may be in the image", () => {
    const inImage = withWay(deployment, "image");
    expect(inImage).toMatchObject({ models: [], serving: { kind: "container" } });
    expect(wayOf(inImage)).toBe("image");
  });
});

describe("environment and code", () => {
  it("finds the script that the folder starts with", () => {
    expect(likelyScript(listing)).toBe("score.py");
    expect(likelyScript({ ...listing, scripts: ["a.py", "src/score.py"] })).toBe("src/score.py");
    expect(likelyScript({ ...listing, scripts: ["only.py"] })).toBe("only.py");
    expect(likelyScript({ ...listing, scripts: ["a.py", "b.py"] })).toBe("");
  });

  it("gives only an image with its own server routes", () => {
    const image = { ...deployment, serving: { kind: "script", environment: emptyEnvironment("image", "script"), folder: "", script: "" } } satisfies DeploySpec;
    expect(image.serving.environment).toMatchObject({ routes: null });
    const container = withServing(image, "container");
    expect(container.serving).toMatchObject({ environment: { routes: { scoring: { path: "/score" } } } });
    expect(withServing(container, "script").serving).toMatchObject({ environment: { routes: null } });
  });

  it("separates curated environments, and keeps unread ones unread", () => {
    const { environments } = servingOf(workspaceId);
    expect(ofKind(environments, "curated")?.every(({ curated }) => curated)).toBe(true);
    expect(ofKind(null, "curated")).toBeNull();
    expect(ofKind(undefined, "registered")).toBeUndefined();
  });
});

describe("size", () => {
  const standard: Probe = { initialDelay: 10, period: 10, timeout: 2, failureThreshold: 30, successThreshold: 1 };

  it("keeps a probe only while it differs from the default", () => {
    const slow = withProbe(empty, "liveness", standard, { initialDelay: 60 });
    expect(slow.liveness).toEqual({ ...standard, initialDelay: 60 });
    expect(withProbe(slow, "liveness", standard, { initialDelay: 10 }).liveness).toBeNull();
  });

  it("starts to scale from the present number of replicas", () => {
    const auto = withAutoscale({ ...empty, scale: { kind: "fixed", replicas: 3 } }, true);
    expect(auto.scale).toMatchObject({ min: 3, max: 6 });
    expect(withAutoscale(auto, false).scale).toEqual({ kind: "fixed", replicas: 3 });
  });

  it("shows amounts in whole units", () => {
    expect(figuresOf({ cpu: 1_500, memory: 2 * 1_024 ** 3, pods: 0, others: { "nvidia.com/gpu": 2 } })).toEqual({ cpu: 1.5, memoryGib: 2, gpu: 2 });
  });
});

const at = (field: string | null) => stepOf(finding("DEP-01", { field, step: "review" }));

describe("steps", () => {
  it("are found by the field of a finding", () => {
    expect([at("workspace"), at("endpoint.name"), at("models"), at("serving.folder"), at("liveness"), at(null), at("unheard.of")]).toEqual(["where", "where", "model", "code", "size", "review", "review"]);
  });

  it("before the draft's count as visited, and consents are given anew", () => {
    const state = openDeploy({ ...deployment, waived: ["DEP-10"] }, "code");
    expect(state.visited).toEqual(["where", "model", "code"]);
    expect(state.spec.waived).toEqual([]);
    expect(openDeploy(deployment, "nonsense").step).toBe("where");
  });
});
