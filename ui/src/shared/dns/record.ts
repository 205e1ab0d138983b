import type { DnsKind } from "../../ipc/generated/DnsKind";
import type { DnsRecord } from "../../ipc/generated/DnsRecord";
import type { DnsSeen } from "../../ipc/generated/DnsSeen";

/** TTL of a new record in seconds; same as in the Rust texts. */
export const TTL_SECONDS = 300;

/** The DNS status of a record. */
export type DnsState = "looking" | "answers" | "missing" | "other" | "problem";

export function dnsStateOf(seen: DnsSeen | undefined): DnsState {
  if (seen === undefined) {
    return "looking";
  }
  if (seen.agrees) {
    return "answers";
  }
  if (seen.problem !== null) {
    return "problem";
  }
  return seen.values.length === 0 ? "missing" : "other";
}

/** Until when resolvers may cache the seen value, in milliseconds; `null` if unknown. */
export function keptUntil({ ttlSeconds, lookedAt, agrees, values }: DnsSeen): number | null {
  return agrees || values.length === 0 || ttlSeconds === null ? null : Date.parse(lookedAt) + ttlSeconds * 1000;
}

/** What a name and a value are made of that go into a zone file as they are. */
const PLAIN = /^[\w.*:-]+$/;

/** The record in zone file format; `null` if it cannot be written without escaping. */
export function zoneLine({ name, kind, value }: DnsRecord): string | null {
  return PLAIN.test(name) && PLAIN.test(value) ? `${name}. ${TTL_SECONDS} IN ${kind} ${kind === "TXT" ? `"${value}"` : value}` : null;
}

/** The DNS record that points a name to an address. */
export function addressRecord(name: string, address: string): DnsRecord {
  const kind: DnsKind = address.includes(":") ? "AAAA" : "A";
  return { name, kind, value: address };
}
