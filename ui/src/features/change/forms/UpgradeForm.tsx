import { Badge, Field, Radio, RadioGroup, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Change } from "../../../ipc/generated/Change";
import type { ClusterDetails } from "../../../ipc/generated/ClusterDetails";
import { ChoiceCards } from "../../../shared/ChoiceCards";

const useStyles = makeStyles({
  label: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalS },
});

interface Props {
  change: Extract<Change, { kind: "upgrade" }>;
  details: ClusterDetails;
  set: (change: Change) => void;
}

/** Target version, and whether to upgrade the nodes too. */
export function UpgradeForm({ change, details: { cluster, upgrades }, set }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const now = cluster.kubernetesVersion;
  const behind = cluster.pools.filter((pool) => pool.version !== now).map((pool) => pool.name);
  const choose = (version: string): void => set({ ...change, version, nodes: version === now ? true : change.nodes });
  return (
    <>
      <div data-field="version">
        <Field label={t("change:upgrade.version")} hint={t("change:upgrade.now", { version: now })}>
          <RadioGroup value={change.version} onChange={(_, data) => choose(data.value)}>
            {behind.length > 0 && <Radio value={now} label={t("change:upgrade.nodesOnly", { version: now, pools: behind.join(", ") })} data-testid={`version-${now}`} />}
            {upgrades.map(({ version, isPreview }) => (
              <Radio
                key={version}
                value={version}
                data-testid={`version-${version}`}
                label={
                  <span className={styles.label}>
                    {version}
                    {isPreview && (
                      <Badge appearance="tint" color="warning">
                        {t("change:upgrade.preview")}
                      </Badge>
                    )}
                  </span>
                }
              />
            ))}
          </RadioGroup>
        </Field>
      </div>
      {change.version !== "" && change.version !== now && (
        <ChoiceCards<"nodes" | "control_plane">
          field="reach"
          label={t("change:upgrade.reach")}
          value={change.nodes ? "nodes" : "control_plane"}
          onChange={(reach) => set({ ...change, nodes: reach === "nodes" })}
          choices={[
            { value: "nodes", title: t("change:upgrade.nodes.title"), text: t("change:upgrade.nodes.text") },
            { value: "control_plane", title: t("change:upgrade.control_plane.title"), text: t("change:upgrade.control_plane.text") },
          ]}
        />
      )}
    </>
  );
}
