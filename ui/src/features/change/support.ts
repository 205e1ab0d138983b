import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import type { ClusterFacts } from "../../ipc/generated/ClusterFacts";
import type { Lane } from "../../ipc/generated/Lane";
import type { Support } from "../../ipc/generated/Support";
import type { UpgradeTarget } from "../../ipc/generated/UpgradeTarget";

const LONG_TERM = "akslongtermsupport";

export const LONG_TERM_SUPPORT: Support = { longTermSupport: true, tier: "premium", patchUpgrades: true };

/** Tier and support plan of a cluster. */
export function supportOf({ tier, supportPlan }: ClusterFacts): Support {
  const name = tier.toLowerCase();
  return {
    longTermSupport: supportPlan.toLowerCase() === LONG_TERM,
    tier: name === "premium" || name === "standard" ? name : "free",
    patchUpgrades: false,
  };
}

/** Without long-term support, Premium would only cost. */
export function communitySupport({ tier }: Support): Support {
  return { longTermSupport: false, tier: tier === "premium" ? "standard" : tier, patchUpgrades: false };
}

export function sameSupport(one: Support, other: Support): boolean {
  return one.longTermSupport === other.longTermSupport && one.tier === other.tier && one.patchUpgrades === other.patchUpgrades;
}

/** The lane of a version (`1.36.2`). */
export function laneOf(lanes: readonly Lane[], version: string): Lane | undefined {
  return lanes.find(({ minor }) => version === minor || version.startsWith(`${minor}.`));
}

/** Versions to upgrade to: those that Azure names for the cluster, and those that its version can reach with long-term support. */
export function targetsOf({ cluster, upgrades }: ClusterDetails, lanes: readonly Lane[]): UpgradeTarget[] {
  const patch = lanes.flatMap(({ patches }) => patches).find(({ version }) => version === cluster.kubernetesVersion);
  const known = new Set(upgrades.map(({ version }) => version));
  const more = (patch?.upgrades ?? []).filter((version) => !known.has(version) && laneOf(lanes, version)?.selectableWithLts === true);
  return [...upgrades, ...more.map((version) => ({ version, isPreview: false }))];
}

/** Whether a version can be had with long-term support only. */
export const isLongTermOnly = (lane: Lane | undefined): boolean => lane !== undefined && !lane.selectable && lane.selectableWithLts;
