import { Field, Textarea } from "@fluentui/react-components";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { clusterIdOf, clusterIn } from "../../../shared/resources";
import { useWizard } from "../wizard/WizardContext";
import { withClusterId } from "./choices";

/** Selects a cluster by resource ID or portal URL. */
export function ClusterById(): ReactNode {
  const { t } = useTranslation();
  const { spec, update } = useWizard();
  const [typed, setTyped] = useState(spec.cluster.kind === "existing" ? spec.cluster.resourceId : "");
  const wrong = typed.trim() !== "" && clusterIn(typed) === null;
  const take = (text: string): void => {
    const trimmed = text.trim();
    const named = clusterIn(trimmed);
    setTyped(named === null ? trimmed : clusterIdOf(named));
    update((before) => withClusterId(before, named === null ? "" : clusterIdOf(named)));
  };
  return (
    <Field
      label={t("place:existing.resourceId")}
      required
      hint={wrong ? undefined : t("place:existing.resourceIdHint")}
      validationState={wrong ? "error" : "none"}
      validationMessage={wrong ? t("place:existing.noId") : undefined}
    >
      <Textarea
        rows={3}
        value={typed}
        onChange={(_, data) => take(data.value)}
        placeholder="/subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerService/managedClusters/…"
        spellCheck={false}
        textarea={{ "data-testid": "cluster-id" } as object}
      />
    </Field>
  );
}
