import { type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../../ipc/call";
import type { AcmeOrder } from "../../ipc/generated/AcmeOrder";
import type { WaitingRequest } from "../../ipc/generated/WaitingRequest";

const REQUESTS = ["certificate-requests"];
const ORDERS = ["certificate-orders"];

/** Pending requests. */
export function useRequests(): UseQueryResult<WaitingRequest[]> {
  return useQuery({ queryKey: REQUESTS, queryFn: () => call("list_certificate_requests", {}), staleTime: 0 });
}

/** Pending orders. */
export function useOrders(): UseQueryResult<AcmeOrder[]> {
  return useQuery({ queryKey: ORDERS, queryFn: () => call("list_certificate_orders", {}), staleTime: 0 });
}

/** Invalidates the lists of pending requests and orders. */
export function useWaitingChanged(): () => Promise<unknown> {
  const queries = useQueryClient();
  return () => Promise.all([queries.invalidateQueries({ queryKey: REQUESTS }), queries.invalidateQueries({ queryKey: ORDERS })]);
}

/** The host of a CA's directory. */
export function hostOf(directory: string): string {
  return URL.canParse(directory) ? new URL(directory).host : directory;
}

/** Directories of Let's Encrypt (letsencrypt.org/docs/acme-protocol-updates, letsencrypt.org/docs/staging-environment). */
export const DIRECTORIES = {
  production: "https://acme-v02.api.letsencrypt.org/directory",
  staging: "https://acme-staging-v02.api.letsencrypt.org/directory",
} as const;
