import type { AccountInfo } from "../../ipc/generated/AccountInfo";
import type { SessionInfo } from "../../ipc/generated/SessionInfo";

export const SUBSCRIPTION = "6f1d3c0a-2b7e-4c58-9a41-0d9e5b7c1f23";
export const TENANT = "contoso.onmicrosoft.com";

export const accounts: AccountInfo[] = [
  { id: "sandbox", kind: "sandbox", label: "Sandbox", cloud: "Sandbox", tenantId: null },
  { id: "azure-cli", kind: "azure_cli", label: "Azure CLI", cloud: "AzureCloud", tenantId: null },
  { id: "ml-pipeline", kind: "service_principal", label: "ml-pipeline", cloud: "AzureCloud", tenantId: TENANT },
];

export function sessionOf(account: AccountInfo): SessionInfo {
  return {
    account,
    tenantId: TENANT,
    subscriptions: [
      { subscriptionId: SUBSCRIPTION, displayName: "ML-Prod", state: "Enabled", tenantId: TENANT },
      { subscriptionId: "0c5b2d1e-7a34-4f0b-8e12-5d6c7b8a9f01", displayName: "ML-Test", state: "Enabled", tenantId: TENANT },
      { subscriptionId: "aa9b8c7d-1122-4334-9556-77889900aabb", displayName: "Archive", state: "Disabled", tenantId: TENANT },
    ],
  };
}
