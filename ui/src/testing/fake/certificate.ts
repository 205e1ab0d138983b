import type { CertificateFacts } from "../../ipc/generated/CertificateFacts";
import type { CertificateFiles } from "../../ipc/generated/CertificateFiles";
import type { CertificateOrder } from "../../ipc/generated/CertificateOrder";
import type { CertificateReport } from "../../ipc/generated/CertificateReport";
import type { ChainCertificate } from "../../ipc/generated/ChainCertificate";
import type { ChosenFile } from "../../ipc/generated/ChosenFile";
import type { PairRef } from "../../ipc/generated/PairRef";

const DAY_MS = 86_400_000;
/** A time a number of days from now. */
export const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

/** Certificates by their facts, so that one can be checked again. */
export const OWN_PAIR: PairRef = { kind: "vault", id: "own" };
const MADE_PAIR: PairRef = { kind: "vault", id: "made" };

const link = (role: string, name: string, issuer: string, daysLeft: number, part: Partial<ChainCertificate> = {}): ChainCertificate => ({
  subject: `O=Contoso, CN=${name}`,
  issuer: `O=Contoso, CN=${issuer}`,
  notBefore: inDays(-30),
  notAfter: inDays(daysLeft),
  daysLeft,
  role,
  signedByNext: true,
  problems: [],
  sha256: `${role}${name}`,
  ...part,
});

/** Facts of a good certificate for `ml.contoso.com` and its subdomains. */
export function facts(cname: string, part: Partial<CertificateFacts> = {}): CertificateFacts {
  const covers = cname === "" ? null : /^([^.]+\.)?ml\.contoso\.com$/.test(cname);
  return {
    subject: "O=Contoso, CN=ml.contoso.com",
    issuer: "O=Contoso, CN=Contoso Issuing CA 2",
    serial: "4f3a91c07b",
    names: ["ml.contoso.com", "*.ml.contoso.com"],
    notBefore: inDays(-30),
    notAfter: inDays(214),
    daysLeft: 214,
    lifeDays: 244,
    notYetValid: false,
    expired: false,
    keyType: "RSA",
    keyBits: 3072,
    weakKey: false,
    usualKey: true,
    signature: "sha256WithRSAEncryption",
    weakSignature: false,
    keyGiven: true,
    keyMatches: true,
    chain: [
      link("leaf", "ml.contoso.com", "Contoso Issuing CA 2", 214),
      link("intermediate", "Contoso Issuing CA 2", "Contoso Root CA", 1480),
      link("root", "Contoso Root CA", "Contoso Root CA", 4012),
    ],
    inOrder: false,
    signedInOrder: true,
    complete: true,
    rootIncluded: true,
    missingIssuer: null,
    leftOut: [],
    sources: [],
    issuedBy: "private",
    selfSigned: false,
    leafIsCa: false,
    serverAuth: true,
    cname: cname === "" ? null : cname,
    covers,
    onlyCommonNameCovers: false,
    sha256: "leafml.contoso.com",
    ...part,
  };
}

/** Facts of a certificate that fails every check. */
export function poorFacts(cname: string): CertificateFacts {
  return facts(cname, {
    names: ["old.contoso.com"],
    covers: cname === "" ? null : false,
    daysLeft: -12,
    notAfter: inDays(-12),
    expired: true,
    complete: false,
    missingIssuer: "O=Contoso, CN=Contoso Issuing CA 2",
    chain: [link("leaf", "old.contoso.com", "Contoso Issuing CA 2", -12, { problems: ["expired", "issuer_missing"], signedByNext: null })],
    keyBits: 1024,
    weakKey: true,
    usualKey: false,
    issuedBy: "unknown",
    serverAuth: false,
  });
}

/** Facts of a certificate that Berth created. */
export function madeFacts(cname: string): CertificateFacts {
  const own = `CN=${cname}`;
  return facts(cname, {
    subject: own,
    issuer: own,
    names: [cname],
    keyType: "ECDSA P-256",
    keyBits: 256,
    signature: "ecdsa-with-SHA256",
    daysLeft: 396,
    lifeDays: 397,
    notAfter: inDays(396),
    chain: [{ ...link("leaf", cname, cname, 396), subject: own, issuer: own }],
    inOrder: true,
    rootIncluded: true,
    issuedBy: "self_signed",
    selfSigned: true,
    covers: true,
  });
}

/** A file as the host names it; here its ID is its path. */
export function chosen(path: string): ChosenFile {
  return { id: path, name: path.replace(/^.*[\\/]/, "") };
}

/** Files with `old` in their id hold a poor certificate. */
export function take({ files, cname }: CertificateFiles): CertificateReport {
  const old = files.some((file) => file.includes("old"));
  return old ? { pair: { kind: "vault", id: "old" }, facts: poorFacts(cname) } : { pair: OWN_PAIR, facts: facts(cname) };
}

export function make({ cname }: CertificateOrder): CertificateReport {
  return { pair: MADE_PAIR, facts: madeFacts(cname) };
}

export function check(pair: PairRef, cname: string): CertificateReport {
  const id = pair.kind === "vault" ? pair.id : "own";
  return { pair, facts: id === "made" ? madeFacts(cname) : id === "old" ? poorFacts(cname) : facts(cname) };
}
