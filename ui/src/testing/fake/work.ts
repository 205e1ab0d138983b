import type { Draft } from "../../ipc/generated/Draft";
import type { RunSummary } from "../../ipc/generated/RunSummary";
import type { Spec } from "../../ipc/generated/Spec";
import { OWN_PAIR } from "./certificate";
import { SUBSCRIPTION } from "./session";

/** A partly completed specification. */
export const spec: Spec = {
  schema: 1,
  route: "extension",
  purpose: "production",
  cluster: { kind: "create" },
  place: {
    subscriptionId: SUBSCRIPTION,
    workspace: { subscriptionId: SUBSCRIPTION, resourceGroup: "rg-ml-prod", name: "ml-prod" },
    resourceGroup: "rg-ml-prod",
    newResourceGroup: false,
    tags: {},
    location: "westeurope",
    clusterName: "ml-prod-01",
    computeName: "ml-prod-01",
    namespace: "",
  },
  version: { kubernetes: "1.36", longTermSupport: false, tier: "standard", patchUpgrades: false },
  size: { needVcpus: 12, vmSize: "Standard_D4s_v5", nodes: 3, autoscale: null },
  network: { plugin: "azure_overlay", vnet: null, podCidr: "10.244.0.0/16", outbound: "load_balancer", loadBalancer: null },
  tls: null,
  waived: [],
};

/** A specification with every choice made. */
export const complete: Spec = {
  ...spec,
  network: { ...spec.network, loadBalancer: { kind: "public" } },
  tls: { kind: "own", cname: "ml.contoso.com", pair: OWN_PAIR },
};

export const draft = (step: string): Draft => ({ spec: step === "review" ? complete : spec, account: "sandbox", step, savedAt: new Date(Date.now() - 25 * 60_000).toISOString() });

/** A run that began a few minutes ago. */
export const run = (id: string, title: string, part: Partial<RunSummary>): RunSummary => ({
  id,
  title,
  account: "sandbox",
  state: "running",
  stepsDone: 0,
  stepsTotal: 5,
  startedAt: new Date(Date.now() - 8 * 60_000).toISOString(),
  endedAt: null,
  unread: null,
  ...part,
});

export const runs: RunSummary[] = [
  run("r6", "prod-01", { state: "succeeded", stepsDone: 2, stepsTotal: 2, startedAt: "2026-11-20T09:02:00Z", endedAt: "2026-11-20T09:05:00Z" }),
  run("r4", "ml-prod-02", { stepsDone: 2 }),
  run("r3", "risk-models", { state: "failed", stepsDone: 3, startedAt: "2026-11-19T14:02:00Z", endedAt: "2026-11-19T14:19:00Z" }),
  run("r2", "ml-test", { state: "succeeded", stepsDone: 6, stepsTotal: 6, startedAt: "2026-11-12T08:10:00Z", endedAt: "2026-11-12T08:33:00Z" }),
];
