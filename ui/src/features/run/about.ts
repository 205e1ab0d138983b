import type { Attachment } from "../../app/access/useAccess";
import type { Plan } from "../../ipc/generated/Plan";
import type { RunSnapshot } from "../../ipc/generated/RunSnapshot";
import { clusterIdOf, clusterIn } from "../../shared/clusterId";
import { workspaceIdOf } from "../../shared/resources";
import { presentStep } from "./progress";

/** The cluster a plan is about; `null` where it is about none that is there afterwards. */
export function clusterOf({ wish, steps }: Plan): string | null {
  if (wish.kind === "change" && (wish.change.kind === "delete_cluster" || wish.change.kind === "delete_with_cluster" || wish.change.kind === "clear_up")) {
    return null;
  }
  const named = clusterIn(JSON.stringify(steps.map(({ kind }) => kind)));
  return named === null ? null : clusterIdOf(named);
}

/** What a set-up would attach, where attaching is what failed. */
export function failedAttachment(run: RunSnapshot): Attachment | null {
  const { wish } = run.plan;
  const present = presentStep(run);
  const cluster = clusterOf(run.plan);
  if (wish.kind !== "set_up" || cluster === null || present?.progress.state !== "failed" || present.step.kind.kind !== "attach_compute") {
    return null;
  }
  return { workspaceId: workspaceIdOf(present.step.kind.resourceId), clusterId: cluster, route: wish.spec.route };
}
