import type { Change } from "../../ipc/generated/Change";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import type { ComputeDetails } from "../../ipc/generated/ComputeDetails";
import type { Endpoint } from "../../ipc/generated/Endpoint";
import type { PoolFacts } from "../../ipc/generated/PoolFacts";
import type { Target } from "../../shared/navigation";
import { nameOf, sameResource } from "../../shared/resources";
import { supportOf } from "./support";
import { sharesToEdit, trafficOfShares } from "./trafficEditor";

/** Maximum length of a compute name. */
const LONGEST_COMPUTE = 16;

/** The compute of a change. */
export function computeOf(target: Target, details: ClusterDetails | null): ComputeDetails | undefined {
  const id = "computeId" in target ? (target.computeId ?? "") : "";
  return details?.computes.find(({ compute }) => sameResource(id, compute.id));
}

/** The node pool of a change. */
export function poolOf(target: Target, details: ClusterDetails | null): PoolFacts | undefined {
  return "pool" in target ? details?.cluster.pools.find((pool) => pool.name === target.pool) : undefined;
}

/** Tags that the user may change: all but Berth's own. */
export function tagsOf(target: Target, details: ClusterDetails | null): Record<string, string> {
  const compute = computeOf(target, details);
  const tags = compute === undefined ? details?.cluster.tags : compute.compute.tags;
  return { ...tags };
}

/** The initial form of a change: current values or sensible defaults. TLS has none, nor has traffic that is not known. */
export function firstChange(target: Target, details: ClusterDetails | null, endpoint: Endpoint | null): Change | null {
  switch (target.kind) {
    case "scale":
      return { kind: "scale", clusterId: target.clusterId, pool: target.pool, nodes: poolOf(target, details)?.count ?? 1 };
    case "autoscale":
      return { kind: "autoscale", clusterId: target.clusterId, pool: target.pool, bounds: boundsOf(poolOf(target, details)) };
    case "upgrade":
      return { kind: "upgrade", clusterId: target.clusterId, version: "", nodes: true };
    case "support":
      return details === null ? null : { kind: "support", clusterId: target.clusterId, support: supportOf(details.cluster) };
    case "power":
      return { kind: "power", clusterId: target.clusterId, running: details?.cluster.powerState.toLowerCase() === "stopped" };
    case "tags":
      return { kind: "tags", resourceId: target.computeId ?? target.clusterId, tags: tagsOf(target, details) };
    case "load_balancer":
      return { kind: "load_balancer", computeId: target.computeId, loadBalancer: computeOf(target, details)?.loadBalancer ?? { kind: "public" } };
    case "tls":
      return target.first === undefined ? null : { kind: "tls", computeId: target.computeId, tls: target.first };
    case "move":
      return { kind: "move", computeId: target.computeId, newCompute: newName(target.computeId, details), namespace: "default" };
    case "renew_label":
    case "refresh":
    case "move_back":
    case "move_finish":
    case "detach":
      return { kind: target.kind, computeId: target.computeId };
    case "delete_with_cluster":
      return { kind: target.kind, computeId: target.computeId, confirm: "" };
    case "delete_cluster":
      return { kind: target.kind, clusterId: target.clusterId, confirm: "" };
    case "clean_up":
      return { kind: target.kind, clusterId: target.clusterId };
    case "grant":
      return { kind: "grant", scope: target.clusterId, principalId: "", role: "cluster_admin" };
    case "traffic": {
      const shares = endpoint === null ? null : sharesToEdit(endpoint);
      return shares === null ? null : { kind: "traffic", endpointId: target.endpointId, traffic: trafficOfShares(shares), none: false };
    }
    case "canary":
      return firstCanary(target.endpointId, target.version);
    case "regenerate_key":
      return { kind: "regenerate_key", endpointId: target.endpointId, key: target.key };
    case "auth":
      return { kind: "auth", endpointId: target.endpointId, auth: target.auth };
    case "delete_version":
      return { kind: "delete_version", endpointId: target.endpointId, version: target.version };
    case "delete_endpoint":
      return { kind: "delete_endpoint", endpointId: target.endpointId, confirm: "" };
    case "clear_up":
      return { kind: "clear_up", run: target.run, resources: [...target.resources], confirm: "" };
  }
}

/** The steps that Berth suggests; the same as in Rust. */
export const firstCanary = (endpointId: string, version: string): Extract<Change, { kind: "canary" }> => ({ kind: "canary", endpointId, canary: { version, steps: [5, 25, 50, 100], minutes: 5 }, sample: "" });

function boundsOf(pool: PoolFacts | undefined): { min: number; max: number } {
  const count = Math.max(1, pool?.count ?? 1);
  return { min: pool?.minCount ?? count, max: pool?.maxCount ?? count * 2 };
}

/** A name like the classic compute's that no other compute of the cluster has. */
function newName(computeId: string, details: ClusterDetails | null): string {
  const taken = details?.computes.map(({ compute }) => compute.name.toLowerCase()) ?? [];
  const base = nameOf(computeId).slice(0, LONGEST_COMPUTE - 4);
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? `${base}-ext` : `${base}-ex${number}`;
    if (!taken.includes(name.toLowerCase())) {
      return name;
    }
  }
}
