import { Field, Switch } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { FieldFindings, NumberField, TextField } from "../../../shared/fields";
import { Section } from "../../../shared/Section";
import { useDeploy } from "../wizard/DeployContext";
import { replacesService, targetOf } from "../wizard/target";
import { useFields } from "./fields";

/** All of the traffic, in percent. */
const ALL = 100;

/** Name, share and type of the version. A service has none of them. */
export function VersionSection(): ReactNode {
  const styles = useFields();
  const { t } = useTranslation();
  const { spec, update } = useDeploy();
  const { endpoint, route } = spec;
  if (targetOf(spec) === "service") {
    return null;
  }
  if (replacesService(spec)) {
    return (
      <Section title={t("deploy:where.replaces")} hint={t("deploy:where.replacesHint")}>
        <div data-field="version" tabIndex={-1}>
          <FieldFindings path="version" />
        </div>
      </Section>
    );
  }
  return (
    <Section title={t("deploy:where.version")} hint={t(`deploy:where.versionHint.${endpoint.kind}`)}>
      <div className={styles.fields}>
        <TextField
          path="version"
          label={t("deploy:where.versionName")}
          hint={t(`deploy:where.versionRule.${route}`)}
          required
          value={spec.version}
          onChange={(version) => update((before) => ({ ...before, version: version.trim() }))}
        />
        <TextField
          path="description"
          label={t("deploy:where.versionDescription")}
          hint={t("deploy:where.descriptionHint")}
          value={spec.description}
          onChange={(description) => update((before) => ({ ...before, description }))}
        />
        {endpoint.kind === "existing" && (
          <NumberField
            path="traffic"
            label={t("deploy:where.traffic")}
            hint={t("deploy:where.trafficHint")}
            max={ALL}
            value={spec.traffic ?? 0}
            onChange={(share) => update((before) => ({ ...before, traffic: share === 0 ? null : share }))}
          />
        )}
      </div>
      {endpoint.kind === "existing" && route === "classic" && <RoleFields />}
    </Section>
  );
}

const ROLES = ["default", "control"] as const;

/** What the version is among the others of a classic endpoint. */
function RoleFields(): ReactNode {
  const styles = useFields();
  const { t } = useTranslation();
  const { spec, update } = useDeploy();
  return (
    <div className={styles.fields} data-field="role">
      {ROLES.map((role) => (
        <Field key={role} hint={t(`change:traffic.${role}VersionMeans`)}>
          <Switch
            label={t(`change:traffic.${role}Version`)}
            checked={spec.role[role]}
            onChange={(_, data) => update((before) => ({ ...before, role: { ...before.role, [role]: data.checked } }))}
            data-testid={`field-role.${role}`}
          />
        </Field>
      ))}
    </div>
  );
}
