import type { CertificateFacts } from "../../ipc/generated/CertificateFacts";

export type CheckId = "key" | "chain" | "name" | "dates" | "strength" | "usage";
export type CheckState = "good" | "warning" | "bad" | "open";

/** A check: its result, and its text (`tls:check.<id>.<words>`) with values. */
export interface Check {
  id: CheckId;
  state: CheckState;
  words: string;
  values: Record<string, string | number>;
}

/** Days before expiry from which to warn; same as rule TLS-15. */
const SOON_DAYS = 30;

/** All checks, in display order. Preflight rules check the same facts again. */
export function checksOf(facts: CertificateFacts): Check[] {
  return [key(facts), chain(facts), name(facts), dates(facts), strength(facts), usage(facts)];
}

/** `RSA 3072`, `ECDSA P-256`. */
export function keyWords({ keyType, keyBits }: CertificateFacts): string {
  return keyType === "RSA" && keyBits > 0 ? `RSA ${keyBits}` : keyType;
}

/** The display name of a certificate: its common name, else the whole subject. */
export function shortSubject(subject: string): string {
  return /(?:^|,\s*)CN=([^,]+)/.exec(subject)?.[1]?.trim() ?? subject;
}

function check(id: CheckId, state: CheckState, words: string, values: Check["values"] = {}): Check {
  return { id, state, words, values };
}

function key(facts: CertificateFacts): Check {
  if (!facts.keyGiven) {
    return check("key", "bad", "missing");
  }
  return facts.keyMatches ? check("key", "good", "good") : check("key", "bad", "other");
}

function chain(facts: CertificateFacts): Check {
  if (facts.selfSigned) {
    return check("chain", "warning", "selfSigned");
  }
  if (!facts.complete) {
    return check("chain", "warning", "incomplete", { issuer: shortSubject(facts.missingIssuer ?? facts.issuer) });
  }
  if (!facts.signedInOrder) {
    return check("chain", "bad", "broken");
  }
  const values = { count: facts.chain.length };
  return facts.inOrder ? check("chain", "good", "good", values) : check("chain", "good", "mended", values);
}

function name(facts: CertificateFacts): Check {
  const values = { cname: facts.cname ?? "", names: facts.names.join(", ") };
  if (facts.covers === null) {
    return check("name", "open", "notAsked", values);
  }
  if (!facts.covers) {
    return check("name", "bad", "other", values);
  }
  return facts.onlyCommonNameCovers ? check("name", "warning", "commonName", values) : check("name", "good", "good", values);
}

function dates(facts: CertificateFacts): Check {
  const values = { count: Math.abs(facts.daysLeft), from: facts.notBefore, until: facts.notAfter };
  if (facts.expired) {
    return check("dates", "bad", "expired", values);
  }
  if (facts.notYetValid) {
    return check("dates", "bad", "notYet", values);
  }
  return facts.daysLeft < SOON_DAYS ? check("dates", "warning", "soon", values) : check("dates", "good", "good", values);
}

function strength(facts: CertificateFacts): Check {
  const values = { key: keyWords(facts), signature: facts.signature };
  if (facts.weakKey) {
    return check("strength", "bad", "weakKey", values);
  }
  return facts.weakSignature ? check("strength", "bad", "weakSignature", values) : check("strength", "good", "good", values);
}

function usage(facts: CertificateFacts): Check {
  if (facts.serverAuth === false) {
    return check("usage", "bad", "notServer");
  }
  return facts.leafIsCa && !facts.selfSigned ? check("usage", "warning", "authority") : check("usage", "good", "good");
}
