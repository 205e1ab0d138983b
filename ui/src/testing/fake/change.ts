import type { Change } from "../../ipc/generated/Change";
import type { Changed } from "../../ipc/generated/Changed";
import type { Dependent } from "../../ipc/generated/Dependent";
import type { Finding } from "../../ipc/generated/Finding";
import type { Note } from "../../ipc/generated/Note";
import type { Plan } from "../../ipc/generated/Plan";
import type { PlannedRequest } from "../../ipc/generated/PlannedRequest";
import type { PlanStep } from "../../ipc/generated/PlanStep";
import type { Removed } from "../../ipc/generated/Removed";
import { subjectOf } from "../../shared/goal";
import { computes } from "./clusters";
import { detailsOf } from "./details";
import { findingsOfEndpoint, interruptsOfEndpoint, trafficBefore, trafficNow } from "./endpointChange";
import { finding } from "./findings";
import { note, step } from "./plan";

const nameOf = (id: string): string => id.slice(id.lastIndexOf("/") + 1);

function clusterOf(change: Change): string {
  if ("clusterId" in change) {
    return change.clusterId;
  }
  const id = "computeId" in change ? change.computeId : change.kind === "tags" ? change.resourceId : "";
  return computes.find((compute) => compute.id === id)?.clusterId ?? id;
}

function dependentsOf(change: Change): Dependent[] {
  const all = detailsOf(clusterOf(change))?.dependents ?? [];
  return "computeId" in change ? all.filter((one) => one.compute === nameOf(change.computeId)) : all;
}

function interrupts(change: Change): Note[] {
  const all = dependentsOf(change);
  return all.length === 0
    ? [note("interrupt.no_services")]
    : [note("interrupt.services", { count: String(all.length), names: all.map(({ name }) => name).join(", ") })];
}

/** Findings of a change: a few rules, enough to show how the page treats them. */
export function findingsOf(change: Change): Finding[] {
  if ("endpointId" in change) {
    return findingsOfEndpoint(change);
  }
  const cluster = detailsOf(clusterOf(change))?.cluster;
  const found: Finding[] = [];
  const all = dependentsOf(change);
  const add = (rule: string, part: Partial<Finding> = {}): void => void found.push(finding(rule, { step: "review", ...part }));
  const name = change.kind === "clear_up" ? nameOf(change.resources.find((id) => /\/managedClusters\/[^/]+$/.test(id)) ?? "") : (cluster?.name ?? "");
  if ("confirm" in change && change.confirm !== name) {
    add("ATT-20", { field: "confirm", params: { name } });
  }
  if (change.kind === "scale" && change.nodes < 3) {
    add("CPU-26", { severity: "warning", params: { nodes: String(change.nodes), needNodes: "3", vcpus: String(change.nodes * 4), needVcpus: "12" } });
  }
  if (cluster?.powerState === "Stopped" && (change.kind === "scale" || change.kind === "upgrade")) {
    add("SCL-04", { params: { name: cluster.name } });
  }
  if (["detach", "refresh", "tls", "load_balancer", "delete_cluster"].includes(change.kind) && all.length > 0) {
    add("CHG-03", { severity: "warning", params: { count: String(all.length), names: all.map(({ name }) => name).join(", ") } });
  }
  if (change.kind === "move") {
    add("MOV-05", { severity: "information" });
  }
  if (change.kind === "upgrade" && change.version.startsWith("1.37")) {
    add("VER-05", { waivable: true, params: { version: change.version, date: "2027-01-31", asOf: "2026-11-01", days: "71" } });
  }
  return found;
}

/** A typical plan for each kind of change; Rust creates the real ones. */
export function planOfChange(change: Change): Plan {
  const subject = subjectOf(change);
  return { id: "change-1", goal: { kind: "change", change, waived: [] }, title: nameOf(subject), steps: stepsOf(change, subject), pair: null, former: null, bound: { certificate: null, targets: [], affected: [] }, back: [] };
}

const request = (method: string, path: string, body: unknown = null): PlannedRequest => ({ method, path: `${path}?api-version=2026-02-01`, body });

function edit(id: string, what: Changed, minutes: [number, number], part: Partial<PlanStep> = {}): PlanStep {
  return step(`change_resource_${what}`, { kind: "change_resource", resourceId: id, what, edits: [] }, minutes, { request: request("PUT", id, { properties: {} }), ...part });
}

function remove(id: string, what: Removed, minutes: [number, number], part: Partial<PlanStep> = {}): PlanStep {
  return step(`remove_${nameOf(id)}`, { kind: "remove_resource", resourceId: id, what, only: null }, minutes, { request: request("DELETE", id), ...part });
}

/** The kind of a created resource, by its ID. */
function removedBy(id: string): Removed {
  const last = id.split("/").at(-2)?.toLowerCase() ?? "";
  return last === "computes" ? "attachment" : last === "extensions" ? "extension" : last === "managedclusters" ? "cluster" : "resource_group";
}

