import type { Finding } from "../generated/Finding";
import type { PreflightReport } from "../generated/PreflightReport";
import type { Spec } from "../generated/Spec";

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

/** A few rules, enough to see how the page treats findings. The real ones are in Rust. */
export function checkSpec({ place, version, size, cluster }: Spec): Finding[] {
  const makes = cluster.kind !== "existing";
  const wanted: (Finding | false)[] = [
    place.subscriptionId === "" && finding("STA-01", { code: "MISSING.subscription", field: "place.subscriptionId" }),
    place.workspace.name === "" && finding("MISSING", { code: "MISSING.workspace", field: "place.workspace" }),
    makes && place.resourceGroup === "" && finding("MISSING", { code: "MISSING.resource_group", field: "place.resourceGroup" }),
    makes && place.location === "" && finding("MISSING", { code: "MISSING.location", field: "place.location" }),
    makes && place.clusterName === "" && finding("MISSING", { code: "MISSING.cluster_name", field: "place.clusterName" }),
    place.clusterName.startsWith("-") && finding("NAM-01", { field: "place.clusterName", params: { name: place.clusterName } }),
    place.computeName === "" && finding("MISSING", { code: "MISSING.compute_name", field: "place.computeName" }),
    makes && version.kubernetes === "" && finding("MISSING", { code: "MISSING.version", step: "version", field: "version.kubernetes" }),
    makes && size.vmSize === "" && finding("MISSING", { code: "MISSING.vm_size", step: "size", field: "size.vmSize" }),
  ];
  return wanted.filter((entry) => entry !== false);
}

export function preflightOf(spec: Spec): PreflightReport {
  const findings = [
    ...checkSpec(spec),
    finding("VER-05", { severity: "warning", step: "version", field: "version.kubernetes", params: { version: "1.34", days: "9" } }),
    finding("NET-09", { severity: "warning", step: "network", field: "network.loadBalancer" }),
  ];
  return { findings, requests: 14, tookMs: 812 };
}
