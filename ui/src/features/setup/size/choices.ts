import type { Spec } from "../../../ipc/generated/Spec";
import type { Suggestion } from "../../../ipc/generated/Suggestion";
import type { Usage } from "../../../ipc/generated/Usage";
import type { VmSize } from "../../../ipc/generated/VmSize";

/** Applies a suggested size and node count, widening the autoscaler limits if needed. */
export function withSuggestion(spec: Spec, { vmSize, nodes }: Suggestion): Spec {
  return withNodes({ ...spec, size: { ...spec.size, vmSize } }, nodes);
}

/** Sets the node count. */
export function withNodes(spec: Spec, nodes: number): Spec {
  const { autoscale } = spec.size;
  const held = autoscale === null ? null : { min: Math.min(autoscale.min, nodes), max: Math.max(autoscale.max, nodes) };
  return { ...spec, size: { ...spec.size, nodes, autoscale: held } };
}

/** Toggles the autoscaler; initial limits are the current count and twice that. */
export function withAutoscale(spec: Spec, on: boolean): Spec {
  const { nodes } = spec.size;
  return { ...spec, size: { ...spec.size, autoscale: on ? { min: nodes, max: nodes * 2 } : null } };
}

/** Filter and sort order of the size table. */
export interface SizeFilter {
  text: string;
  gpuOnly: boolean;
  usableOnly: boolean;
  sort: "name" | "vcpus" | "memory";
  descending: boolean;
}

const byName = (one: VmSize, other: VmSize): number => one.name.localeCompare(other.name, "en", { numeric: true });

/** The sizes that pass a filter, ordered. */
export function filterSizes(sizes: readonly VmSize[], { text, gpuOnly, usableOnly, sort, descending }: SizeFilter): VmSize[] {
  const wanted = text.trim().toLowerCase().replaceAll(" ", "_");
  const passing = sizes.filter(
    (size) =>
      size.name.toLowerCase().includes(wanted) && (!gpuOnly || size.gpus > 0) && (!usableOnly || (size.restricted === null && size.architecture === "x64")),
  );
  const direction = descending ? -1 : 1;
  const by = {
    name: byName,
    vcpus: (one: VmSize, other: VmSize) => one.vcpus - other.vcpus || byName(one, other),
    memory: (one: VmSize, other: VmSize) => one.memoryGib - other.memoryGib || byName(one, other),
  };
  return passing.sort((one, other) => direction * by[sort](one, other));
}

/** vCPU quota left for a size: the smaller of family and location; `null` if unknown. */
export function quotaLeft(size: VmSize, usages: readonly Usage[]): number | null {
  const left = usages
    .filter((usage) => usage.name === "cores" || usage.name.toLowerCase() === size.family.toLowerCase())
    .map((usage) => Math.max(0, usage.limit - usage.used));
  return left.length === 0 ? null : Math.min(...left);
}
