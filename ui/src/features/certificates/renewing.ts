import type { Target } from "../../shared/navigation";
import type { EndpointCertificates } from "../../ipc/generated/EndpointCertificates";

/** The change by which the certificate of an endpoint is replaced, or a label of Microsoft is renewed. */
export function replacing({ clusterId, computeId, renewal }: EndpointCertificates): Target {
  return { kind: renewal === "microsoft" ? "renew_label" : "tls", clusterId, computeId };
}
