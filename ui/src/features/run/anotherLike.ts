import type { Spec } from "../../ipc/generated/Spec";

/** The same choices for another cluster: what can be only once, names and a certificate made for a name, is open again. */
export function anotherLike(spec: Spec): Spec {
  const { cluster, tls } = spec;
  return {
    ...spec,
    cluster: cluster.kind === "existing" ? { ...cluster, resourceId: "" } : cluster,
    place: { ...spec.place, newResourceGroup: false, clusterName: "", computeName: "" },
    tls: tls?.kind === "generated" ? { ...tls, cname: "", pair: null } : tls?.kind === "own" ? { ...tls, cname: "" } : tls,
  };
}
