import type { LocationFacts } from "../../ipc/generated/LocationFacts";
import type { NetworkCatalogue } from "../../ipc/generated/NetworkCatalogue";
import type { PlaceCatalogue } from "../../ipc/generated/PlaceCatalogue";
import type { SubnetFacts } from "../../ipc/generated/SubnetFacts";
import type { WorkspaceFacts } from "../../ipc/generated/WorkspaceFacts";
import { clusters, computes } from "./clusters";
import { SUBSCRIPTION } from "./session";

const scope = (group: string): string => `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers`;

const location = (name: string, displayName: string, offersAks = true): LocationFacts => ({ name, displayName, offersAks });

const locations: LocationFacts[] = [
  location("westeurope", "West Europe"),
  location("northeurope", "North Europe"),
  location("swedencentral", "Sweden Central"),
  location("eastus", "East US"),
  location("eastus2", "East US 2"),
  location("westus", "West US"),
  location("brazilsouth", "Brazil South"),
  location("spaincentral", "Spain Central"),
  location("brazilus", "Brazil US", false),
];

const workspace = (name: string, group: string, where: string, part: Partial<WorkspaceFacts> = {}): WorkspaceFacts => ({
  id: `${scope(group)}/Microsoft.MachineLearningServices/workspaces/${name}`,
  name,
  location: where,
  kind: "Default",
  v1LegacyMode: false,
  privateEndpoint: false,
  userAssigned: null,
  principalId: "11111111-2222-3333-4444-555555555555",
  provisioningState: "Succeeded",
  ...part,
});

export const place: PlaceCatalogue = {
  workspaces: [
    workspace("ml-prod", "rg-ml-prod", "westeurope"),
    workspace("ml-research", "rg-ml-research", "swedencentral"),
    workspace("credit-risk", "rg-risk", "westeurope", { privateEndpoint: true }),
  ],
  resourceGroups: [
    { name: "rg-ml-prod", location: "westeurope" },
    { name: "rg-ml-research", location: "swedencentral" },
    { name: "rg-network", location: "westeurope" },
    { name: "rg-risk", location: "westeurope" },
  ],
  locations,
  clusters,
  computes,
  problems: [],
};

const subnet = (name: string, prefix: string, part: Partial<SubnetFacts> = {}): SubnetFacts => ({
  id: `${scope("rg-network")}/Microsoft.Network/virtualNetworks/vnet-hub/subnets/${name}`,
  name,
  prefixes: [prefix],
  delegations: [],
  freeAddresses: 251,
  routeTableId: null,
  hasNatGateway: false,
  hasSecurityGroup: true,
  defaultOutboundAccess: null,
  ...part,
});

export function networks(where: string): NetworkCatalogue {
  return {
    vnets: [
      {
        id: `${scope("rg-network")}/Microsoft.Network/virtualNetworks/vnet-hub`,
        name: "vnet-hub",
        resourceGroup: "rg-network",
        location: where,
        addressSpace: ["10.20.0.0/16"],
        subnets: [
          subnet("aks-nodes", "10.20.0.0/22", { freeAddresses: 1014 }),
          subnet("aks-subnet", "10.20.4.0/24"),
          subnet("routed", "10.20.5.0/24", { routeTableId: `${scope("rg-network")}/Microsoft.Network/routeTables/rt-hub` }),
          subnet("databricks", "10.20.8.0/24", { delegations: ["Microsoft.Databricks/workspaces"] }),
        ],
      },
    ],
  };
}
