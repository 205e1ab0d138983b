import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ClusterFacts } from "../../../ipc/generated/ClusterFacts";
import type { PlaceCatalogue } from "../../../ipc/generated/PlaceCatalogue";
import { PickField } from "../../../shared/fields";
import { useWizard } from "../wizard/WizardContext";
import { withCluster } from "./choices";

/** Selects a cluster from the list. */
export function ClusterFromList({ catalogue }: { catalogue: PlaceCatalogue | undefined }): ReactNode {
  const { t } = useTranslation();
  const { spec, update } = useWizard();
  const reading = catalogue === undefined;
  const clusters = catalogue?.clusters ?? [];
  const chosenId = spec.cluster.kind === "existing" ? spec.cluster.resourceId : "";
  const chosen = clusters.find((facts) => facts.id === chosenId);
  const attachedTo = (catalogue?.computes ?? []).filter((compute) => compute.clusterId?.toLowerCase() === chosenId.toLowerCase());
  const about = (facts: ClusterFacts): string => {
    const nodes = facts.pools.reduce((sum, pool) => sum + pool.count, 0);
    const parts = [facts.resourceGroup, facts.location, facts.kubernetesVersion, t("place:nodes", { count: nodes })];
    return [...parts, facts.powerState === "Stopped" ? t("place:stopped") : ""].filter((part) => part !== "").join(" · ");
  };
  const hint =
    attachedTo.length > 0
      ? t("place:attachedTo", { workspaces: attachedTo.map((compute) => compute.workspace).join(", ") })
      : chosen === undefined
        ? undefined
        : about(chosen);
  return (
    <PickField
      path="cluster"
      label={t("place:cluster")}
      required
      hint={hint}
      value={chosenId}
      onChange={(id) => {
        const facts = clusters.find((candidate) => candidate.id === id);
        if (facts !== undefined) {
          update((before) => withCluster(before, facts));
        }
      }}
      disabled={reading}
      placeholder={reading && spec.place.subscriptionId !== "" ? t("place:reading") : t("common:choose")}
      empty={t("place:noCluster")}
      picks={clusters.map((facts) => ({ value: facts.id, text: facts.name, detail: about(facts) }))}
    />
  );
}
