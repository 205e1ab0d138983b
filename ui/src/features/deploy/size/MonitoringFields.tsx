import { Field, Switch } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useDeploy } from "../wizard/DeployContext";

const KINDS = ["appInsights", "dataCollection"] as const;

/** What the version records. */
export function MonitoringFields(): ReactNode {
  const { t } = useTranslation();
  const { spec, update } = useDeploy();
  return KINDS.map((kind) => {
    const kept = kind === "appInsights" && spec.route === "classic" && spec.endpoint.kind === "existing";
    return (
      <Field key={kind} hint={t(kept ? "deploy:monitoring.appInsightsKept" : `deploy:monitoring.${kind}Hint`)} data-field={kind}>
        <Switch
          label={t(`deploy:monitoring.${kind}`)}
          checked={spec[kind]}
          disabled={kept && !spec[kind]}
          onChange={(_, data) => update((before) => ({ ...before, [kind]: data.checked }))}
          data-testid={`field-${kind}`}
        />
      </Field>
    );
  });
}
