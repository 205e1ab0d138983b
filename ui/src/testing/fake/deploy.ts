import type { Amounts } from "../../ipc/generated/Amounts";
import type { AssetName } from "../../ipc/generated/AssetName";
import type { CodeListing } from "../../ipc/generated/CodeListing";
import type { DefaultValue } from "../../ipc/generated/DefaultValue";
import type { DeployDraft } from "../../ipc/generated/DeployDraft";
import type { DeploySpec } from "../../ipc/generated/DeploySpec";
import type { Finding } from "../../ipc/generated/Finding";
import type { InstanceType } from "../../ipc/generated/InstanceType";
import type { Plan } from "../../ipc/generated/Plan";
import type { PlanStep } from "../../ipc/generated/PlanStep";
import type { Route } from "../../ipc/generated/Route";
import type { ServingCatalogue } from "../../ipc/generated/ServingCatalogue";
import { emptyDeploy } from "../../shared/emptyDeploy";
import { workspaceIdOf } from "../../shared/resources";
import { type Answers, failure } from "./answers";
import { computes } from "./clusters";
import { finding } from "./findings";
import { note, step } from "./plan";
import { place } from "./place";
import { SUBSCRIPTION } from "./session";

const GIB = 1_024 ** 3;

const amounts = (cpu: number, gib: number, gpu = 0): Amounts => ({ cpu: cpu * 1_000, memory: gib * GIB, pods: 0, others: gpu > 0 ? { "nvidia.com/gpu": gpu } : {} });

const type = (name: string, requests: Amounts, limits: Amounts): InstanceType => ({ name, requests, limits, selector: {} });

const types: InstanceType[] = [
  type("defaultinstancetype", amounts(0.1, 2), amounts(2, 2)),
  type("gpu-t4", amounts(2, 12, 1), amounts(4, 24, 1)),
  type("memory-optimised-16-cores-128-gib", amounts(16, 128), amounts(16, 128)),
];

const asset = (name: string, latest: string | null, curated = false): AssetName => ({ name, latest, curated });

/** What a workspace offers. */
export function servingOf(workspaceId: string): ServingCatalogue {
  return {
    location: place.workspaces.find(({ id }) => id === workspaceId)?.location ?? null,
    computes: computes
      .filter(({ id }) => workspaceIdOf(id).toLowerCase() === workspaceId.toLowerCase())
      .map((facts) => ({ facts, instanceTypes: facts.computeType === "Kubernetes" ? types : null })),
    models: [asset("churn", "14"), asset("als", "5"), asset("ocr", null), asset("customer-lifetime-value-gradient-boosted-trees-nordics", "2026112701")],
    environments: [asset("churn-env", "3"), asset("ocr-cuda", "12"), asset("AzureML-sklearn-1.5", "9", true), asset("AzureML-acpt-pytorch-2.2-cuda12.1", "31", true)],
    problems: [],
  };
}

const DEFAULTS: Readonly<Record<string, string>> = {
  "endpoint.auth": "key",
  "scale.replicas": "1",
  "scale.target": "70",
  "scale.seconds": "1",
  "requests.concurrency": "1",
  "requests.maxQueueWaitMs": "500",
  "requests.timeoutMs": "5000",
  appInsights: "false",
  dataCollection: "false",
  ...Object.fromEntries(["liveness", "readiness"].flatMap((probe) => [["initialDelay", "10"], ["period", "10"], ["timeout", "2"], ["failureThreshold", "30"], ["successThreshold", "1"]].map(([field, value]) => [`${probe}.${field}`, value]))),
  instanceType: "defaultinstancetype",
};

const CLASSIC_DEFAULTS: Readonly<Record<string, string>> = { ...DEFAULTS, "requests.timeoutMs": "60000", "liveness.initialDelay": "310", "resources.cpu": "0.1", "resources.memory": "0.5Gi" };

