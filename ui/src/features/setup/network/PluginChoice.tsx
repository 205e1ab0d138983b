import { makeStyles } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { NetworkPlugin } from "../../../ipc/generated/NetworkPlugin";
import { ChoiceCards } from "../../../shared/ChoiceCards";
import { FieldFindings, TextField } from "../../../shared/fields";
import { Section } from "../../../shared/Section";
import { useWizard } from "../wizard/WizardContext";
import { withPlugin } from "./choices";

const useStyles = makeStyles({
  field: { maxWidth: "320px" },
});

/** The network plugin. */
export function PluginChoice(): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { spec, update, touch } = useWizard();
  const { plugin, podCidr } = spec.network;
  return (
    <Section title={t("network:plugin.title")}>
      <ChoiceCards<NetworkPlugin>
        field="network.plugin"
        label={t("network:plugin.title")}
        columns={3}
        value={plugin}
        onChange={(choice) => {
          update((before) => withPlugin(before, choice));
          touch("network.plugin");
        }}
        choices={[
          { value: "azure_overlay", title: "Azure CNI Overlay", text: t("network:plugin.azure_overlay"), badge: t("network:default") },
          { value: "azure", title: "Azure CNI", text: t("network:plugin.azure") },
          { value: "kubenet", title: "kubenet", text: t("network:plugin.kubenet") },
        ]}
      />
      <FieldFindings path="network.plugin" />
      {plugin !== "azure" && (
        <div className={styles.field}>
          <TextField
            path="network.podCidr"
            label={t("network:podCidr")}
            hint={t("network:podCidrHint")}
            required
            value={podCidr}
            onChange={(range) => update((before) => ({ ...before, network: { ...before.network, podCidr: range } }))}
          />
        </div>
      )}
    </Section>
  );
}