function stepsOf(change: Change, subject: string): PlanStep[] {
  const clusterId = clusterOf(change);
  const confirm = step("confirm", { kind: "confirm", checks: [{ look: "there", resourceId: clusterId }] }, [0, 2]);
  const leftovers = step("remove_leftovers", { kind: "remove_leftovers", clusterId, objects: detailsOf(clusterId)?.leftovers ?? [] }, [0, 1]);
  const keep = step("keep_certificate", { kind: "keep_certificate", clusterId, namespace: "default", secret: "azuremlfessl" }, [0, 1]);
  const attach = step("attach_compute", { kind: "attach_compute", resourceId: subject, computeType: "AKS" }, [2, 5], { undo: note("undo.compute") });
  switch (change.kind) {
    case "scale":
      return [edit(`${clusterId}/agentPools/${change.pool}`, "nodes", [2, 6]), confirm];
    case "autoscale":
      return [edit(`${clusterId}/agentPools/${change.pool}`, "autoscaler", [1, 3]), confirm];
    case "upgrade":
      return [
        edit(clusterId, "control_plane", [6, 12], { interrupts: [note("interrupt.control_plane")] }),
        ...(change.nodes ? [edit(`${clusterId}/agentPools/system`, "pool_version", [8, 20], { interrupts: interrupts(change) })] : []),
        confirm,
      ];
    case "support":
      return [edit(clusterId, "support", [1, 10], { interrupts: [note("interrupt.no_services")], undo: note("undo.support", { tier: "Standard", plan: "KubernetesOfficial" }) }), confirm];
    case "power":
      return [
        step("set_power", { kind: "set_power", resourceId: clusterId, running: change.running }, [3, 8], {
          interrupts: change.running ? [] : interrupts(change),
          undo: note(change.running ? "undo.stop" : "undo.start"),
        }),
        confirm,
      ];
    case "tags":
      return [edit(subject, "tags", [0, 1]), confirm];
    case "load_balancer":
      return [edit(subject, "load_balancer", [2, 6], { interrupts: [note("interrupt.address"), ...interrupts(change)] }), confirm];
    case "tls":
      return [edit(subject, "tls", [2, 6], { interrupts: interrupts(change) }), confirm];
    case "renew_label":
      return [edit(subject, "renew_label", [3, 7]), confirm];
    case "refresh":
      return [keep, remove(subject, "attachment", [1, 3], { interrupts: interrupts(change) }), leftovers, attach, confirm];
    case "move":
      return [
        keep,
        step("mark_front_end", { kind: "mark_front_end", clusterId, upgrade: true }, [0, 1]),
        step("install_extension", { kind: "install_extension", resourceId: `${clusterId}/extensions/azureml` }, [6, 15]),
        attach,
        confirm,
      ];
    case "move_back":
      return [remove(subject, "attachment", [1, 3]), step("mark_front_end", { kind: "mark_front_end", clusterId, upgrade: false }, [0, 1]), confirm];
    case "move_finish":
      return [remove(subject, "attachment", [1, 3], { interrupts: interrupts(change) }), leftovers, confirm];
    case "clean_up":
      return [keep, leftovers, confirm];
    case "detach":
      return [remove(subject, "attachment", [1, 3], { interrupts: interrupts(change), undo: note("undo.attach_again") }), confirm];
    case "delete_cluster":
      return [
        remove(clusterId, "cluster", [5, 12], {
          interrupts: [...interrupts(change), note("interrupt.node_group", { group: `MC_${nameOf(clusterId)}` })],
          undo: note("undo.never"),
        }),
        confirm,
      ];
    case "delete_with_cluster":
      return [remove(subject, "compute_and_cluster", [5, 12], { interrupts: interrupts(change), undo: note("undo.never") }), confirm];
    case "traffic":
      return [edit(subject, "traffic", [0, 1], { interrupts: interruptsOfEndpoint(change), undo: note("undo.traffic", { traffic: trafficNow(change) }) })];
    case "regenerate_key":
      return [
        step("regenerate_key", { kind: "regenerate_key", resourceId: subject, key: change.key }, [0, 1], { interrupts: interruptsOfEndpoint(change), undo: note("undo.never") }),
        step("prove_key", { kind: "prove_key", endpointId: subject, key: change.key }, [0, 1]),
      ];
    case "auth":
      return [edit(subject, "auth", [0, 1], { interrupts: interruptsOfEndpoint(change), undo: note("undo.auth") })];
    case "canary": {
      const kind: PlanStep["kind"] = { kind: "canary", resourceId: subject, canary: change.canary, before: trafficBefore(change), sample: change.sample };
      return [step("canary", kind, [4, 25], { interrupts: interruptsOfEndpoint(change), undo: note("undo.canary", { traffic: trafficNow(change) }) }), edit(subject, "tags", [0, 1])];
    }
    case "delete_version":
      return [remove(`${subject}/deployments/${change.version}`, "version", [0, 3], { undo: note("undo.never") })];
    case "delete_endpoint":
      return [remove(subject, "endpoint", [0, 3], { interrupts: interruptsOfEndpoint(change), undo: note("undo.never") })];
    case "grant":
      return [step("assign_role", { kind: "assign_role", resourceId: `${change.scope}/roleAssignments/1`, scope: change.scope, principalId: change.principalId, role: change.role }, [0, 1])];
    case "clear_up":
      return [...change.resources].reverse().map((id) => remove(id, removedBy(id), [1, 8]));
  }
}
