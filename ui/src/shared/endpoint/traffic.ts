import type { Endpoint } from "../../ipc/generated/Endpoint";

type Versions = Pick<Endpoint, "versions" | "versionsUnread" | "unassigned">;

/** The calls that a version gets, in whole percent. */
export interface Share {
  version: string;
  /** What is assigned to it; `null` if unknown. */
  own: number | null;
  /** What it gets of the calls that are assigned to no version; `null` if unknown. */
  rest: number | null;
}

/** What is known of the traffic: why there is no split, or that there is one. */
export type TrafficKind = "unread" | "no_versions" | "unknown" | "zero" | "split";

/** The share of a version; `null` if unknown. */
export function percentOf({ own, rest }: Share): number | null {
  return own === null || rest === null ? null : own + rest;
}

/** Whether the versions are something else than the endpoint itself; a plain service is its own only version. */
export function hasOwnVersions({ route, name, versions }: Pick<Endpoint, "route" | "name" | "versions">): boolean {
  return route === "extension" || versions.length !== 1 || versions[0]?.name !== name;
}

/** The share of each version; mirrors `Endpoint::share` in Rust. The default version of a classic endpoint also gets what is assigned to none. */
export function sharesOf({ versions, versionsUnread, unassigned }: Versions): Share[] {
  const assigned = versionsUnread === null ? sumOf(versions.map(({ traffic }) => traffic)) : null;
  const rest = assigned === null ? null : Math.max(0, 100 - assigned);
  return versions.map(({ name, traffic }) => ({
    version: name,
    own: traffic,
    rest: name === unassigned ? rest : 0,
  }));
}

/** The sum of all shares; `null` if one is unknown. */
export function totalOf(endpoint: Versions): number | null {
  return endpoint.versionsUnread === null ? sumOf(sharesOf(endpoint).map(percentOf)) : null;
}

/** What is known of the traffic of an endpoint. */
export function trafficOf(endpoint: Versions): TrafficKind {
  const percents = sharesOf(endpoint).map(percentOf);
  if (percents.length === 0) {
    return endpoint.versionsUnread === null ? "no_versions" : "unread";
  }
  if (percents.every((percent) => percent === null)) {
    return "unknown";
  }
  return percents.every((percent) => percent === 0) ? "zero" : "split";
}

function sumOf(parts: readonly (number | null)[]): number | null {
  return parts.reduce((sum, part) => (sum === null || part === null ? null : sum + part), 0);
}
