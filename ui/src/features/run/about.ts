import type { Plan } from "../../ipc/generated/Plan";
import type { RunSnapshot } from "../../ipc/generated/RunSnapshot";
import type { Attachment } from "../../shared/access/useAccess";
import { clusterIdOf, clusterIn, workspaceIdOf } from "../../shared/resources";
import { presentStep } from "./progress";

/** The cluster of a plan; `null` if it does not exist afterwards. */
export function clusterOf({ goal, steps }: Plan): string | null {
  if (goal.kind === "change" && (goal.change.kind === "delete_cluster" || goal.change.kind === "delete_with_cluster" || goal.change.kind === "clear_up")) {
    return null;
  }
  const named = clusterIn(JSON.stringify(steps.map(({ kind }) => kind)));
  return named === null ? null : clusterIdOf(named);
}

/** The attachment of a setup whose attach step failed. */
export function failedAttachment(run: RunSnapshot): Attachment | null {
  const { goal } = run.plan;
  const present = presentStep(run);
  const cluster = clusterOf(run.plan);
  if (goal.kind !== "set_up" || cluster === null || present?.progress.state !== "failed" || present.step.kind.kind !== "attach_compute") {
    return null;
  }
  return { workspaceId: workspaceIdOf(present.step.kind.resourceId), clusterId: cluster, route: goal.spec.route };
}