const defaultsOf = (route: Route): DefaultValue[] =>
  Object.entries(route === "classic" ? CLASSIC_DEFAULTS : DEFAULTS).map(([field, value]) => ({ field, value, source: "learn.microsoft.com/azure/machine-learning/reference-yaml-deployment-kubernetes-online" }));

/** The files of a folder with a scoring script. */
export const listing: CodeListing = {
  files: [
    { path: "lib/features.py", size: 12_400 },
    { path: "requirements.txt", size: 212 },
    { path: "score.py", size: 2_318 },
  ],
  more: 0,
  bytes: 14_930,
  ignored: 41,
  ignoredBy: ".amlignore",
  scripts: ["score.py", "lib/features.py"],
};

const rule = (id: string, part: Partial<Finding>): Finding => finding(id, { step: "review", source: "learn.microsoft.com/azure/machine-learning/reference-yaml-deployment-kubernetes-online", ...part });

/** A few rules, enough to show how the page treats findings. The real ones are in Rust. */
export function checkDeploy({ workspace, compute, endpoint, version, models, serving, scale }: DeploySpec): Finding[] {
  const [model] = models;
  const missing = (code: string, field: string): Finding => rule("DEP-01", { code: `DEP-01.${code}`, field });
  const wanted: (Finding | false)[] = [
    workspace.name === "" && missing("workspace", "workspace"),
    compute === "" && missing("compute", "compute"),
    endpoint.name === "" && missing("endpoint", "endpoint.name"),
    version === "" && !(endpoint.kind === "new" && endpoint.single) && missing("version", "version"),
    endpoint.kind === "new" && endpoint.auth === "none" && rule("SVC-07", { field: "endpoint.auth", severity: "warning" }),
    serving.kind !== "container" && (model === undefined || model.name === "") && missing("model", "models"),
    model?.kind === "local" && model.path === "" && missing("model_path", "models"),
    serving.kind === "script" && serving.folder === "" && missing("folder", "serving.folder"),
    serving.kind === "script" && serving.script === "" && missing("script", "serving.script"),
    serving.kind !== "no_code" && serving.environment === null && missing("environment", "serving.environment"),
    scale.kind === "fixed" && scale.replicas === 1 && rule("DEP-10", { field: "scale", severity: "warning" }),
  ];
  return wanted.filter((entry) => entry !== false);
}

const put = (id: string, properties: unknown): Partial<PlanStep> => ({ request: { method: "PUT", path: `${id}?api-version=2025-12-01`, body: { properties } } });

/** The step that deploys a service, or a version of one, on the classic route. */
function serviceStep(spec: DeploySpec, services: string): PlanStep {
  const { endpoint, version, serving } = spec;
  const code = serving.kind === "script" ? { folder: serving.folder, script: serving.script, hash: "a2bc" } : null;
  const path = `/modelmanagement/v1.0${services}${endpoint.kind === "new" ? "" : `/${endpoint.name}`}`;
  return step("deploy_service", { kind: "deploy_service", resourceId: `${services}/${endpoint.name}`, version: version === "" ? null : version, code, replaces: version === endpoint.name }, [2, 10], {
    request: { method: endpoint.kind === "new" ? "POST" : "PATCH", path, body: { name: endpoint.name, computeName: spec.compute } },
    undo: note("undo.endpoint"),
  });
}

