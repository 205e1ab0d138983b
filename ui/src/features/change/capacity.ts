import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import { nodesOf, routeOf, vcpusOf } from "../../shared/resources";

/** vCPU that production on the classic route asks for, as in Rust. */
export const PRODUCTION_VCPUS = 12;

/** What the cluster has before and after. */
export interface Capacity {
  nodes: number;
  /** `null` while the vCPU of a size are not known. */
  before: number | null;
  after: number | null;
  /** vCPU that what is attached asks for; `null` when nothing asks. */
  required: number | null;
}

/** The cluster with so many nodes in one of its pools. */
export function capacityWith({ cluster, vcpus, computes }: ClusterDetails, pool: string, nodes: number): Capacity {
  const pools = cluster.pools.map((facts) => (facts.name === pool ? { ...facts, count: nodes } : facts));
  const production = computes.some(({ compute }) => routeOf(compute) === "classic" && compute.purpose !== "DevTest");
  return {
    nodes: nodesOf(pools),
    before: vcpusOf(cluster.pools, vcpus),
    after: vcpusOf(pools, vcpus),
    required: production ? PRODUCTION_VCPUS : null,
  };
}
