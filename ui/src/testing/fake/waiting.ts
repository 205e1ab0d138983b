import type { AcmeOrder } from "../../ipc/generated/AcmeOrder";
import type { AcmeOrderArgs } from "../../ipc/generated/AcmeOrderArgs";
import type { CertificateRequestOrder } from "../../ipc/generated/CertificateRequestOrder";
import type { WaitingRequest } from "../../ipc/generated/WaitingRequest";
import { inDays } from "./certificate";

const REQUEST = `-----BEGIN CERTIFICATE REQUEST-----
MIHrMIGSAgEAMBkxFzAVBgNVBAMMDm1sLmNvbnRvc28uY29tMFkwEwYHKoZIzj0C
AQYIKoZIzj0DAQcDQgAEc2FtcGxlIG9ubHksIG5vdCBhIHJlYWwgcmVxdWVzdCEh
-----END CERTIFICATE REQUEST-----
`;

export function requestOf(id: string, { names, key }: CertificateRequestOrder, madeAt = new Date().toISOString()): WaitingRequest {
  return { id, names, key, madeAt, publicKey: `public-${id}`, requestPem: REQUEST };
}

export function orderOf(id: string, { directory, names }: Pick<AcmeOrderArgs, "directory" | "names">, part: Partial<AcmeOrder> = {}): AcmeOrder {
  return {
    id,
    directory,
    names,
    placedAt: new Date().toISOString(),
    records: names.map((name) => ({
      forName: name,
      name: `_acme-challenge.${name.replace(/^\*\./, "")}`,
      value: "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA",
      proven: false,
    })),
    failed: false,
    ...part,
  };
}

/** A request submitted some days ago. */
export const waitingRequests: WaitingRequest[] = [requestOf("q1", { names: ["ml.contoso.com", "*.ml.contoso.com"], key: "rsa3072" }, inDays(-3))];

/** An order waiting for its DNS record, and a failed one. */
export const waitingOrders: AcmeOrder[] = [
  orderOf("o1", { directory: "https://acme-v02.api.letsencrypt.org/directory", names: ["trial.contoso.com"] }, { placedAt: inDays(-1) }),
  orderOf("o2", { directory: "https://acme.corp.contoso.com/acme/acme/directory", names: ["old.contoso.com"] }, { placedAt: inDays(-6), failed: true }),
];
