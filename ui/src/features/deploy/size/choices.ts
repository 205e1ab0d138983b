import type { Amounts } from "../../../ipc/generated/Amounts";
import type { DeploySpec } from "../../../ipc/generated/DeploySpec";
import type { InstanceType } from "../../../ipc/generated/InstanceType";
import type { Probe } from "../../../ipc/generated/Probe";
import type { RequestSettings } from "../../../ipc/generated/RequestSettings";
import type { Resources } from "../../../ipc/generated/Resources";
import type { Scale } from "../../../ipc/generated/Scale";

const THOUSAND = 1_000;
const GIB = 1_024 ** 3;
const GPU = "nvidia.com/gpu";

/** Fields of a probe, in the order of Azure ML's documentation. */
export const PROBE_FIELDS = ["initialDelay", "period", "timeout", "failureThreshold", "successThreshold"] as const satisfies readonly (keyof Probe)[];

/** What a replica of an instance type gets, in whole units. */
export interface Figures {
  cpu: number;
  memoryGib: number;
  gpu: number;
}

export function figuresOf({ cpu, memory, others }: Amounts): Figures {
  return { cpu: cpu / THOUSAND, memoryGib: memory / GIB, gpu: others[GPU] ?? 0 };
}

/** The instance type of a specification: the named one, or the one that every compute has. */
export function instanceTypeOf(types: readonly InstanceType[] | null | undefined, name: string, standard: string): InstanceType | undefined {
  return types?.find((type) => type.name === (name === "" ? standard : name));
}

export function withResources(spec: DeploySpec, part: Partial<Resources>): DeploySpec {
  return { ...spec, resources: { ...spec.resources, ...part } };
}

export function withRequests(spec: DeploySpec, part: Partial<RequestSettings>): DeploySpec {
  return { ...spec, requests: { ...spec.requests, ...part } };
}

/** Toggles the autoscaler; initial limits are the current count and twice that. */
export function withAutoscale(spec: DeploySpec, on: boolean): DeploySpec {
  const { scale } = spec;
  if (on === (scale.kind === "auto")) {
    return spec;
  }
  const fewest = scale.kind === "auto" ? scale.min : scale.replicas;
  return { ...spec, scale: on ? { kind: "auto", min: fewest, max: fewest * 2, target: null, seconds: null } : { kind: "fixed", replicas: fewest } };
}

/** Changes the autoscaler, if there is one. */
export function withAuto(spec: DeploySpec, part: Partial<Omit<Extract<Scale, { kind: "auto" }>, "kind">>): DeploySpec {
  return spec.scale.kind === "auto" ? { ...spec, scale: { ...spec.scale, ...part } } : spec;
}

/** Changes one value of a probe; the others are the defaults. Back at the defaults, the probe is the default one again. */
export function withProbe(spec: DeploySpec, name: "liveness" | "readiness", defaults: Probe, part: Partial<Probe>): DeploySpec {
  const probe = { ...(spec[name] ?? defaults), ...part };
  const same = PROBE_FIELDS.every((field) => probe[field] === defaults[field]);
  return { ...spec, [name]: same ? null : probe };
}
