import type { MadeResource } from "../generated/MadeResource";
import type { Proof } from "../generated/Proof";
import type { Rung } from "../generated/Rung";
import type { RunSnapshot } from "../generated/RunSnapshot";
import type { RunSummary } from "../generated/RunSummary";
import type { Spec } from "../generated/Spec";
import type { StepProgress } from "../generated/StepProgress";
import { planOf } from "./plan";
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
  ...part,
});

const rung = (kind: Rung["kind"], state: Rung["state"], code: string, params: Rung["params"] = {}): Rung => ({ kind, state, code, params });

/** Everything holds but the name, whose record is yet to be made. */
function proofOf(summary: RunSummary, cname: string): Proof {
  return {
    rungs: [
      rung("name", "to_do", "name.missing", { name: cname, address: "20.101.44.7", found: "" }),
      rung("address", "holds", "address.public", { address: "20.101.44.7", subnet: "" }),
      rung("tcp", "holds", "tcp.connects", { at: "20.101.44.7:443", ms: "21" }),
      rung("tls", "holds", "tls.same", { protocol: "TLS 1.2", cipher: "ECDHE-RSA-AES256-GCM-SHA384", sha256: "4f3a91c07b", applied: "4f3a91c07b" }),
      rung("answer", "holds", "answer.good", { status: "404" }),
    ],
    url: `https://${cname}/`,
    dnsRecord: { name: cname, kind: "A", value: "20.101.44.7" },
    lookedAt: summary.endedAt ?? summary.startedAt,
  };
}

/** A run as its summary says: so many steps done, the next one at work, failed, or all done with their proof. */
export function snapshotOf(summary: RunSummary, spec: Spec = { ...complete, place: { ...complete.place, clusterName: summary.title } }): RunSnapshot {
  const plan = planOf(spec);
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
  const cname = spec.tls !== null && "cname" in spec.tls ? spec.tls.cname : "ml.contoso.com";
  return {
    summary: { ...summary, stepsTotal: plan.steps.length, stepsDone: done },
    seq: 1,
    plan,
    steps,
    proof: summary.state === "succeeded" ? proofOf(summary, cname) : null,
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

function madeOf(steps: ReturnType<typeof planOf>["steps"], { state }: RunSummary): MadeResource[] {
  const made = steps.flatMap(({ kind, costs }) =>
    kind.kind !== "register_provider" && "resourceId" in kind ? [{ resourceId: kind.resourceId, certain: true, costs: costs.length > 0 }] : [],
  );
  return made.map((resource, index) => (index === made.length - 1 && state !== "succeeded" ? { ...resource, certain: false } : resource));
}
