import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import type { ComputeFacts } from "../../ipc/generated/ComputeFacts";
import { isMoved, routeOf, sameResource } from "../../shared/resources";

interface Changes {
  /** How it serves. */
  serving: readonly ("load_balancer" | "tls" | "renew_label" | "refresh")[];
  /** From the classic route to the extension. */
  moving: readonly ("move" | "move_back" | "move_finish")[];
}

/** The changes available for a compute, by its route, origin and the other computes. */
export function changesOf(compute: ComputeFacts, { computes }: ClusterDetails): Changes {
  const classic = routeOf(compute) === "classic";
  // A cluster created by Azure ML cannot be attached again, so its front end can be neither refreshed nor moved.
  const brought = compute.isAttached !== false;
  // Microsoft's certificate no longer renews by itself.
  const renews = classic && computes.some((other) => sameResource(other.compute.id, compute.id) && other.tls === "microsoft");
  const moved = computes.some((other) => isMoved(other.compute));
  return {
    serving: ["load_balancer", "tls", ...(renews ? (["renew_label"] as const) : []), ...(classic && brought ? (["refresh"] as const) : [])],
    moving: !classic || !brought ? [] : moved ? ["move_finish", "move_back"] : ["move"],
  };
}

/** Whether a classic compute uses the cluster; its own objects are not leftovers. */
export function hasClassic({ computes }: ClusterDetails): boolean {
  return computes.some(({ compute }) => routeOf(compute) === "classic");
}
