import type { Endpoint } from "../../ipc/generated/Endpoint";
import type { EndpointDetails } from "../../ipc/generated/EndpointDetails";
import type { EndpointList } from "../../ipc/generated/EndpointList";
import type { EndpointPods } from "../../ipc/generated/EndpointPods";
import type { EndpointVersion } from "../../ipc/generated/EndpointVersion";
import type { FrontEndLogs } from "../../ipc/generated/FrontEndLogs";
import type { LogQuestion } from "../../ipc/generated/LogQuestion";
import type { Route } from "../../ipc/generated/Route";
import type { ServiceExport } from "../../ipc/generated/ServiceExport";
import type { ServiceToExport } from "../../ipc/generated/ServiceToExport";
import type { UnreadUsers } from "../../ipc/generated/UnreadUsers";
import type { VersionLog } from "../../ipc/generated/VersionLog";
import { emptyDeploy } from "../../shared/emptyDeploy";
import { nameOf, subscriptionIn } from "../../shared/resources";
import { type CallAnswers, callAnswers } from "./calls";
import { type Answers, refuse } from "./answers";
import { inDays } from "./certificate";
import { computes } from "./clusters";
import { cause } from "./diagnosis";
import { finding } from "./findings";
import { place } from "./place";
import { SUBSCRIPTION } from "./session";

const same = (one: string, other: string | null): boolean => one.toLowerCase() === other?.toLowerCase();

/** The id of an endpoint by its workspace, route and name. */
export function endpointId(name: string, route: Route = "extension", workspace = "ml-prod"): string {
  const found = place.workspaces.find((one) => one.name === workspace) ?? refuse(workspace)();
  return `${found.id}/${route === "classic" ? "services" : "onlineEndpoints"}/${name}`;
}

const version = (name: string, traffic: number | null, part: Partial<EndpointVersion> = {}): EndpointVersion => ({
  name,
  traffic,
  state: "Succeeded",
  model: "fraud:7",
  environment: "AzureML-sklearn-1.5:12",
  instanceType: "defaultinstancetype",
  scale: { kind: "fixed", replicas: 3 },
  url: null,
  role: null,
  errors: [],
  ...part,
});

/** A version on the classic route. */
const classic = (name: string, traffic: number | null, part: Partial<EndpointVersion> = {}): EndpointVersion =>
  version(name, traffic, { state: "Healthy", instanceType: null, scale: { kind: "auto", min: 1, max: 4, target: 70 }, ...part });

/** An endpoint on a compute of the fake clusters; its route and workspace are those of the compute. */
function endpoint(name: string, computeName: string, part: Partial<Endpoint> = {}): Endpoint {
  const compute = computes.find((one) => one.name === computeName) ?? refuse(computeName)();
  const route = compute.computeType === "AKS" ? "classic" : "extension";
  const id = endpointId(name, route, compute.workspace);
  return {
    id,
    name,
    route,
    workspaceId: id.slice(0, id.lastIndexOf("/", id.lastIndexOf("/") - 1)),
    computeId: compute.id,
    computeName,
    clusterId: compute.clusterId,
    url: route === "classic" ? `https://scoring.contoso.com/api/v1/service/${name}/score` : `https://ml.contoso.com/api/v1/endpoint/${name}/score`,
    auth: "key",
    state: route === "classic" ? "Healthy" : "Succeeded",
    versions: [],
    versionsUnread: null,
    unassigned: null,
    errors: [],
    createdAt: inDays(-120),
    changedAt: inDays(-3),
    ...part,
  };
}

const LONG = "customer-lifetime-value-prediction-for-the-nordic-retail-market-2026";

