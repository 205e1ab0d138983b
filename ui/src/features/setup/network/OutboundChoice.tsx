import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Outbound } from "../../../ipc/generated/Outbound";
import { ChoiceCards } from "../../../shared/ChoiceCards";
import { FieldFindings } from "../../../shared/fields";
import { Section } from "../../../shared/Section";
import { useWizard } from "../wizard/WizardContext";
import { withOutbound } from "./choices";

/** Outbound connectivity of the nodes. */
export function OutboundChoice(): ReactNode {
  const { t } = useTranslation();
  const { spec, update, touch } = useWizard();
  const { vnet, outbound } = spec.network;
  return (
    <Section title={t("network:outbound.title")}>
      <ChoiceCards<Outbound>
        field="network.outbound"
        label={t("network:outbound.title")}
        value={outbound}
        onChange={(choice) => {
          update((before) => withOutbound(before, choice));
          touch("network.outbound");
        }}
        choices={[
          { value: "load_balancer", title: t("network:outbound.load_balancer.title"), text: t("network:outbound.load_balancer.text"), badge: t("network:default") },
          {
            value: "user_defined_routing",
            title: t("network:outbound.user_defined_routing.title"),
            text: t("network:outbound.user_defined_routing.text"),
            disabledBecause: vnet === null ? t("network:outbound.needsOwn") : undefined,
          },
        ]}
      />
      <FieldFindings path="network.outbound" />
    </Section>
  );
}
