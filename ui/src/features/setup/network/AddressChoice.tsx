import { Text, makeStyles, tokens } from "@fluentui/react-components";
import { GlobeRegular, InfoRegular, ShieldLockRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { LoadBalancer } from "../../../ipc/generated/LoadBalancer";
import type { NetworkCatalogue } from "../../../ipc/generated/NetworkCatalogue";
import { placeQuery } from "../../../shared/catalogues";
import { ChoiceCards } from "../../../shared/ChoiceCards";
import { FieldFindings, PickField } from "../../../shared/fields";
import { useLayout } from "../../../shared/layout";
import { DEFAULT_SUBNET } from "../../../shared/resources";
import { Section } from "../../../shared/Section";
import { useWizard } from "../wizard/WizardContext";
import { networkOfAddress, withInternalSubnet, withLoadBalancer } from "./choices";
import { useSubnetWords } from "./VnetFields";

const useStyles = makeStyles({
  note: { display: "flex", gap: tokens.spacingHorizontalS, alignItems: "flex-start", color: tokens.colorNeutralForeground2, maxWidth: "72ch" },
  icon: { flexShrink: 0, width: "20px", height: "20px" },
});

/** Public or internal. Nothing is preselected: a public address must be an explicit choice. */
export function AddressChoice({ networks }: { networks: NetworkCatalogue | undefined }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const { spec, update, touch } = useWizard();
  const { loadBalancer } = spec.network;
  const internal = loadBalancer?.kind === "internal";
  return (
    <Section title={t("network:address.title")} hint={t("network:address.hint")}>
      <ChoiceCards<LoadBalancer["kind"]>
        field="network.loadBalancer"
        label={t("network:address.title")}
        value={loadBalancer?.kind ?? null}
        onChange={(kind) => {
          update((before) => withLoadBalancer(before, kind));
          touch("network.loadBalancer");
        }}
        choices={[
          { value: "public", icon: GlobeRegular, title: t("network:address.public.title"), text: t("network:address.public.text") },
          { value: "internal", icon: ShieldLockRegular, title: t("network:address.internal.title"), text: t("network:address.internal.text") },
        ]}
      />
      <FieldFindings path="network.loadBalancer" />
      {internal && spec.route === "classic" && (
        <div className={layout.narrow}>
          <SubnetOfAddress networks={networks} />
        </div>
      )}
      {internal && spec.route === "extension" && (
        <Text className={styles.note} data-testid="internal-in-own-subnet">
          <InfoRegular className={styles.icon} aria-hidden />
          {t("network:address.ownSubnet")}
        </Text>
      )}
    </Section>
  );
}

function SubnetOfAddress({ networks }: { networks: NetworkCatalogue | undefined }): ReactNode {
  const { t } = useTranslation();
  const { account, spec, update } = useWizard();
  const words = useSubnetWords();
  const { data } = useQuery(placeQuery(account, spec.place.subscriptionId));
  const { loadBalancer } = spec.network;
  const chosen = loadBalancer?.kind === "internal" ? (loadBalancer.subnet ?? "") : "";
  const network = networkOfAddress(spec, networks?.vnets ?? [], data?.clusters ?? []);
  const picks =
    network === undefined
      ? [{ value: DEFAULT_SUBNET, text: DEFAULT_SUBNET, detail: t("network:address.defaultSubnet") }]
      : network.subnets.map((subnet) => ({ value: subnet.name, text: subnet.name, ...words(subnet) }));
  return (
    <PickField
      path="network.loadBalancer.subnet"
      label={t("network:address.subnet")}
      hint={chosen === "" ? t("network:address.subnetDefault", { subnet: DEFAULT_SUBNET }) : undefined}
      placeholder={DEFAULT_SUBNET}
      value={chosen}
      onChange={(name) => update((before) => withInternalSubnet(before, name))}
      empty={t("network:noSubnet")}
      create={(name) => t("network:address.useSubnet", { name })}
      picks={picks}
    />
  );
}
