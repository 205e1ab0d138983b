import { makeStyles, tokens } from "@fluentui/react-components";
import { CloudFlowRegular, NetworkCheckRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { NetworkCatalogue } from "../../../ipc/generated/NetworkCatalogue";
import type { SubnetFacts } from "../../../ipc/generated/SubnetFacts";
import type { VnetChoice } from "../../../ipc/generated/VnetChoice";
import { ChoiceCards } from "../../../shared/ChoiceCards";
import { FieldFindings, PickField, TextField } from "../../../shared/fields";
import { useFormat } from "../../../shared/format";
import { Section } from "../../../shared/Section";
import { useWizard } from "../wizard/WizardContext";
import { takesNodes, vnetKey, withOwnNetwork, withVnet, withVnetPart } from "./choices";

const useStyles = makeStyles({
  fields: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 250px), 1fr))",
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalS,
  },
});

/** The node network: created by AKS, or an existing one with its values. */
export function VnetFields({ networks }: { networks: NetworkCatalogue | undefined }): ReactNode {
  const { t } = useTranslation();
  const { spec, update } = useWizard();
  const { vnet } = spec.network;
  const throughAml = spec.cluster.kind === "create_through_aml";
  return (
    <Section title={t("network:nodes.title")}>
      <ChoiceCards<"aks" | "own">
        field="network.vnet"
        label={t("network:nodes.title")}
        value={vnet === null ? "aks" : "own"}
        onChange={(choice) => update((before) => withOwnNetwork(before, choice === "own"))}
        choices={[
          {
            value: "aks",
            icon: CloudFlowRegular,
            title: throughAml ? t("network:nodes.aml.title") : t("network:nodes.aks.title"),
            text: t("network:nodes.aks.text"),
            badge: t("network:default"),
          },
          { value: "own", icon: NetworkCheckRegular, title: t("network:nodes.own.title"), text: t("network:nodes.own.text") },
        ]}
      />
      <FieldFindings path="network.vnet" whole />
      {vnet !== null && <OwnNetwork vnet={vnet} networks={networks} throughAml={throughAml} />}
    </Section>
  );
}

interface OwnProps {
  vnet: VnetChoice;
  networks: NetworkCatalogue | undefined;
  /** Azure ML requires one more value. */
  throughAml: boolean;
}

function OwnNetwork({ vnet, networks, throughAml }: OwnProps): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { update } = useWizard();
  const words = useSubnetWords();
  const reading = networks === undefined;
  const vnets = networks?.vnets ?? [];
  const facts = vnets.find((candidate) => vnetKey(candidate).toLowerCase() === vnetKey(vnet).toLowerCase());
  const subnet = facts?.subnets.find((candidate) => candidate.name.toLowerCase() === vnet.subnet.toLowerCase());
  const change = (part: Partial<VnetChoice>): void => update((before) => withVnetPart(before, part));
  const choose = (key: string): void => {
    const chosen = vnets.find((candidate) => vnetKey(candidate) === key);
    if (chosen !== undefined) {
      update((before) => withVnet(before, chosen));
    }
  };
  const placeholder = reading ? t("network:reading") : t("common:choose");
  return (
    <div className={styles.fields}>
      <div data-field="network.vnet.resourceGroup">
        <PickField
          path="network.vnet.name"
          label={t("network:vnet")}
          required
          hint={facts === undefined ? undefined : `${facts.resourceGroup} · ${facts.addressSpace.join(", ")}`}
          value={facts === undefined ? vnetKey(vnet) : vnetKey(facts)}
          onChange={choose}
          disabled={reading}
          placeholder={placeholder}
          empty={t("network:noVnet")}
          picks={vnets.map((candidate) => ({
            value: vnetKey(candidate),
            text: candidate.name,
            detail: [candidate.resourceGroup, candidate.location, candidate.addressSpace.join(", ")].join(" · "),
          }))}
        />
      </div>
      <PickField
        path="network.vnet.subnet"
        label={t("network:subnet")}
        required
        hint={subnet === undefined ? t("network:subnetHint") : words(subnet).detail}
        value={vnet.subnet}
        onChange={(name) => change({ subnet: name })}
        disabled={facts === undefined && vnet.subnet === ""}
        placeholder={placeholder}
        empty={t("network:noSubnet")}
        picks={(facts?.subnets ?? []).map((candidate) => ({ value: candidate.name, text: candidate.name, ...words(candidate) }))}
      />
      <TextField
        path="network.vnet.serviceCidr"
        label={t("network:serviceCidr")}
        hint={t("network:serviceCidrHint")}
        required
        value={vnet.serviceCidr}
        onChange={(serviceCidr) => change({ serviceCidr })}
      />
      <TextField
        path="network.vnet.dnsServiceIp"
        label={t("network:dnsServiceIp")}
        hint={t("network:dnsServiceIpHint")}
        required
        value={vnet.dnsServiceIp}
        onChange={(dnsServiceIp) => change({ dnsServiceIp })}
      />
      {throughAml && (
        <TextField
          path="network.vnet.dockerBridgeCidr"
          label={t("network:dockerBridge")}
          hint={t("network:dockerBridgeHint")}
          required
          value={vnet.dockerBridgeCidr}
          onChange={(dockerBridgeCidr) => change({ dockerBridgeCidr })}
        />
      )}
    </div>
  );
}

/** Details of a subnet option, and whether it can be selected. */
export function useSubnetWords(): (subnet: SubnetFacts) => { detail: string; disabled: boolean } {
  const { t } = useTranslation();
  const format = useFormat();
  return (subnet) => {
    const parts = [
      subnet.prefixes.join(", "),
      subnet.freeAddresses === null ? "" : t("network:free", { count: subnet.freeAddresses, free: format.number(subnet.freeAddresses) }),
      subnet.routeTableId === null ? "" : t("network:routeTable"),
      subnet.hasNatGateway ? t("network:natGateway") : "",
      takesNodes(subnet) ? "" : t("network:delegated", { service: subnet.delegations.join(", ") }),
    ];
    return { detail: parts.filter((part) => part !== "").join(" · "), disabled: !takesNodes(subnet) };
  };
}