/** A typical plan; Rust creates the real ones. */
export function planOfDeploy(spec: DeploySpec): Plan {
  const { workspace, endpoint, version, serving, sample, traffic } = spec;
  const [model] = spec.models;
  const workspaceId = `/subscriptions/${workspace.subscriptionId}/resourceGroups/${workspace.resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${workspace.name}`;
  const classic = spec.route === "classic";
  const endpointId = `${workspaceId}/${classic ? "services" : "onlineEndpoints"}/${endpoint.name}`;
  const versionId = `${endpointId}/deployments/${version}`;
  const uploaded = (id: string): Partial<PlanStep> => ({ ...put(id, { properties: { hash_version: "202208" } }), undo: note("undo.asset") });
  const modelId = `${workspaceId}/models/${model?.name ?? ""}/versions/1`;
  const codeId = `${workspaceId}/codes/0a4b7f/versions/1`;
  const gets = traffic ?? (endpoint.kind === "new" ? 100 : 0);
  const steps: (PlanStep | false)[] = [
    model?.kind === "local" && step("upload_model", { kind: "upload_model", resourceId: modelId, model: `${model.name}:1`, path: model.path, hash: "2bcd" }, [1, 5], uploaded(modelId)),
    classic && serviceStep(spec, `${workspaceId}/services`),
    !classic && serving.kind === "script" && step("upload_code", { kind: "upload_code", resourceId: codeId, folder: serving.folder, hash: "a2bc" }, [0, 1], uploaded(codeId)),
    !classic && endpoint.kind === "new" && step("create_endpoint", { kind: "create_endpoint", resourceId: endpointId }, [0, 1], { ...put(endpointId, { authMode: "Key", compute: `${workspaceId}/computes/${spec.compute}` }), undo: note("undo.endpoint") }),
    !classic && step("create_version", { kind: "create_version", resourceId: versionId }, [2, 10], { ...put(versionId, { endpointComputeType: "Kubernetes", model: modelId, codeConfiguration: { codeId, scoringScript: "score.py" } }), undo: note("undo.version") }),
    sample !== "" && step("prove_version", { kind: "prove_version", endpointId, version, sample }, [0, 1]),
    gets > 0 && !(classic && endpoint.kind === "new") && step("traffic", { kind: "change_resource", resourceId: endpointId, what: "traffic", edits: [] }, [0, 1], put(endpointId, { traffic: { [version]: gets } })),
  ];
  return { id: "plan-1", goal: { kind: "deploy", spec }, title: endpoint.name, steps: steps.filter((entry) => entry !== false), pair: null, former: null, bound: { certificate: null, targets: [], affected: [] }, back: [] };
}

/** A specification of a version with every choice made. */
export const deployment: DeploySpec = {
  ...emptyDeploy(SUBSCRIPTION),
  workspace: { subscriptionId: SUBSCRIPTION, resourceGroup: "rg-ml-prod", name: "ml-prod" },
  compute: "scoring",
  endpoint: { kind: "new", name: "churn-nordics", description: "", auth: "key", tags: {}, namespace: "", single: false },
  version: "blue",
  models: [{ kind: "registered", name: "churn", version: "14" }],
  serving: { kind: "script", environment: { kind: "curated", name: "AzureML-sklearn-1.5", version: "9" }, folder: "/home/me/churn", script: "score.py" },
};

/** A draft that stands at a step. */
export const deployDraft = (at: string): DeployDraft => ({ spec: deployment, account: "sandbox", step: at, savedAt: new Date(Date.now() - 25 * 60_000).toISOString() });

/** Answers about versions to deploy. */
export function deployAnswers(): Pick<Answers, "list_serving" | "check_deploy" | "deploy_defaults" | "choose_path" | "list_code" | "read_deploy_draft" | "write_deploy_draft" | "drop_deploy_draft"> {
  let kept: DeployDraft | null = null;
  return {
    list_serving: ({ resourceId }) => servingOf(resourceId),
    check_deploy: ({ spec }) => ({ findings: checkDeploy(spec) }),
    deploy_defaults: ({ route }) => defaultsOf(route),
    choose_path: ({ folder }) => (folder ? "/home/me/churn" : "/home/me/models/churn.pkl"),
    list_code: ({ folder }) => {
      if (!folder.startsWith("/home/me")) {
        throw failure("file_problem", { detail: `${folder}: No such file or directory`, remedy: "correct_input" });
      }
      return listing;
    },
    read_deploy_draft: () => kept,
    write_deploy_draft: (next) => {
      kept = { ...next, savedAt: "2026-11-21T09:00:00Z" };
      return {};
    },
    drop_deploy_draft: () => {
      kept = null;
      return {};
    },
  };
}
