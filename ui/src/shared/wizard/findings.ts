import type { Finding } from "../../ipc/generated/Finding";

/** Current local findings plus findings from Azure, worst first. */
export function mergeFindings(local: readonly Finding[], fromAzure: readonly Finding[]): Finding[] {
  return [...local, ...withoutKnown(fromAzure, local)].sort((a, b) => rank(a) - rank(b));
}

/** The findings that are not among the known ones. */
export function withoutKnown(findings: readonly Finding[], known: readonly Finding[]): Finding[] {
  const identities = new Set(known.map(identity));
  return findings.filter((finding) => !identities.has(identity(finding)));
}

/** Findings with the same key are duplicates. */
function identity(finding: Finding): string {
  return `${finding.code} ${finding.field ?? ""}`;
}

const RANKS = { blocking: 0, warning: 1, unknown: 2, information: 3 } as const;

function rank(finding: Finding): number {
  return RANKS[finding.severity];
}
