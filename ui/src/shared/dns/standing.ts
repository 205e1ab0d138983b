import type { DnsKind } from "../../ipc/generated/DnsKind";
import type { DnsRecord } from "../../ipc/generated/DnsRecord";
import type { DnsSeen } from "../../ipc/generated/DnsSeen";

/** How long a new record may be kept by those who asked for it, in seconds; the texts of Rust have the same. */
export const TTL_SECONDS = 300;

/** How a record stands in the DNS, in one word. */
export type DnsStanding = "looking" | "answers" | "missing" | "other" | "problem";

export function standingOf(seen: DnsSeen | undefined): DnsStanding {
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

/** Until when others may keep what was seen, in milliseconds; `null` where that is not known. */
export function keptUntil({ ttlSeconds, lookedAt, agrees, values }: DnsSeen): number | null {
  return agrees || values.length === 0 || ttlSeconds === null ? null : Date.parse(lookedAt) + ttlSeconds * 1000;
}

/** What a name and a value are made of that go into a zone file as they are. */
const PLAIN = /^[\w.*:-]+$/;

/** The record as a zone file has it; `null` where it cannot stand there as it is. */
export function zoneLine({ name, kind, value }: DnsRecord): string | null {
  return PLAIN.test(name) && PLAIN.test(value) ? `${name}. ${TTL_SECONDS} IN ${kind} ${kind === "TXT" ? `"${value}"` : value}` : null;
}

/** The record that leads a name to an address. */
export function addressRecord(name: string, address: string): DnsRecord {
  const kind: DnsKind = address.includes(":") ? "AAAA" : "A";
  return { name, kind, value: address };
}
