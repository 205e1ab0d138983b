import type { Change } from "../../ipc/generated/Change";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import type { Endpoint } from "../../ipc/generated/Endpoint";
import type { Target } from "../../shared/navigation";
import { nameOf } from "../../shared/resources";
import { computeOf, poolOf, tagsOf } from "./first";
import { sameSupport, supportOf } from "./support";
import { sharesToEdit, trafficOfShares } from "./trafficEditor";

/** A missing choice: a key in `change:open`, and its field. */
export interface OpenPoint {
  words: "choose" | "nodes" | "autoscale" | "version" | "support" | "tags" | "tagsTwice" | "loadBalancer" | "newCompute" | "principal" | "scope" | "nothing" | "traffic" | "trafficOrRole" | "trafficUnread" | "canarySteps" | "canaryVersion" | "sample";
  field: string;
}

const point = (words: OpenPoint["words"], field: string): OpenPoint => ({ words, field });

/** The first missing choice; `null` when the rules can check the change. */
export function openPoint(target: Target, change: Change | null, details: ClusterDetails | null, endpoint: Endpoint | null): OpenPoint | null {
  if (change === null) {
    if (target.kind === "traffic") {
      return point("trafficUnread", "traffic");
    }
    if (target.kind === "canary") {
      return point("canarySteps", "canary.steps");
    }
    return target.kind === "tags" ? point("tagsTwice", "tags") : point("choose", "tls");
  }
  switch (change.kind) {
    case "scale":
      return change.nodes === poolOf(target, details)?.count ? point("nodes", "nodes") : null;
    case "autoscale": {
      const pool = poolOf(target, details);
      const [min, max] = [change.bounds?.min ?? null, change.bounds?.max ?? null];
      return min === (pool?.minCount ?? null) && max === (pool?.maxCount ?? null) ? point("autoscale", "bounds") : null;
    }
    case "upgrade":
      return change.version === "" ? point("version", "version") : null;
    case "support":
      return details !== null && sameSupport(change.support, supportOf(details.cluster)) ? point("support", "support") : null;
    case "tags":
      return sameValues(change.tags, tagsOf(target, details)) ? point("tags", "tags") : null;
    case "load_balancer": {
      const now = computeOf(target, details)?.loadBalancer;
      return JSON.stringify(now) === JSON.stringify(change.loadBalancer) ? point("loadBalancer", "network.loadBalancer") : null;
    }
    case "move":
      return change.newCompute === "" ? point("newCompute", "place.computeName") : null;
    case "grant":
      return change.scope === "" ? point("scope", "scope") : change.principalId === "" ? point("principal", "principalId") : null;
    case "traffic": {
      const same = sameValues(change.traffic, trafficOfShares((endpoint === null ? null : sharesToEdit(endpoint)) ?? []));
      return same && change.defaultVersion === undefined && change.controlVersion === undefined ? point(endpoint?.route === "classic" ? "trafficOrRole" : "traffic", "traffic") : null;
    }
    case "canary":
      return change.canary.version === "" ? point("canaryVersion", "canary.version") : change.sample === "" ? point("sample", "sample") : null;
    case "clear_up":
      return change.resources.length === 0 ? point("nothing", "resources") : null;
    default:
      return null;
  }
}

function sameValues<T>(one: Readonly<Record<string, T>>, other: Readonly<Record<string, T>>): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

/** The name to type before the change starts: `null` if none, empty if unknown. */
export function nameToType(change: Change | null, details: ClusterDetails | null): string | null {
  if (change?.kind === "clear_up") {
    return largest(change.resources);
  }
  if (change?.kind === "delete_endpoint") {
    return nameOf(change.endpointId);
  }
  return change !== null && "confirm" in change ? (details?.cluster.name ?? "") : null;
}

/** The resource group to delete, else the cluster; `null` if neither. */
function largest(resources: readonly string[]): string | null {
  const name = (pattern: RegExp): string | undefined => resources.map((id) => pattern.exec(id)?.[1]).find((found) => found !== undefined);
  return name(/^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)\/*$/i) ?? name(/\/providers\/Microsoft\.ContainerService\/managedClusters\/([^/]+)\/*$/i) ?? null;
}

/** Whether the name was typed, where one has to be. */
export function isTyped(change: Change | null, details: ClusterDetails | null): boolean {
  const name = nameToType(change, details);
  return name === null || (name !== "" && change !== null && "confirm" in change && change.confirm.trim() === name);
}

/** What to review before typing the name, so that findings and plan can be read first. */
export function previewed(change: Change, details: ClusterDetails | null): Change {
  return "confirm" in change ? { ...change, confirm: nameToType(change, details) ?? "" } : change;
}
