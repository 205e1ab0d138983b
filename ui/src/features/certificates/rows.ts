import type { CertificateFacts } from "../../ipc/generated/CertificateFacts";
import type { Due } from "../../ipc/generated/Due";
import type { EndpointCertificates } from "../../ipc/generated/EndpointCertificates";
import { endpointName, inForce } from "../../shared/inventory";
import { nameOf } from "../../shared/resources";
import type { Sorted } from "../../shared/table";
import { keyWords, shortSubject } from "../../shared/tls/checks";

const YEAR_DAYS = 365;

/** Elapsed lifetime from which renewal is recommended: two thirds, but at most a year before expiry. */
export function renewMarkOf({ lifeDays }: CertificateFacts): number {
  return Math.max(2 / 3, 1 - YEAR_DAYS / Math.max(1, lifeDays));
}

/** The state of an endpoint's certificate: no TLS, a name that callers do not use, or the urgency of its renewal. */
export type State = Due | "off" | "wrong_name";

/** States, most urgent first. */
const URGENCY: readonly State[] = ["expired", "wrong_name", "urgent", "soon", "renew", "unknown", "off", "fine"];

/** The state of an endpoint's certificate. Callers refuse a certificate with another name as they refuse an expired one. */
export function stateOf(endpoint: EndpointCertificates): State {
  if (endpoint.tls === "off") {
    return "off";
  }
  return endpoint.due !== "expired" && inForce(endpoint)?.covers === false ? "wrong_name" : endpoint.due;
}

/** Whether a certificate needs renewal now. */
export function needsRenewal(due: Due): boolean {
  return due !== "fine" && due !== "unknown";
}

/** Whether Berth can reissue the certificate. */
export function canRenew({ renewal }: EndpointCertificates): boolean {
  return renewal === "self_signed" || renewal === "local_authority";
}

/** Elapsed part of a certificate's lifetime, from 0 to 1. */
export function elapsedOf({ daysLeft, lifeDays }: CertificateFacts): number {
  return lifeDays <= 0 ? 1 : Math.min(1, Math.max(0, 1 - daysLeft / lifeDays));
}

export type SortKey = "name" | "compute" | "issuer" | "ends" | "state" | "agreement";

export type EndpointsSort = Sorted<SortKey>;

/** Label and count of each part of the summary, without empty parts. */
export function summaryOf(endpoints: readonly EndpointCertificates[]): { part: "due" | "wrong_name" | "differ" | "fine" | "unseen" | "off"; count: number }[] {
  const counted = {
    due: (one: EndpointCertificates) => needsRenewal(one.due),
    wrong_name: (one: EndpointCertificates) => stateOf(one) === "wrong_name",
    differ: (one: EndpointCertificates) => one.agreement === "differ",
    fine: (one: EndpointCertificates) => stateOf(one) === "fine",
    unseen: (one: EndpointCertificates) => stateOf(one) === "unknown",
    off: (one: EndpointCertificates) => one.tls === "off",
  };
  return (["due", "wrong_name", "differ", "fine", "unseen", "off"] as const)
    .map((part) => ({ part, count: endpoints.filter(counted[part]).length }))
    .filter(({ count }) => count > 0);
}

/** Endpoints that match a text, sorted. */
export function shownOf(endpoints: readonly EndpointCertificates[], text: string, { sort, descending }: EndpointsSort): EndpointCertificates[] {
  const words = text.trim().toLowerCase().split(/\s+/);
  const fitting = endpoints.filter((one) => {
    const searched = wordsOf(one);
    return words.every((word) => searched.includes(word));
  });
  const direction = descending ? -1 : 1;
  return fitting.sort((one, other) => direction * (ORDER[sort](one, other) || natural(endpointName(one), endpointName(other))));
}

function wordsOf(endpoint: EndpointCertificates): string {
  const found = inForce(endpoint);
  const own = [endpoint.name, endpoint.label, endpoint.address, nameOf(endpoint.computeId), nameOf(endpoint.clusterId), stateOf(endpoint), endpoint.agreement];
  return [...own, ...(found === null ? [] : [found.issuer, keyWords(found), ...found.names])].join(" ").toLowerCase();
}

type Compare = (one: EndpointCertificates, other: EndpointCertificates) => number;

const natural = (one: string, other: string): number => one.localeCompare(other, "en", { numeric: true });
const endOf = (endpoint: EndpointCertificates): number => Date.parse(inForce(endpoint)?.notAfter ?? "9999-12-31");
const issuerOf = (endpoint: EndpointCertificates): string => shortSubject(inForce(endpoint)?.issuer ?? "");

const ORDER: Record<SortKey, Compare> = {
  name: (one, other) => natural(endpointName(one), endpointName(other)),
  compute: (one, other) => natural(nameOf(one.computeId), nameOf(other.computeId)),
  issuer: (one, other) => natural(issuerOf(one), issuerOf(other)),
  ends: (one, other) => endOf(one) - endOf(other),
  state: (one, other) => URGENCY.indexOf(stateOf(one)) - URGENCY.indexOf(stateOf(other)),
  agreement: (one, other) => natural(one.agreement, other.agreement),
};

export type Difference = "fingerprint" | "names" | "dates" | "issuer" | "key";

/** The differences between two certificates. */
export function differencesOf(one: CertificateFacts, other: CertificateFacts): Difference[] {
  const told: Record<Difference, boolean> = {
    fingerprint: one.sha256 !== other.sha256,
    names: [...one.names].sort().join() !== [...other.names].sort().join(),
    dates: one.notBefore !== other.notBefore || one.notAfter !== other.notAfter,
    issuer: one.issuer !== other.issuer,
    key: keyWords(one) !== keyWords(other),
  };
  return (Object.keys(told) as Difference[]).filter((difference) => told[difference]);
}

/** A fingerprint in groups of four. */
export function spaced(sha256: string): string {
  return sha256.replace(/(.{4})(?=.)/g, "$1 ");
}

/** Parses typed names, separated by lines, commas or spaces. */
export function namesIn(typed: string): string[] {
  return [...new Set(typed.split(/[\s,;]+/).map((name) => name.trim().replace(/\.$/, "").toLowerCase()))].filter((name) => name !== "");
}
