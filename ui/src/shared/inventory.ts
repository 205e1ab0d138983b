import { queryOptions, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call, toFailure } from "../ipc/call";
import type { CertificateFacts } from "../ipc/generated/CertificateFacts";
import type { EndpointCertificates } from "../ipc/generated/EndpointCertificates";
import type { Failure } from "../ipc/generated/Failure";
import type { Inventory } from "../ipc/generated/Inventory";
import type { KeptCertificate } from "../ipc/generated/KeptCertificate";
import { nameOf } from "./resources";
import { useAccount } from "./session";
import { newer } from "./time";

/** The last known inventory, stored on this computer. */
function lastQuery(account: string, subscriptionId: string) {
  return queryOptions({
    queryKey: ["azure", "last-inventory", account, subscriptionId],
    queryFn: () => call("last_inventory", { account, subscriptionId }),
    enabled: subscriptionId !== "",
    staleTime: 0,
  });
}

function inventoryQuery(account: string, subscriptionId: string) {
  return queryOptions({
    queryKey: ["azure", "inventory", account, subscriptionId],
    queryFn: () => call("read_inventory", { account, subscriptionId }),
    enabled: subscriptionId !== "",
  });
}

export interface InventoryView {
  /** The current inventory, or the last known one. */
  inventory: Inventory | null;
  /** No inventory is known yet. */
  waiting: boolean;
  /** The inventory is being refreshed. */
  reading: boolean;
  failure: Failure | null;
  again: () => void;
}

/** The certificates of a subscription: the last known ones first, then the current ones. */
export function useInventory(subscriptionId: string): InventoryView {
  const { account } = useAccount();
  const last = useQuery(lastQuery(account, subscriptionId));
  const read = useQuery(inventoryQuery(account, subscriptionId));
  const inventory = newer(read.data ?? null, last.data ?? null);
  return {
    inventory,
    waiting: inventory === null && read.error === null && (last.isPending || read.isPending) && subscriptionId !== "",
    reading: read.isFetching,
    failure: read.error === null ? null : toFailure(read.error),
    again: () => void read.refetch(),
  };
}

/** The last known inventory of a subscription, without reading Azure. */
export function useLastInventory(subscriptionId: string): Inventory | null {
  const { account } = useAccount();
  const { data } = useQuery(lastQuery(account, subscriptionId));
  return data ?? null;
}

/** Certificates in the keychain, from the newest stored inventory. The keychain is the same for every subscription. */
export function useKeptPairs(): readonly KeptCertificate[] {
  const { account, subscriptions } = useAccount();
  return useQueries({
    queries: subscriptions.map(({ subscriptionId }) => lastQuery(account, subscriptionId)),
    combine: (results) => results.reduce<Inventory | null>((best, { data }) => newer(best, data ?? null), null)?.kept ?? NONE,
  });
}

const NONE: readonly KeptCertificate[] = [];

/** Invalidates the inventories after the keychain has changed. */
export function useVaultChanged(): () => Promise<unknown> {
  const queries = useQueryClient();
  return () => Promise.all(["last-inventory", "inventory"].map((what) => queries.invalidateQueries({ queryKey: ["azure", what] })));
}

/** The selected subscription, or the first. The selection lasts while Berth is open. */
export function usePresentSubscription(): [string, (subscriptionId: string) => void] {
  const queries = useQueryClient();
  const { account, subscriptions } = useAccount();
  const key = ["present-subscription", account];
  const usable = subscriptions.map(({ subscriptionId }) => subscriptionId);
  const [chosen, setChosen] = useState(() => queries.getQueryData<string>(key) ?? "");
  const choose = (subscriptionId: string): void => {
    queries.setQueryData(key, subscriptionId);
    setChosen(subscriptionId);
  };
  return [usable.includes(chosen) ? chosen : (usable[0] ?? ""), choose];
}

/** The certificate in use: the presented one, else the one in the cluster, else the last applied one. */
export function inForce({ places }: EndpointCertificates): CertificateFacts | null {
  const at = (kind: string): CertificateFacts | null => places.find(({ place }) => place === kind)?.certificate ?? null;
  return at("wire") ?? at("cluster") ?? at("applied");
}

/** The display name of an endpoint: its domain name, its label, else its compute. */
export function endpointName({ name, label, computeId }: EndpointCertificates): string {
  return name ?? label ?? nameOf(computeId);
}
