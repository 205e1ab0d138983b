import type { Endpoint } from "../../ipc/generated/Endpoint";
import type { Traffic } from "../../ipc/generated/Traffic";
import { percentOf, sharesOf } from "../../shared/endpoint/traffic";

/** All of the traffic, in percent. */
export const ALL = 100;

/** One version in the traffic editor. */
export interface EditedShare {
  version: string;
  percent: number;
  /** Whether its share stays as it is while others change. */
  locked: boolean;
  /** Whether it must not get more traffic than it has, because of its state. */
  notReady: boolean;
}

/** The state of a version that may get more traffic; the same as in Rust. */
const READY = { extension: "succeeded", classic: "healthy" } as const;

/** The shares of an endpoint as they are now; `null` if they are not known or there is no version. The default version of a classic endpoint has the rest, too. */
export function sharesToEdit(endpoint: Endpoint): EditedShare[] | null {
  const { route, versions, versionsUnread } = endpoint;
  const shares = sharesOf(endpoint).flatMap((share, at) => {
    const percent = percentOf(share);
    return percent === null ? [] : [{ version: share.version, percent, locked: false, notReady: versions[at]?.state.toLowerCase() !== READY[route] }];
  });
  return versionsUnread !== null || shares.length === 0 || shares.length < versions.length ? null : shares;
}

/** The shares as they are sent, without versions that have no traffic. */
export function trafficOfShares(shares: readonly EditedShare[]): Traffic {
  return Object.fromEntries(shares.filter(({ percent }) => percent > 0).map(({ version, percent }) => [version, percent]));
}

/** Why a share cannot be set; mirrors `TrafficProblem` in Rust. */
export type EditProblem = { code: "not_ready" } | { code: "nobody_takes"; rest: number } | { code: "locked"; most: number };

/** The new shares, or why there are none. */
export type SetShare = { shares: readonly EditedShare[] } | { problem: EditProblem };

/**
 * Sets the share of one version; mirrors `set_share` in Rust. The other versions, except locked ones, share the rest in
 * proportion to what they have. One that must not gain traffic keeps at most what it has.
 */
export function setShare(shares: readonly EditedShare[], version: string, percent: number): SetShare {
  const one = shares.find((share) => share.version === version);
  if (one?.notReady === true && percent > one.percent) {
    return { problem: { code: "not_ready" } };
  }
  const others = shares.filter((share) => share !== one);
  const locked = sumOf(others.filter((share) => share.locked));
  const rest = ALL - locked - percent;
  if (rest < 0) {
    return { problem: { code: "locked", most: Math.max(0, ALL - locked) } };
  }
  const free = others.filter((share) => !share.locked);
  const gain = rest > sumOf(free);
  const takers = free.filter((share) => !gain || !share.notReady);
  const left = rest - sumOf(free.filter((share) => !takers.includes(share)));
  if (takers.length === 0 && left !== 0) {
    return { problem: { code: "nobody_takes", rest: left } };
  }
  const parts = apportion(left, takers.map((share) => share.percent));
  const next = new Map(takers.map((share, at) => [share, parts[at] ?? 0]));
  return { shares: shares.map((share) => (share === one ? { ...share, percent } : { ...share, percent: next.get(share) ?? share.percent })) };
}

/** Sets the share of one version, or the nearest that the others allow, with the problem that another was asked for. */
export function setNearest(shares: readonly EditedShare[], version: string, percent: number): { shares: readonly EditedShare[]; problem: EditProblem | null } {
  const asked = setShare(shares, version, percent);
  if ("shares" in asked) {
    return { shares: asked.shares, problem: null };
  }
  const nearest = Array.from({ length: ALL + 1 }, (_, at) => at).sort((one, other) => Math.abs(one - percent) - Math.abs(other - percent));
  for (const possible of nearest) {
    const set = setShare(shares, version, possible);
    if ("shares" in set) {
      return { shares: set.shares, problem: asked.problem };
    }
  }
  return { shares, problem: asked.problem };
}

/**
 * Splits `total` into whole parts in proportion to the weights, with the largest remainder method; mirrors `apportion` in
 * Rust. Without any weight the parts are equal. Of equal remainders, the larger weight is rounded up first, then the earlier one.
 */
export function apportion(total: number, weights: readonly number[]): number[] {
  const known = weights.every((weight) => weight === 0) ? weights.map(() => 1) : weights;
  const sum = known.reduce((sum, weight) => sum + weight, 0);
  const shares = known.map((weight, at) => ({ at, weight, part: Math.floor((total * weight) / sum), remainder: (total * weight) % sum }));
  const left = total - shares.reduce((sum, { part }) => sum + part, 0);
  const order = shares.toSorted((one, other) => other.remainder - one.remainder || other.weight - one.weight || one.at - other.at);
  const raised = new Set(order.slice(0, left).map(({ at }) => at));
  return shares.map(({ at, part }) => part + Number(raised.has(at)));
}

/** What the shares add up to. */
export function sumOf(shares: readonly EditedShare[]): number {
  return shares.reduce((sum, { percent }) => sum + percent, 0);
}
