import type { Cause } from "../../ipc/generated/Cause";
import type { DiagnosisReport } from "../../ipc/generated/DiagnosisReport";

/** A cause as the diagnosis would write it. */
export function cause(code: string, part: Partial<Cause> = {}): Cause {
  return {
    code,
    severity: "blocking",
    params: { cluster: "aks-embed-prod" },
    evidence: [],
    remedy: "wait",
    source: "learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension",
    ...part,
  };
}

/** A report without problems. */
export function healthy(resourceId: string): DiagnosisReport {
  return { resourceId, clusterId: resourceId, verdict: "healthy", healthy: true, causes: [], unread: [], via: "cluster", requests: 7, tookMs: 840 };
}

/** An extension with too few nodes, and a name that resolves elsewhere. */
export function unhealthy(resourceId: string): DiagnosisReport {
  return {
    ...healthy(resourceId),
    verdict: "wrong",
    healthy: false,
    causes: [
      cause("E40002", {
        params: { cluster: "aks-embed-prod", nodes: "2" },
        remedy: "nodes_for_availability",
        evidence: ["ExtensionOperationFailed: Pre-install health check failed: E40002: INSUFFICIENT_NODE"],
      }),
      cause("name_elsewhere", {
        params: { cluster: "aks-embed-prod", name: "ml.contoso.com", found: "20.1.2.3", address: "20.101.44.7" },
        remedy: "make_record",
        evidence: ["ml.contoso.com → 20.1.2.3"],
      }),
    ],
    unread: [{ what: "logs", why: "pods/log is forbidden" }],
    via: "run_command",
  };
}

/** The report for a target: the sandbox's troubled cluster, or any other. */
export function diagnose(resourceId: string): DiagnosisReport {
  return resourceId.toLowerCase().endsWith("/aks-embed-prod") ? unhealthy(resourceId) : healthy(resourceId);
}
