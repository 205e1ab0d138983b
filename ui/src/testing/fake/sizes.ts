import type { SizeAnswer } from "../../ipc/generated/SizeAnswer";
import type { SizeCatalogue } from "../../ipc/generated/SizeCatalogue";
import type { Spec } from "../../ipc/generated/Spec";
import type { Suggestion } from "../../ipc/generated/Suggestion";
import type { VmSize } from "../../ipc/generated/VmSize";

const size = (name: string, family: string, vcpus: number, memoryGib: number, part: Partial<VmSize> = {}): VmSize => ({
  name: `Standard_${name}`,
  family,
  vcpus,
  memoryGib,
  gpus: 0,
  architecture: "x64",
  zones: ["1", "2", "3"],
  restricted: null,
  premiumIo: true,
  ...part,
});

const series = (prefix: string, suffix: string, family: string, perVcpu: number, counts: number[]): VmSize[] =>
  counts.map((count) => size(`${prefix}${count}${suffix}`, family, count, count * perVcpu));

export const sizes: SizeCatalogue = {
  sizes: [
    ...series("D", "s_v5", "standardDSv5Family", 4, [2, 4, 8, 16, 32, 48, 64]),
    ...series("D", "s_v6", "StandardDsv6Family", 4, [2, 4, 8, 16, 32]),
    ...series("E", "s_v5", "standardESv5Family", 8, [2, 4, 8, 16, 32]),
    ...series("F", "s_v2", "standardFSv2Family", 2, [2, 4, 8, 16, 32]),
    size("D4ps_v5", "standardDPSv5Family", 4, 16, { architecture: "Arm64" }),
    size("NC4as_T4_v3", "Standard NCASv3_T4 Family", 4, 28, { gpus: 1, zones: [] }),
    size("NC24ads_A100_v4", "StandardNCADSA100v4Family", 24, 220, { gpus: 1, restricted: "NotAvailableForSubscription" }),
    size("B2s", "standardBSFamily", 2, 4, { premiumIo: true }),
  ],
  usages: [
    { name: "cores", label: "Total Regional vCPUs", used: 148, limit: 350 },
    { name: "standardDSv5Family", label: "Standard DSv5 Family vCPUs", used: 28, limit: 100 },
    { name: "standardESv5Family", label: "Standard ESv5 Family vCPUs", used: 0, limit: 20 },
    { name: "standardFSv2Family", label: "Standard FSv2 Family vCPUs", used: 16, limit: 50 },
  ],
  usagesProblem: null,
};

const suggestion = (name: string, nodes: number, reason: string): Suggestion => {
  const found = sizes.sizes.find((candidate) => candidate.name === `Standard_${name}`);
  const vcpus = (found?.vcpus ?? 0) * nodes;
  return {
    vmSize: `Standard_${name}`,
    nodes,
    vcpus,
    memoryGib: (found?.memoryGib ?? 0) * nodes,
    gpus: 0,
    freeVcpus: vcpus - 3.6,
    quotaLeft: 72 - vcpus,
    reason,
  };
};

export function suggest(spec: Spec): SizeAnswer {
  const chosen = sizes.sizes.find((candidate) => candidate.name === spec.size.vmSize);
  const taken = (chosen?.vcpus ?? 0) * spec.size.nodes;
  const family = sizes.usages.find((usage) => usage.name === chosen?.family);
  const overhead = spec.route === "classic" ? null : spec.size.nodes < 3 ? 1.78 : 3.6;
  const nodes = Math.max(3, Math.ceil(spec.size.needVcpus / 4));
  return {
    suggestions: [
      suggestion("D4s_v5", nodes, "best_fit"),
      suggestion("D8s_v5", Math.max(3, Math.ceil(nodes / 2)), "fewer_nodes"),
      suggestion("E4s_v5", nodes, "more_memory"),
    ],
    meter: {
      required: Math.max(spec.size.needVcpus, spec.purpose === "production" ? 12 : 0),
      chosen: taken,
      overhead,
      advised: overhead === null || spec.purpose !== "production" ? null : 12.7,
      free: Math.max(0, taken - (overhead ?? 0)),
      family: family === undefined ? null : { label: family.label, used: family.used, takes: taken, limit: family.limit },
      location: chosen === undefined ? null : { label: "Total Regional vCPUs", used: 148, takes: taken, limit: 350 },
    },
    usagesProblem: sizes.usagesProblem,
  };
}
