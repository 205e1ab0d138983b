import type { Finding } from "../../ipc/generated/Finding";

/** The consent for a finding: its rule, or its rule and the unread resource. Mirrors `Finding::waiver` in Rust. */
export function consentTo({ rule, resource }: Finding): string {
  return resource === undefined ? rule : `${rule}:${resource}`;
}

/** Focus path of the consent checkbox of a finding. */
export function consentField(finding: Finding): string {
  return `consent ${consentTo(finding)}`;
}

/** Whether a blocking finding has the user's consent. */
export function isAgreed(finding: Finding, consents: readonly string[]): boolean {
  return finding.severity === "blocking" && finding.waivable && consents.includes(consentTo(finding));
}

/** Blocking findings without consent. */
export function openFindings(findings: readonly Finding[], consents: readonly string[]): Finding[] {
  return findings.filter((finding) => finding.severity === "blocking" && !isAgreed(finding, consents));
}
