import type { AcmeOrder } from "../../ipc/generated/AcmeOrder";
import type { AnsweredRequest } from "../../ipc/generated/AnsweredRequest";
import type { CertificateReport } from "../../ipc/generated/CertificateReport";
import type { Goal } from "../../ipc/generated/Goal";
import type { Inventory } from "../../ipc/generated/Inventory";
import type { Renewed } from "../../ipc/generated/Renewed";
import type { RunSummary } from "../../ipc/generated/RunSummary";
import { type Answers, failure, refuse } from "./answers";
import * as certificate from "./certificate";
import { inventoryOf } from "./certificates";
import { seenOf, textsOf } from "./dns";
import { orderOf, requestOf, waitingOrders, waitingRequests } from "./waiting";

type Certificates = Pick<
  Answers,
  | "choose_certificate_files"
  | "name_certificate_files"
  | "take_certificate"
  | "make_certificate"
  | "check_certificate"
  | "take_certificate_from_clipboard"
  | "list_key_vaults"
  | "list_key_vault_certificates"
  | "take_key_vault_certificate"
  | "request_certificate"
  | "list_certificate_requests"
  | "save_certificate_request"
  | "answer_certificate_request"
  | "answer_certificate_request_from_clipboard"
  | "drop_certificate_request"
  | "authority_root"
  | "save_authority_root"
  | "trust_commands"
  | "read_authority_terms"
  | "order_certificate"
  | "list_certificate_orders"
  | "check_certificate_order"
  | "finish_certificate_order"
  | "drop_certificate_order"
  | "read_inventory"
  | "last_inventory"
  | "renew_certificates"
  | "save_certificate_files"
  | "forget_certificate"
  | "save_calendar"
  | "dns_texts"
  | "look_up_dns"
>;

/** Starts a run, stored by the host. */
type Begin = (goal: Goal, account: string) => RunSummary;

function drop(list: { id: string }[], id: string): Record<string, never> {
  list.splice(list.findIndex((one) => one.id === id), 1);
  return {};
}

function kept(id: string, cname: string): CertificateReport {
  return { pair: { kind: "vault", id }, facts: certificate.facts(cname) };
}

/** Answers about certificates: inventory, keychain, pending items, DNS. */
export function certificateAnswers(begin: Begin): Certificates {
  const requests = [...waitingRequests];
  const orders = [...waitingOrders];
  const forgotten = new Set<string>();
  let read: Inventory | null = null;
  const without = (inventory: Inventory): Inventory => ({ ...inventory, kept: inventory.kept.filter(({ id }) => !forgotten.has(id)) });
  const orderNamed = (id: string): AcmeOrder => orders.find((order) => order.id === id) ?? refuse("order")();
  const answered = (cname: string): AnsweredRequest => {
    const request = requests[0] ?? refuse("certificate request")();
    drop(requests, request.id);
    return { request, report: kept(request.id, cname) };
  };
  return {
    choose_certificate_files: () => [],
    name_certificate_files: ({ paths }) => paths.map(certificate.chosen),
    take_certificate: certificate.take,
    make_certificate: certificate.make,
    check_certificate: ({ pair, cname }) => certificate.check(pair, cname),
    take_certificate_from_clipboard: ({ cname }) => kept("clipboard", cname),
    list_key_vaults: () => [
      { id: "/subscriptions/s/resourceGroups/rg-ml-prod/providers/Microsoft.KeyVault/vaults/contoso-ml", uri: "https://contoso-ml.vault.azure.net/" },
      { id: "/subscriptions/s/resourceGroups/rg-risk/providers/Microsoft.KeyVault/vaults/contoso-risk", uri: "https://contoso-risk.vault.azure.net/" },
    ],
    list_key_vault_certificates: ({ uri }) => [
      { name: "ml-contoso-com", secret: `${uri}secrets/ml-contoso-com`, expires: certificate.inDays(214), enabled: true },
      { name: "retired", secret: `${uri}secrets/retired`, expires: certificate.inDays(-12), enabled: false },
    ],
    take_key_vault_certificate: ({ cname }) => kept("from-key-vault", cname),
    request_certificate: (order) => {
      const made = requestOf(`q${requests.length + 1}`, order);
      requests.push(made);
      return made;
    },
    list_certificate_requests: () => requests,
    save_certificate_request: () => "/home/me/ml.contoso.com.csr",
    answer_certificate_request: ({ cname }) => answered(cname),
    answer_certificate_request_from_clipboard: () => answered(""),
    drop_certificate_request: ({ id }) => drop(requests, id),
    authority_root: () => ({
      subject: "O=Berth, CN=Berth authority on this computer",
      notAfter: certificate.inDays(3200),
      sha256: "9f2c4be1d07a6538c1e4f90b7a2d8c3365f1e0a9b8c7d6e5f4a3b2c1d0e9f8a7",
      pem: "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n",
    }),
    save_authority_root: () => "/home/me/berth-root.pem",
    trust_commands: ({ path }) => [
      { place: "windows", command: `certutil -addstore Root ${path}` },
      { place: "fedora", command: `sudo trust anchor ${path}` },
    ],
    read_authority_terms: ({ directory }) => ({ host: new URL(directory).host, terms: `https://${new URL(directory).host}/terms.pdf`, hidden: false }),
    order_certificate: (goal) => {
      const placed = orderOf(`o${orders.length + 1}`, goal);
      orders.push(placed);
      return placed;
    },
    list_certificate_orders: () => orders,
    check_certificate_order: ({ id }) => orderNamed(id),
    finish_certificate_order: ({ id }) => {
      const { names } = orderNamed(id);
      drop(orders, id);
      return kept(id, names[0] ?? "");
    },
    drop_certificate_order: ({ id }) => drop(orders, id),
    read_inventory: ({ subscriptionId }) => {
      read = inventoryOf(subscriptionId);
      return without(read);
    },
    last_inventory: () => (read === null ? null : without(read)),
    renew_certificates: ({ account, computeIds }) => computeIds.map((id) => renewed(begin, account, id)),
    save_certificate_files: () => ["/home/me/certificates/ml.contoso.com.pem", "/home/me/certificates/ml.contoso.com.key"],
    forget_certificate: ({ id }) => {
      forgotten.add(id);
      return {};
    },
    save_calendar: () => "/home/me/certificates.ics",
    dns_texts: textsOf,
    look_up_dns: () => seenOf(),
  };
}

/** Starts a run, except that an expired endpoint is blocked and an extension endpoint fails. */
function renewed(begin: Begin, account: string, computeId: string): Renewed {
  const none = { computeId, run: null, findings: [], failure: null };
  if (computeId.endsWith("legacy")) {
    const finding = { rule: "TLS-23", code: "TLS-23.kind", severity: "blocking", step: "tls", field: "tls", params: { type: "Ed25519" }, source: "", waivable: false } as const;
    return { ...none, findings: [finding] };
  }
  if (computeId.endsWith("prod-02")) {
    return { ...none, failure: failure("unreachable", { params: { host: "management.azure.com" } }) };
  }
  const tls = { kind: "generated", cname: "scoring.contoso.com", recipe: { issuer: "local_ca", key: "ecdsa_p256", days: 90 }, pair: null } as const;
  return { ...none, run: begin({ kind: "change", change: { kind: "tls", computeId, tls }, waived: [] }, account) };
}