/** Endpoints of both routes, some of them odd. */
export const endpoints: Endpoint[] = [
  endpoint("fraud-v2", "scoring", {
    versions: [version("blue", 90, { scale: { kind: "auto", min: 2, max: 6, target: 70 } }), version("green", 10, { model: "fraud:8", scale: { kind: "fixed", replicas: 1 } })],
  }),
  endpoint("churn", "scoring", { url: null, state: "Updating", auth: "token", versions: [version("blue", 100, { state: "Creating", model: "churn:3", scale: null })], createdAt: inDays(-0.01), changedAt: null }),
  endpoint("ocr-invoices", "scoring", {
    state: "Failed",
    errors: [
      { code: "BadRequest", message: "The request is invalid." },
      { code: "InferencingClientCreateDeploymentFailed", message: "InferencingClient HttpRequest error, error detail: replica failed to start." },
    ],
    versions: [
      version("blue", 100, { model: "ocr:11" }),
      version("green", 0, {
        model: "ocr:12",
        state: "Failed",
        errors: [
          { code: "ResourceNotReady", message: "User container has crashed or terminated. Please see troubleshooting guide, available here: https://aka.ms/oe-tsg#error-resourcenotready" },
          { code: "ImagePullLoopBackOff", message: "Back-off pulling image \"mlprodacr.azurecr.io/ocr:12\": manifest unknown" },
        ],
      }),
    ],
  }),
  endpoint("recommender", "scoring", { versions: [version("blue", 0, { model: "als:4" }), version("green", 0, { model: "als:5" })] }),
  endpoint("segmentation", "prod-02"),
  endpoint("forecast", "prod-02", {
    versionsUnread: "AuthorizationFailed: The client 'ml-ops@contoso.com' does not have authorization to perform action 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments/read' over scope '/subscriptions/…/onlineEndpoints/forecast'.",
  }),
  endpoint(LONG, "prod-02", {
    auth: "key_and_token",
    versions: [
      version("gradient-boosted-trees-with-target-encoding-2026-11", 70, { model: "customer-lifetime-value-gradient-boosted-trees-nordics:2026112701", environment: "customer-lifetime-value-lightgbm-onnx-ubuntu2204-py311-cpu:48", instanceType: "memory-optimised-16-cores-128-gib" }),
      version("baseline", 30),
    ],
  }),
  endpoint("credit-score", "prod-01", { versions: [classic("credit-score", 100, { model: "credit:21", environment: "credit-env:5" })] }),
  endpoint("pricing", "prod-01", {
    unassigned: "v1",
    versions: [
      classic("v1", 40, { role: "control", model: "pricing:1" }),
      ...([20, 10, 10, 5, 5] as const).map((traffic, at) =>
        classic(`v${at + 2}`, traffic, { role: "treatment", model: `pricing:${at + 2}`, url: `https://scoring.contoso.com/api/v1/service/pricing/v${at + 2}/score` }),
      ),
    ],
  }),
  endpoint("risk-eval", "risk-dev", {
    auth: "none",
    url: "http://10.20.4.200/api/v1/service/risk-eval/score",
    state: "Unschedulable",
    versions: [classic("risk-eval", 100, { state: "Unschedulable", model: "risk:2", errors: [{ code: "Unschedulable", message: "0/3 nodes are available: 3 Insufficient memory." }] })],
  }),
  endpoint("sentiment", "gone-aks", {
    auth: "unknown",
    computeId: null,
    computeName: null,
    clusterId: null,
    url: null,
    state: "Hibernating",
    versions: [classic("sentiment", null, { state: "", model: null, environment: null, scale: null })],
    createdAt: null,
    changedAt: null,
  }),
].toSorted((one, other) => one.name.localeCompare(other.name, "en"));

