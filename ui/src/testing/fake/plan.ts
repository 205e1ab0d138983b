import type { Note } from "../../ipc/generated/Note";
import type { Plan } from "../../ipc/generated/Plan";
import type { PlannedRequest } from "../../ipc/generated/PlannedRequest";
import type { PlanStep } from "../../ipc/generated/PlanStep";
import type { Spec } from "../../ipc/generated/Spec";
import type { StepKind } from "../../ipc/generated/StepKind";

export const note = (code: string, params: Note["params"] = {}): Note => ({ code, params });

/** A step, by default without cost, interruption or undo. */
export function step(id: string, kind: StepKind, minutes: [number, number], part: Partial<PlanStep> = {}): PlanStep {
  const [from, to] = minutes;
  return {
    id,
    kind,
    request: null,
    usual: { fromSeconds: from * 60, toSeconds: to * 60 },
    costs: [],
    interrupts: [],
    undo: note("undo.nothing"),
    ...part,
  };
}

const put = (path: string, body: unknown): PlannedRequest => ({ method: "PUT", path, body });

/** A typical plan; Rust creates the real ones. */
export function planOf(spec: Spec): Plan {
  const { place, tls, size, network, version } = spec;
  const groups = `/subscriptions/${place.subscriptionId}/resourceGroups`;
  const clusterId =
    spec.cluster.kind === "existing"
      ? spec.cluster.resourceId
      : `${groups}/${place.resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${place.clusterName}`;
  const extensionId = `${clusterId}/providers/Microsoft.KubernetesConfiguration/extensions/azureml`;
  const computeId = `${groups}/${place.workspace.resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${place.workspace.name}/computes/${place.computeName}`;
  const cname = tls !== null && "cname" in tls ? tls.cname : null;
  const secured = tls !== null && tls.kind !== "none";
  const steps: (PlanStep | false)[] = [
    tls?.kind === "generated" && tls.pair === null && step("make_certificate", { kind: "make_certificate", cname: tls.cname, recipe: tls.recipe }, [0, 1], { undo: note("undo.certificate") }),
    step(
      "register_kubernetes_configuration",
      { kind: "register_provider", namespace: "Microsoft.KubernetesConfiguration", resourceId: `/subscriptions/${place.subscriptionId}/providers/Microsoft.KubernetesConfiguration` },
      [1, 4],
      {
        undo: note("undo.provider"),
        request: { method: "POST", path: `/subscriptions/${place.subscriptionId}/providers/Microsoft.KubernetesConfiguration/register?api-version=2025-04-01`, body: null },
      },
    ),
    spec.cluster.kind !== "existing" &&
      step("create_cluster", { kind: "create_cluster", resourceId: clusterId }, [4, 10], {
        costs: [note("cost.nodes", { nodes: String(size.nodes), vmSize: size.vmSize }), note("cost.control_plane"), note("cost.load_balancer")],
        undo: note("undo.cluster"),
        request: put(`${clusterId}?api-version=2026-02-01`, {
          location: place.location,
          properties: { kubernetesVersion: version.kubernetes, networkProfile: { networkPlugin: "azure", podCidr: network.podCidr } },
        }),
      }),
    spec.route === "extension" &&
      step("install_extension", { kind: "install_extension", resourceId: extensionId }, [6, 15], {
        costs: network.loadBalancer?.kind === "public" ? [note("cost.public_address")] : [],
        undo: note("undo.extension"),
        request: put(`${extensionId}?api-version=2025-03-01`, {
          properties: { extensionType: "microsoft.azureml.kubernetes", configurationProtectedSettings: { sslKeyPemFile: "{{secret:key}}" } },
        }),
      }),
    step("attach_compute", { kind: "attach_compute", resourceId: computeId, computeType: spec.route === "extension" ? "Kubernetes" : "AKS" }, [1, 5], {
      undo: note("undo.compute"),
      request: put(`${computeId}?api-version=2025-12-01`, { properties: { resourceId: clusterId } }),
    }),
    step(
      "prove",
      { kind: "prove", clusterId, computeId, namespace: "azureml", loadBalancer: network.loadBalancer ?? { kind: "public" }, cname, tls: secured, shows: { which: "applied" } },
      [1, 3],
    ),
  ];
  return { id: "plan-1", goal: { kind: "set_up", spec }, title: place.clusterName, steps: steps.filter((entry) => entry !== false), pair: null, former: null, bound: { certificate: null, targets: [], affected: [] }, back: [] };
}
