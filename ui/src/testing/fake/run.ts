import type { Change } from "../../ipc/generated/Change";
import type { Goal } from "../../ipc/generated/Goal";
import type { MadeResource } from "../../ipc/generated/MadeResource";
import type { PlanStep } from "../../ipc/generated/PlanStep";
import type { Proof } from "../../ipc/generated/Proof";
import type { ProofCheck } from "../../ipc/generated/ProofCheck";
import type { RunSnapshot } from "../../ipc/generated/RunSnapshot";
import type { RunSummary } from "../../ipc/generated/RunSummary";
import type { StepProgress } from "../../ipc/generated/StepProgress";
import { computes } from "./clusters";
import { planOfGoal } from "./goal";
import { complete } from "./work";

const MINUTE_MS = 60_000;

const progress = (id: string, part: Partial<StepProgress> = {}): StepProgress => ({
  id,
  state: "waiting",
  startedAt: null,
  endedAt: null,
  percent: null,
  message: null,
  correlationId: null,
  clientRequestId: null,
  attempts: 0,
  slowerThanUsual: false,
  waitingBecause: null,
  failure: null,
  canary: null,
  ...part,
});

const check = (kind: ProofCheck["kind"], state: ProofCheck["state"], code: string, params: ProofCheck["params"] = {}): ProofCheck => ({ kind, state, code, params });

/** The verification of a change, by kind. */
function checksOf(change: Change): ProofCheck[] {
  switch (change.kind) {
    case "scale":
    case "autoscale":
      return [check("nodes", "holds", "nodes.ready", { pool: "system", ready: "5", nodes: "5", version: "1.35.4" })];
    case "detach":
      return [check("gone", "holds", "gone.holds", { name: "prod-01" }), check("there", "holds", "there.holds", { name: "prod-classic" })];
    case "regenerate_key": {
      const name = change.endpointId.slice(change.endpointId.lastIndexOf("/") + 1);
      return [check("key", "holds", "key.changed", { name }), check("access", "holds", "access.accepted", { name, status: "200" })];
    }
    default:
      return [check("there", "holds", "there.holds", { name: "scoring-01" })];
  }
}

/** A setup: every check passes except the name, whose record does not exist yet. */
function proofOf(summary: RunSummary, goal: Goal): Proof {
  const lookedAt = summary.endedAt ?? summary.startedAt;
  if (goal.kind === "change") {
    return { checks: checksOf(goal.change), url: null, curl: null, dnsRecord: null, lookedAt };
  }
  if (goal.kind === "deploy") {
    return { checks: [check("score", "holds", "score.answers", { version: goal.spec.version, status: "200", ms: "41" })], url: null, curl: null, dnsRecord: null, lookedAt };
  }
  const { tls } = goal.spec;
  const cname = tls !== null && "cname" in tls ? tls.cname : "ml.contoso.com";
  return {
    checks: [
      check("name", "to_do", "name.missing", { name: cname, address: "20.101.44.7", found: "" }),
      check("address", "holds", "address.public", { address: "20.101.44.7", subnet: "" }),
      check("tcp", "holds", "tcp.connects", { at: "20.101.44.7:443", ms: "21" }),
      check("tls", "holds", "tls.same", { protocol: "TLS 1.2", cipher: "ECDHE-RSA-AES256-GCM-SHA384", sha256: "4f3a91c07b", applied: "4f3a91c07b" }),
      check("answer", "holds", "answer.good", { status: "404" }),
    ],
    url: `https://${cname}/`,
    curl: `curl --resolve ${cname}:443:20.101.44.7 https://${cname}/`,
    dnsRecord: { name: cname, kind: "A", value: "20.101.44.7" },
    lookedAt,
  };
}

const DETACHED = computes.find(({ name }) => name === "prod-01");

/** The goal of a run: a setup, except the one that detaches `prod-01`. */
function goalOf({ title }: RunSummary): Goal {
  if (DETACHED !== undefined && title === DETACHED.name) {
    return { kind: "change", change: { kind: "detach", computeId: DETACHED.id }, waived: [] };
  }
  return { kind: "set_up", spec: { ...complete, place: { ...complete.place, clusterName: title } } };
}

/** A run matching its summary: completed steps, then an active or failed one, or all done and verified. */
export function snapshotOf(summary: RunSummary, goal: Goal = goalOf(summary)): RunSnapshot {
  const plan = planOfGoal(goal);
  const done = summary.state === "succeeded" ? plan.steps.length : Math.min(summary.stepsDone, plan.steps.length - 1);
  const began = Date.parse(summary.startedAt);
  const at = (minutes: number): string => new Date(began + minutes * MINUTE_MS).toISOString();
  const steps = plan.steps.map(({ id }, index) => {
    if (index < done) {
      return progress(id, { state: index === 0 ? "already_there" : "done", startedAt: at(index * 3), endedAt: at(index * 3 + 3), attempts: 1 });
    }
    if (index > done) {
      return progress(id);
    }
    return progress(id, { startedAt: at(index * 3), attempts: 1, correlationId: "8d1f0c52-6a7e-4b0e-9f1c-2b3c4d5e6f70", ...presentOf(summary, at(index * 3 + 8)) });
  });
  return {
    summary: { ...summary, stepsTotal: plan.steps.length, stepsDone: done },
    seq: 1,
    plan,
    steps,
    back: [],
    goesBack: false,
    proof: summary.state === "succeeded" ? proofOf(summary, goal) : null,
    made: madeOf(plan.steps.slice(0, done + 1), summary),
  };
}

function presentOf({ state, id }: RunSummary, ended: string): Partial<StepProgress> {
  if (state === "failed") {
    return {
      state: "failed",
      endedAt: ended,
      failure: {
        code: "forbidden",
        remedy: "ask_administrator",
        params: {},
        detail: `PUT of the compute in run ${id} answered 403`,
        azure: {
          status: 403,
          code: "AuthorizationFailed",
          message: "The client does not have authorization to perform action 'Microsoft.MachineLearningServices/workspaces/computes/write'.",
          target: null,
          outerCode: null,
          outerMessage: null,
          outerTarget: null,
          details: [],
          inner: [],
          correlationId: "8d1f0c52-6a7e-4b0e-9f1c-2b3c4d5e6f70",
        },
      },
    };
  }
  if (state === "cancelled" || state === "interrupted") {
    return { state: "cancelled", endedAt: ended };
  }
  return { state: "in_progress", message: "Creating node pool system" };
}

function madeOf(steps: readonly PlanStep[], { state }: RunSummary): MadeResource[] {
  const made = steps.flatMap(({ kind, costs }) =>
    kind.kind !== "register_provider" && "resourceId" in kind ? [{ resourceId: kind.resourceId, certain: true, costs: costs.length > 0 }] : [],
  );
  return made.map((resource, index) => (index === made.length - 1 && state !== "succeeded" ? { ...resource, certain: false } : resource));
}