const unread: UnreadUsers[] = [
  {
    resourceId: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-trial/providers/Microsoft.MachineLearningServices/workspaces/ml-trial-old`,
    name: "ml-trial-old",
    what: "services",
    why: "onlineEndpoints: AuthorizationFailed: The client 'ml-ops@contoso.com' does not have authorization to perform action 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/read'.",
  },
];

/** The endpoints as read at a time. */
export function endpointsAt(readAt = new Date().toISOString()): EndpointList {
  return { readAt, endpoints, unread };
}

/** An endpoint with what its page shows; none if it does not exist. */
export function endpointDetails(resourceId: string): EndpointDetails | undefined {
  const found = endpoints.find(({ id }) => same(resourceId, id));
  if (found === undefined) {
    return undefined;
  }
  return {
    endpoint: found,
    compute: computes.find(({ id }) => same(id, found.computeId)) ?? null,
    workspaceLocation: place.workspaces.find(({ id }) => same(id, found.workspaceId))?.location ?? null,
    problems: found.computeId === null ? ["compute: Azure does not name it"] : [],
  };
}

/** The log of a version. */
export function logOf({ endpointId, version, container }: LogQuestion): VersionLog {
  const found = endpoints.find(({ id }) => same(endpointId, id));
  const starts = container === "inference_server" ? ["Entry Script Name: score.py", "Initializing logger", "Listening at: http://0.0.0.0:31311", "200 /score"] : ["Start to resolve manifest"];
  return {
    readAt: new Date().toISOString(),
    instance: found?.route === "extension" ? ["SystemSetup: Succeeded", "UserContainerStart: Succeeded"] : [],
    lines: [`${version} starts`, ...starts],
    cut: false,
    ofAllVersions: found?.route === "classic" && found.versions.length > 1,
  };
}

const failed = ({ state }: EndpointVersion): boolean => state === "Failed";

/** The pods of an endpoint's versions. */
export function podsOf(resourceId: string): EndpointPods {
  const versions = endpoints.find(({ id }) => same(resourceId, id))?.versions ?? [];
  return {
    readAt: new Date().toISOString(),
    versions: versions.map((one) => ({
      version: one.name,
      pods: failed(one) ? { ready: 0, all: 1, restarts: 0 } : { ready: 2, all: 2, restarts: 1 },
      lastWarning: failed(one) ? { reason: "Failed", message: "Failed to pull image", last: "2026-01-15T09:30:00Z" } : null,
      causes: failed(one) ? [cause("version_image", { params: { name: one.name }, remedy: "mend_image", evidence: one.errors.map(({ code, message }) => `${code}: ${message}`) })] : [],
    })),
    unread: [],
  };
}

/** A service with one version that can be carried over, and one that cannot. */
function exported({ serviceId, compute }: ServiceToExport): ServiceExport {
  const name = nameOf(serviceId);
  const carried = finding("MOV-12", { code: "MOV-12.carried", severity: "information", step: "review", params: { name, endpoint: name, version: "v1", model: "credit:21", traffic: "100" } });
  const image = finding("MOV-12", { code: "MOV-12.image", severity: "warning", step: "review", params: { name: `${name} (v2)`, image: "credit:7" } });
  const spec = { ...emptyDeploy(subscriptionIn(serviceId)), compute };
  return {
    versions: [
      { version: "v1", file: `/home/me/${name}-v1.json`, spec, findings: [carried] },
      { version: "v2", file: null, spec: null, findings: [image] },
    ],
  };
}

/** The logs of a front end with one pod. */
export function frontEndLogs(): FrontEndLogs {
  const log = { pod: "azureml/azureml-fe-v2-7c9", container: "azureml-fe", lines: ["azureml-fe starts", "POST /api/v1/endpoint/fraud/score 200"], cut: false, unread: null };
  return { readAt: new Date().toISOString(), logs: [log], leftOut: 0, unread: null };
}

/** Answers about endpoints. What was read is saved. */
export function endpointAnswers(): Pick<Answers, "read_endpoints" | "last_endpoints" | "get_endpoint" | "read_log" | "read_front_end_logs" | "save_log" | "export_service" | "read_pods"> & CallAnswers {
  let saved: EndpointList | null = null;
  return {
    read_endpoints: () => {
      saved = endpointsAt();
      return saved;
    },
    last_endpoints: () => saved,
    get_endpoint: ({ resourceId }) => endpointDetails(resourceId) ?? refuse(resourceId)(),
    read_log: logOf,
    read_front_end_logs: frontEndLogs,
    save_log: ({ name }) => `/home/me/${name}`,
    export_service: exported,
    read_pods: ({ resourceId }) => podsOf(resourceId),
    ...callAnswers(),
  };
}
