import type { Finding } from "../../ipc/generated/Finding";
import type { Spec } from "../../ipc/generated/Spec";

/** A finding as a rule would write it. */
export function finding(rule: string, part: Partial<Finding>): Finding {
  return {
    rule,
    code: rule,
    severity: "blocking",
    step: "place",
    field: null,
    params: {},
    source: "learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-anywhere",
    waivable: false,
    ...part,
  };
}

/** A few rules, enough to show how the page treats findings. The real ones are in Rust. */
export function checkSpec({ place, version, size, cluster, network, tls, route }: Spec): Finding[] {
  const makes = cluster.kind === "create";
  const wanted: (Finding | false)[] = [
    place.subscriptionId === "" && finding("SET-01", { field: "place.subscriptionId" }),
    place.workspace.name === "" && finding("SET-02", { field: "place.workspace" }),
    makes && place.resourceGroup === "" && finding("SET-03", { field: "place.resourceGroup" }),
    makes && place.location === "" && finding("SET-04", { field: "place.location" }),
    makes && place.clusterName === "" && finding("SET-05", { field: "place.clusterName" }),
    place.clusterName.startsWith("-") && finding("NAM-11", { field: "place.clusterName", params: { name: place.clusterName } }),
    ...Object.keys(place.tags)
      .filter((name) => name.startsWith("azure"))
      .map((name) => finding("TAG-01", { code: "TAG-01.reserved", field: "place.tags", params: { name } })),
    place.computeName === "" && finding("SET-06", { field: "place.computeName" }),
    makes && version.kubernetes === "" && finding("SET-07", { step: "version", field: "version.kubernetes" }),
    makes && size.vmSize === "" && finding("SET-08", { step: "size", field: "size.vmSize" }),
    network.loadBalancer === null && finding("SET-09", { step: "network", field: "network.loadBalancer" }),
    network.loadBalancer?.kind === "public" && finding("LBR-22", { step: "network", field: "network.loadBalancer", severity: "information" }),
    network.vnet?.name === "" && finding("NET-01", { step: "network", field: "network.vnet.name" }),
    network.vnet?.subnet === "" && finding("NET-01", { step: "network", field: "network.vnet.subnet" }),
    network.plugin === "kubenet" && finding("NET-18", { step: "network", field: "network.plugin", severity: "warning" }),
    tls === null && finding("SET-10", { step: "tls", field: "tls" }),
    tls?.kind === "none" && finding(route === "classic" ? "TLS-19" : "TLX-07", { step: "tls", field: "tls", severity: "warning" }),
    tls?.kind === "own" && tls.pair === null && finding("TLX-01", { code: "TLX-01.pair", step: "tls", field: "tls.pair" }),
    tls !== null && "cname" in tls && tls.cname === "" && finding("TLX-04", { code: "TLX-04.cname", step: "tls", field: "tls.cname" }),
    tls?.kind === "generated" && tls.recipe.issuer === "self_signed" && finding("TLS-16", { step: "tls", field: "tls", severity: "warning" }),
    tls?.kind === "microsoft" && network.loadBalancer?.kind === "internal" && finding("TLS-04", { step: "tls", field: "tls" }),
  ];
  return wanted.filter((entry) => entry !== false);
}

/** The same, with findings that need Azure. */
export function findingsOfSpec(spec: Spec): Finding[] {
  return [
    ...checkSpec(spec),
    finding("VER-05", { severity: "warning", step: "version", field: "version.kubernetes", params: { version: "1.34", date: "2026-11-30", asOf: "2026-11-01", days: "9" } }),
  ];
}
