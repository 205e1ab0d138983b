import type { Lane } from "../../../ipc/generated/Lane";
import type { Spec } from "../../../ipc/generated/Spec";
import { canChoose, minorOf } from "./timeline";

/** Changes the version: a minor (`1.36`, Azure picks the patch) or a patch (`1.36.2`). */
export function withVersion(spec: Spec, kubernetes: string): Spec {
  return { ...spec, version: { ...spec.version, kubernetes } };
}

/**
 * Long-term support on or off. It needs the Premium tier, and without it Premium would only cost. A version that
 * cannot be had that way is open again.
 */
export function withLts(spec: Spec, longTermSupport: boolean, lanes: readonly Lane[]): Spec {
  const { kubernetes, tier } = spec.version;
  const lane = lanes.find((candidate) => candidate.minor === minorOf(kubernetes));
  const stays = lane !== undefined && canChoose(lane, longTermSupport);
  const without = tier === "premium" ? "standard" : tier;
  return {
    ...spec,
    version: { ...spec.version, kubernetes: stays ? kubernetes : "", longTermSupport, tier: longTermSupport ? "premium" : without },
  };
}
