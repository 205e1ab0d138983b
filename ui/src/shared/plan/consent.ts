import type { Finding } from "../../ipc/generated/Finding";

/** What lets a finding pass: its rule, or with it the one resource that could not be read. As `Finding::waiver` in Rust. */
export function consentTo({ rule, resource }: Finding): string {
  return resource === undefined ? rule : `${rule}:${resource}`;
}

/** Path of the checkbox that agrees to a finding, for the focus. */
export function consentField(finding: Finding): string {
  return `consent ${consentTo(finding)}`;
}

/** Whether a finding blocks and the person has agreed to it. */
export function isAgreed(finding: Finding, consents: readonly string[]): boolean {
  return finding.severity === "blocking" && finding.waivable && consents.includes(consentTo(finding));
}

/** What blocks and has not been agreed to. */
export function openFindings(findings: readonly Finding[], consents: readonly string[]): Finding[] {
  return findings.filter((finding) => finding.severity === "blocking" && !isAgreed(finding, consents));
}
