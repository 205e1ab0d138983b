import { makeStyles, tokens } from "@fluentui/react-components";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ResourceGroupFacts } from "../../../ipc/generated/ResourceGroupFacts";
import { PickField, TextField } from "../../../shared/fields";
import { clusterIdOf, clusterIn } from "../../../shared/resources";
import { useWizard } from "../wizard/WizardContext";
import { withClusterId } from "./choices";

const useStyles = makeStyles({
  row: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 250px), 1fr))",
    columnGap: tokens.spacingHorizontalXL,
  },
});

/** Selects a cluster by resource group and name. */
export function ClusterByName({ groups }: { groups: readonly ResourceGroupFacts[] }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { spec, update } = useWizard();
  const known = spec.cluster.kind === "existing" ? clusterIn(spec.cluster.resourceId) : null;
  const [typed, setTyped] = useState({ resourceGroup: known?.resourceGroup ?? "", name: known?.name ?? "" });
  const { subscriptionId } = spec.place;
  const alter = (part: Partial<typeof typed>): void => {
    const next = { ...typed, ...part };
    setTyped(next);
    const whole = subscriptionId !== "" && next.resourceGroup !== "" && next.name !== "";
    update((before) => withClusterId(before, whole ? clusterIdOf({ subscriptionId, ...next }) : ""));
  };
  return (
    <div className={styles.row}>
      <PickField
        path="cluster.resourceGroup"
        label={t("place:existing.group")}
        required
        value={typed.resourceGroup}
        onChange={(resourceGroup) => alter({ resourceGroup })}
        empty={t("place:noGroup")}
        create={(name) => t("place:existing.useGroup", { name })}
        picks={groups.map((group) => ({ value: group.name, text: group.name, detail: group.location }))}
      />
      <TextField path="cluster.name" label={t("place:clusterName")} required value={typed.name} onChange={(name) => alter({ name: name.trim() })} />
    </div>
  );
}
