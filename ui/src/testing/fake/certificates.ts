import type { CertificateFacts } from "../../ipc/generated/CertificateFacts";
import type { EndpointCertificates } from "../../ipc/generated/EndpointCertificates";
import type { Inventory } from "../../ipc/generated/Inventory";
import type { KeptCertificate } from "../../ipc/generated/KeptCertificate";
import type { PlaceSeen } from "../../ipc/generated/PlaceSeen";
import { facts, inDays, madeFacts } from "./certificate";
import { clusterId } from "./clusters";
import { SUBSCRIPTION } from "./session";

/** The ID of a compute from its group, workspace and name. */
export const computeId = (name: string, group = "rg-ml-prod", workspace = "ml-prod"): string =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.MachineLearningServices/workspaces/${workspace}/computes/${name}`;

/** The same certificate with another age. */
function aged(certificate: CertificateFacts, daysLeft: number, lifeDays: number, part: Partial<CertificateFacts> = {}): CertificateFacts {
  const [leaf, ...rest] = certificate.chain;
  const dates = { notBefore: inDays(daysLeft - lifeDays), notAfter: inDays(daysLeft), daysLeft };
  return {
    ...certificate,
    ...dates,
    lifeDays,
    expired: daysLeft < 0,
    chain: leaf === undefined ? [] : [{ ...leaf, ...dates }, ...rest],
    sha256: fingerprint(`${certificate.subject} ${lifeDays} ${daysLeft}`),
    ...part,
  };
}

/** 64 hexadecimal digits derived from a text. */
function fingerprint(text: string): string {
  let state = 17;
  return Array.from({ length: 64 }, (_, at) => {
    state = (state * 31 + text.charCodeAt(at % text.length) + at) % 65_521;
    return (state % 16).toString(16);
  }).join("");
}

const seen = (wire: CertificateFacts | null, cluster: CertificateFacts | null, applied: CertificateFacts | null, why = ""): PlaceSeen[] => [
  // Nobody shows a key.
  { place: "wire", certificate: wire === null ? null : { ...wire, keyGiven: false, keyMatches: false }, why: wire === null && why !== "" ? why : null },
  { place: "cluster", certificate: cluster, why: cluster === null && why !== "" ? why : null },
  { place: "applied", certificate: applied, why: null },
];

const endpoint = (name: string, cluster: [string, string], part: Partial<EndpointCertificates>): EndpointCertificates => ({
  computeId: computeId(name, cluster[0], cluster[0] === "rg-risk" ? "credit-risk" : "ml-prod"),
  also: [],
  clusterId: clusterId(...cluster),
  route: "classic",
  tls: "own",
  name: null,
  label: null,
  address: "20.101.44.7",
  places: seen(null, null, null),
  agreement: "none",
  due: "unknown",
  renewAt: null,
  renewal: "nothing",
  ...part,
});

const scoring = aged(facts("ml.contoso.com"), 214, 365);
const local = madeFacts("scoring.contoso.com");
const root = { subject: "O=Berth, CN=Berth authority on this computer", issuer: "O=Berth, CN=Berth authority on this computer", role: "root", sha256: "authority" };
/** Signed by the local certificate authority. */
const signed = (certificate: CertificateFacts): CertificateFacts => ({
  ...certificate,
  issuer: root.subject,
  selfSigned: false,
  issuedBy: "private",
  chain: certificate.chain.flatMap((check) => [{ ...check, issuer: root.subject }, { ...check, ...root, daysLeft: 3200, notAfter: inDays(3200) }]),
});
const former = signed(aged(local, 9, 90));
const fresh = signed(aged(local, 88, 90));
const own = aged(madeFacts("trial.contoso.com"), 20, 90);
const expired = aged(madeFacts("legacy.contoso.com"), -4, 397);
const microsoft = aged(facts("fraud"), 2, 180, {
  subject: "CN=fraudk2j9x1.westeurope.cloudapp.azure.com",
  issuer: "C=US, O=Microsoft Corporation, CN=Microsoft Azure RSA TLS Issuing CA 07",
  names: ["fraudk2j9x1.westeurope.cloudapp.azure.com"],
  issuedBy: "public",
  cname: null,
  covers: null,
  keyBits: 2048,
});

/** A certificate in every status, soonest expiry first. */
const endpoints: EndpointCertificates[] = [
  endpoint("legacy", ["rg-ml-prod", "prod-classic"], {
    name: "legacy.contoso.com",
    places: seen(expired, expired, null),
    agreement: "agree",
    due: "expired",
    renewAt: inDays(-136),
    renewal: "self_signed",
  }),
  endpoint("fraud", ["rg-ml-prod", "prod-classic"], {
    tls: "microsoft",
    label: "fraud",
    places: seen(microsoft, null, null, "secret azuremlfessl: forbidden"),
    agreement: "alone",
    due: "urgent",
    renewAt: inDays(-58),
    renewal: "microsoft",
  }),
  endpoint("prod-01", ["rg-ml-prod", "prod-classic"], {
    name: "scoring.contoso.com",
    places: seen(former, fresh, fresh),
    agreement: "differ",
    due: "soon",
    renewAt: inDays(-21),
    renewal: "local_authority",
  }),
  endpoint("prod-02", ["rg-ml-prod", "prod-classic"], {
    route: "extension",
    name: "trial.contoso.com",
    places: seen(own, own, own),
    agreement: "agree",
    due: "renew",
    renewAt: inDays(-10),
    renewal: "self_signed",
  }),
  endpoint("scoring", ["rg-ml-prod", "scoring-01"], {
    route: "extension",
    name: "ml.contoso.com",
    places: seen(scoring, scoring, scoring),
    agreement: "agree",
    due: "fine",
    renewAt: inDays(92),
    renewal: "bring",
  }),
  endpoint("risk-dev", ["rg-risk", "risk-models"], { tls: "off", address: "10.20.4.200" }),
];

const kept = (id: string, part: Partial<KeptCertificate>): KeptCertificate => ({
  id,
  origin: { kind: "taken" },
  keptAt: inDays(-30),
  certificate: null,
  why: null,
  usedBy: [],
  inDraft: false,
  due: "fine",
  ...part,
});

/** Certificates in the keychain, soonest expiry first. */
const keptPairs: KeptCertificate[] = [
  kept("own", { origin: { kind: "key_vault", secret: "https://contoso-ml.vault.azure.net/secrets/ml-contoso-com" }, certificate: scoring, usedBy: [computeId("scoring")] }),
  kept("made", { origin: { kind: "made" }, keptAt: inDays(-2), certificate: fresh, usedBy: [computeId("prod-01")] }),
  kept("asked", { origin: { kind: "requested" }, keptAt: inDays(-1), certificate: aged(facts("ml.contoso.com"), 363, 365), inDraft: true }),
  kept("lost", { origin: { kind: "unknown" }, keptAt: null, due: "unknown", why: "The keychain did not return it." }),
];

/** Certificates of a subscription, read just now. Only one subscription has any. */
export function inventoryOf(subscriptionId: string, readAt = new Date().toISOString()): Inventory {
  return { readAt, subscriptionId, endpoints: subscriptionId === SUBSCRIPTION ? endpoints : [], kept: keptPairs, problems: [] };
}
