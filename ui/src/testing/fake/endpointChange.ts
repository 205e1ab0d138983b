import type { Change } from "../../ipc/generated/Change";
import type { EndpointVersion } from "../../ipc/generated/EndpointVersion";
import type { Finding } from "../../ipc/generated/Finding";
import type { Note } from "../../ipc/generated/Note";
import type { Traffic } from "../../ipc/generated/Traffic";
import { endpointDetails } from "./endpoints";
import { finding } from "./findings";
import { note } from "./plan";

type EndpointChange = Extract<Change, { endpointId: string }>;

const versionsOf = ({ endpointId }: EndpointChange): EndpointVersion[] => endpointDetails(endpointId)?.endpoint.versions ?? [];

const listed = (versions: readonly EndpointVersion[]): string => versions.map(({ name }) => name).join(", ");

/** The traffic before the change: `blue 90 % · green 10 %`. */
export function trafficNow(change: EndpointChange): string {
  const live = versionsOf(change).filter(({ traffic }) => (traffic ?? 0) > 0);
  return live.map(({ name, traffic }) => `${name} ${traffic ?? 0} %`).join(" · ");
}

/** The same as a map. */
export function trafficBefore(change: EndpointChange): Traffic {
  return Object.fromEntries(versionsOf(change).map(({ name, traffic }) => [name, traffic ?? 0]));
}

/** Findings of a change to an endpoint; the real rules are in Rust. */
export function findingsOfEndpoint(change: EndpointChange): Finding[] {
  const versions = versionsOf(change);
  switch (change.kind) {
    case "traffic":
      return ofTraffic(change, versions);
    case "regenerate_key": {
      const name = change.endpointId.slice(change.endpointId.lastIndexOf("/") + 1);
      return [finding("SVC-18", { code: `SVC-18.${change.key}`, severity: "warning", step: "review", params: { name } })];
    }
    case "auth": {
      const name = change.endpointId.slice(change.endpointId.lastIndexOf("/") + 1);
      return [finding("EPT-18", { code: `EPT-18.${change.auth}`, severity: "blocking", step: "review", params: { name }, waivable: true, resource: change.endpointId })];
    }
    case "canary": {
      const known = versions.some(({ name }) => name === change.canary.version);
      return known ? [] : [finding("EPT-16", { code: "EPT-16.unknown_version", step: "review", field: "canary", params: { version: change.canary.version } })];
    }
    case "delete_version": {
      const found = versions.find(({ name }) => name === change.version);
      const keeps = (code: string, params: Record<string, string>): Finding[] => [finding("EPT-13", { code: `EPT-13.${code}`, step: "review", field: "traffic", params: { version: change.version, ...params } })];
      if (found === undefined) {
        return keeps("unknown_version", { versions: listed(versions) });
      }
      if ((found.traffic ?? 0) > 0) {
        return keeps("has_traffic", { percent: String(found.traffic) });
      }
      return versions.length === 1 ? keeps("only_version", {}) : [];
    }
    case "delete_endpoint": {
      const name = change.endpointId.slice(change.endpointId.lastIndexOf("/") + 1);
      const typed = change.confirm === name ? [] : [finding("ATT-20", { step: "review", field: "confirm", params: { name } })];
      const params = { count: String(versions.length), names: listed(versions), traffic: trafficNow(change) };
      return [...typed, finding("EPT-13", { code: "EPT-13.endpoint", severity: "warning", step: "review", params })];
    }
  }
}

const refused = (code: string, params: Record<string, string>): Finding => finding("EPT-03", { code: `EPT-03.${code}`, step: "review", field: "traffic", params });

function ofTraffic(change: Extract<Change, { kind: "traffic" }>, versions: readonly EndpointVersion[]): Finding[] {
  const sum = Object.values(change.traffic).reduce((sum, percent) => sum + percent, 0);
  const unready = versions.filter(({ name, traffic, state }) => (change.traffic[name] ?? 0) > (traffic ?? 0) && !["Succeeded", "Healthy"].includes(state));
  const found = unready.map(({ name, state }) => refused("not_ready", { version: name, state }));
  if (change.none) {
    return sum > 0 ? [...found, refused("not_none", { sum: String(sum) })] : [finding("EPT-03", { code: "EPT-03.none", severity: "warning", step: "review", params: { live: trafficNow(change) } })];
  }
  return sum === 100 ? found : [...found, refused("sum", { sum: String(sum) })];
}

/** What callers of the endpoint lose. */
export function interruptsOfEndpoint(change: EndpointChange): Note[] {
  const traffic = trafficNow(change);
  if (change.kind === "delete_endpoint") {
    const name = change.endpointId.slice(change.endpointId.lastIndexOf("/") + 1);
    return [traffic === "" ? note("interrupt.endpoint_without_traffic", { name }) : note("interrupt.endpoint", { name, traffic })];
  }
  if (change.kind === "auth") {
    return [note("interrupt.auth")];
  }
  if (change.kind !== "traffic") {
    return [];
  }
  if (change.none) {
    return [note("interrupt.all_traffic", { traffic })];
  }
  const losing = versionsOf(change).filter(({ name, traffic }) => (traffic ?? 0) > 0 && (change.traffic[name] ?? 0) === 0);
  return losing.length === 0 ? [] : [note("interrupt.versions", { names: listed(losing) })];
}
