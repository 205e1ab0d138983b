import type { ClusterChoice } from "../../../ipc/generated/ClusterChoice";
import type { Purpose } from "../../../ipc/generated/Purpose";
import type { Route } from "../../../ipc/generated/Route";
import type { Spec } from "../../../ipc/generated/Spec";

/** vCPU and nodes each purpose starts from. Azure ML asks a production cluster for 12 vCPU; 3 nodes survive the loss of one. */
const STARTS = {
  production: { needVcpus: 12, nodes: 3 },
  dev_test: { needVcpus: 2, nodes: 1 },
} as const;

/** Changes the purpose. The needed vCPU follows unless the user set it. */
export function withPurpose(spec: Spec, purpose: Purpose): Spec {
  const former = STARTS[spec.purpose];
  const size = { ...spec.size };
  if (size.needVcpus === former.needVcpus) {
    size.needVcpus = STARTS[purpose].needVcpus;
  }
  if (size.vmSize === "" && size.nodes === former.nodes) {
    size.nodes = STARTS[purpose].nodes;
  }
  return { ...spec, purpose, size };
}

/** Changes the origin of the cluster. */
export function withClusterKind(spec: Spec, kind: ClusterChoice["kind"]): Spec {
  return spec.cluster.kind === kind ? spec : { ...spec, cluster: kind === "existing" ? { kind, resourceId: "" } : { kind } };
}

/** Changes the route and resets what the other route does not support. */
export function withRoute(spec: Spec, route: Route): Spec {
  const cluster: ClusterChoice = route === "extension" && spec.cluster.kind === "create_through_aml" ? { kind: "create" } : spec.cluster;
  const tls = route === "extension" && spec.tls?.kind === "microsoft" ? null : spec.tls;
  const { loadBalancer } = spec.network;
  const network =
    route === "extension" && loadBalancer?.kind === "internal"
      ? { ...spec.network, loadBalancer: { kind: "internal" as const, subnet: null } }
      : spec.network;
  return { ...spec, route, cluster, tls, network };
}
