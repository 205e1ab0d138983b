import { makeStyles, tokens } from "@fluentui/react-components";
import { AddCircleRegular, BranchRegular, KeyRegular, ShieldKeyholeRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ChoiceCards } from "../../../shared/ChoiceCards";
import { FieldFindings, NumberField, TextField } from "../../../shared/fields";
import { Section } from "../../../shared/Section";
import { useDeploy } from "../wizard/DeployContext";
import { withKind, withNew } from "./choices";
import { ExistingEndpoint } from "./ExistingEndpoint";

/** All of the traffic, in percent. */
const ALL = 100;

const useStyles = makeStyles({
  fields: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 250px), 1fr))",
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalS,
    paddingTop: tokens.spacingVerticalM,
  },
});

/** A new endpoint, or an existing one that gets another version. */
export function EndpointSection({ workspaceId }: { workspaceId: string }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { spec, update } = useDeploy();
  const { endpoint } = spec;
  return (
    <>
      <Section title={t("deploy:where.endpoint")} hint={t("deploy:where.endpointHint")}>
        <ChoiceCards
          field="endpoint"
          label={t("deploy:where.endpoint")}
          value={endpoint.kind}
          onChange={(kind) => update((before) => withKind(before, kind))}
          choices={[
            { value: "new", title: t("deploy:where.new"), text: t("deploy:where.newText"), icon: AddCircleRegular },
            { value: "existing", title: t("deploy:where.existing"), text: t("deploy:where.existingText"), icon: BranchRegular },
          ]}
        />
        {endpoint.kind === "new" ? (
          <div className={styles.fields}>
            <TextField
              path="endpoint.name"
              label={t("deploy:where.endpointName")}
              hint={t("deploy:where.endpointNameRule")}
              required
              value={endpoint.name}
              onChange={(name) => update((before) => withNew(before, { name: name.trim() }))}
            />
            <TextField
              path="endpoint.description"
              label={t("deploy:where.description")}
              hint={t("deploy:where.descriptionHint")}
              value={endpoint.description}
              onChange={(description) => update((before) => withNew(before, { description }))}
            />
          </div>
        ) : (
          <ExistingEndpoint workspaceId={workspaceId} />
        )}
      </Section>
      {endpoint.kind === "new" && (
        <Section title={t("deploy:where.auth")} hint={t("deploy:where.authHint")}>
          <ChoiceCards
            field="endpoint.auth"
            label={t("deploy:where.auth")}
            value={endpoint.auth}
            onChange={(auth) => update((before) => withNew(before, { auth }))}
            choices={[
              { value: "key", title: t("endpoints:auth.key"), text: t("endpoints:authMeans.key"), icon: KeyRegular, badge: t("deploy:default") },
              { value: "token", title: t("endpoints:auth.token"), text: t("endpoints:authMeans.token"), icon: ShieldKeyholeRegular },
            ]}
          />
          <FieldFindings path="endpoint.auth" />
        </Section>
      )}
      <Section title={t("deploy:where.version")} hint={t(`deploy:where.versionHint.${endpoint.kind}`)}>
        <div className={styles.fields}>
          <TextField
            path="version"
            label={t("deploy:where.versionName")}
            hint={t("deploy:where.versionRule")}
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
      </Section>
    </>
  );
}
