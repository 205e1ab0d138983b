import type { ClusterFacts } from "../../../ipc/generated/ClusterFacts";
import type { LoadBalancer } from "../../../ipc/generated/LoadBalancer";
import type { NetworkPlugin } from "../../../ipc/generated/NetworkPlugin";
import type { Outbound } from "../../../ipc/generated/Outbound";
import type { Spec } from "../../../ipc/generated/Spec";
import type { SubnetFacts } from "../../../ipc/generated/SubnetFacts";
import type { VnetChoice } from "../../../ipc/generated/VnetChoice";
import type { VnetFacts } from "../../../ipc/generated/VnetFacts";

/** Candidate service ranges, most common first. None overlaps what AKS reserves. */
const SERVICE_RANGES = ["10.0.0.0/16", "10.100.0.0/16", "172.20.0.0/16", "192.168.0.0/16"] as const;

/** An empty custom network; mirrors `VnetChoice::default()` in Rust. */
const EMPTY_VNET: VnetChoice = {
  resourceGroup: "",
  name: "",
  subnet: "",
  serviceCidr: SERVICE_RANGES[0],
  dnsServiceIp: "10.0.0.10",
  dockerBridgeCidr: "172.17.0.1/16",
};

/** A custom network or one created by AKS. AKS creates none with a route table, so outbound routing is reset. */
export function withOwnNetwork(spec: Spec, own: boolean): Spec {
  const { network } = spec;
  if (own === (network.vnet !== null)) {
    return spec;
  }
  return { ...spec, network: own ? { ...network, vnet: EMPTY_VNET } : { ...network, vnet: null, outbound: "load_balancer" } };
}

/** Selects a network, with its only usable subnet and a service range that does not overlap. */
export function withVnet(spec: Spec, facts: VnetFacts): Spec {
  const before = spec.network.vnet ?? EMPTY_VNET;
  const usable = facts.subnets.filter(takesNodes);
  const subnet = usable.length === 1 ? (usable[0]?.name ?? "") : "";
  const taken = [...facts.addressSpace, ...(spec.network.plugin === "azure" ? [] : [spec.network.podCidr])];
  const usual = SERVICE_RANGES.some((range) => range === before.serviceCidr);
  const serviceCidr = usual ? (SERVICE_RANGES.find((range) => !taken.some((other) => overlap(range, other))) ?? before.serviceCidr) : before.serviceCidr;
  const dnsServiceIp = serviceCidr === before.serviceCidr ? before.dnsServiceIp : serviceCidr.replace(/0\/16$/, "10");
  return withVnetPart(spec, { ...before, resourceGroup: facts.resourceGroup, name: facts.name, subnet, serviceCidr, dnsServiceIp });
}

/** Updates values of the custom network. */
export function withVnetPart(spec: Spec, part: Partial<VnetChoice>): Spec {
  return { ...spec, network: { ...spec.network, vnet: { ...(spec.network.vnet ?? EMPTY_VNET), ...part } } };
}

export function withPlugin(spec: Spec, plugin: NetworkPlugin): Spec {
  return { ...spec, network: { ...spec.network, plugin } };
}

export function withOutbound(spec: Spec, outbound: Outbound): Spec {
  return { ...spec, network: { ...spec.network, outbound } };
}

/** Public or internal. */
export function withLoadBalancer(spec: Spec, kind: LoadBalancer["kind"]): Spec {
  if (spec.network.loadBalancer?.kind === kind) {
    return spec;
  }
  const loadBalancer: LoadBalancer = kind === "public" ? { kind } : { kind, subnet: null };
  return { ...spec, network: { ...spec.network, loadBalancer } };
}

/** The subnet of an internal address; empty means Azure ML's default. */
export function withInternalSubnet(spec: Spec, subnet: string): Spec {
  const name = subnet.trim();
  return { ...spec, network: { ...spec.network, loadBalancer: { kind: "internal", subnet: name === "" ? null : name } } };
}

/** The option key of a network: network names are unique only within a resource group. */
export function vnetKey({ resourceGroup, name }: Pick<VnetFacts, "resourceGroup" | "name">): string {
  return name === "" ? "" : `${resourceGroup}/${name}`;
}

/** A delegated subnet cannot be used for anything else. */
export function takesNodes(subnet: SubnetFacts): boolean {
  return subnet.delegations.length === 0;
}

/** The network an internal address would be in: the one chosen, or the one of the existing cluster. */
export function networkOfAddress(spec: Spec, vnets: readonly VnetFacts[], clusters: readonly ClusterFacts[]): VnetFacts | undefined {
  const { cluster, network } = spec;
  if (cluster.kind !== "existing") {
    const chosen = network.vnet;
    return chosen === null ? undefined : vnets.find((facts) => same(vnetKey(facts), vnetKey(chosen)));
  }
  const facts = clusters.find((candidate) => same(candidate.id, cluster.resourceId));
  const subnet = facts?.pools.find((pool) => pool.subnetId !== null)?.subnetId ?? null;
  return vnets.find((vnet) =>
    subnet === null ? same(vnet.resourceGroup, facts?.nodeResourceGroup ?? "") : subnet.toLowerCase().startsWith(`${vnet.id.toLowerCase()}/`),
  );
}

function same(one: string, other: string): boolean {
  return one !== "" && one.toLowerCase() === other.toLowerCase();
}

/** Whether two ranges (`10.0.0.0/16`) share an address. What is no range shares none. */
export function overlap(one: string, other: string): boolean {
  const [first, second] = [bounds(one), bounds(other)];
  return first !== null && second !== null && first.from <= second.to && second.from <= first.to;
}

function bounds(range: string): { from: number; to: number } | null {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(range);
  if (match === null) {
    return null;
  }
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  const size = 2 ** (32 - prefix);
  const from = Math.floor((((a * 256 + b) * 256 + c) * 256 + d) / size) * size;
  return { from, to: from + size - 1 };
}
