import { Badge, Field, Radio, RadioGroup, Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Change } from "../../../ipc/generated/Change";
import type { ClusterDetails } from "../../../ipc/generated/ClusterDetails";
import type { Lane } from "../../../ipc/generated/Lane";
import type { UpgradeTarget } from "../../../ipc/generated/UpgradeTarget";
import { ChoiceCards } from "../../../shared/ChoiceCards";
import { useFormat } from "../../../shared/format";
import { LONG_TERM_SUPPORT, isLongTermOnly, laneOf, supportOf, targetsOf } from "../support";
import { SupportFields } from "./SupportFields";
import { useLanes } from "./useLanes";

const useStyles = makeStyles({
  label: { display: "inline-flex", flexWrap: "wrap", alignItems: "center", gap: `0 ${tokens.spacingHorizontalS}` },
  faint: { color: tokens.colorNeutralForeground3 },
});

type Upgrade = Extract<Change, { kind: "upgrade" }>;

interface Props {
  change: Upgrade;
  details: ClusterDetails;
  set: (change: Change) => void;
}

/** Target version with its support, whether to upgrade the nodes too, and the support plan where the version needs a choice. */
export function UpgradeForm({ change, details, set }: Props): ReactNode {
  const { t } = useTranslation();
  const { cluster } = details;
  const { lanes, today } = useLanes(cluster);
  const now = cluster.kubernetesVersion;
  const has = supportOf(cluster);
  const behind = cluster.pools.filter((pool) => pool.version !== now).map((pool) => pool.name);
  const lane = laneOf(lanes, change.version);
  const choose = (version: string): void => set(withVersion(change, version, now, isLongTermOnly(laneOf(lanes, version)) && !has.longTermSupport));
  const hint = useHint(now, laneOf(lanes, now), has.longTermSupport, today);
  const why = isLongTermOnly(lane) && !has.longTermSupport ? t("change:support.whyOnly", { version: lane?.minor ?? "" }) : has.longTermSupport ? t("change:support.whyHas") : undefined;
  const upgrades = change.version !== "" && change.version !== now;
  return (
    <>
      <div data-field="version">
        <Field label={t("change:upgrade.version")} hint={hint}>
          <RadioGroup value={change.version} onChange={(_, data) => choose(data.value)}>
            {behind.length > 0 && <Radio value={now} label={t("change:upgrade.nodesOnly", { version: now, pools: behind.join(", ") })} data-testid={`version-${now}`} />}
            {targetsOf(details, lanes).map((target) => (
              <Radio
                key={target.version}
                value={target.version}
                data-testid={`version-${target.version}`}
                label={<TargetLabel target={target} lane={laneOf(lanes, target.version)} longTerm={has.longTermSupport} today={today} />}
              />
            ))}
          </RadioGroup>
        </Field>
      </div>
      {upgrades && (
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
      {upgrades && why !== undefined && (
        <SupportFields support={change.support ?? has} set={(support) => set({ ...change, support })} lane={lane} today={today} why={why} />
      )}
    </>
  );
}

/** The change with another version; a version that needs long-term support gets it. */
function withVersion(change: Upgrade, version: string, now: string, needsLongTerm: boolean): Upgrade {
  const next: Upgrade = { kind: "upgrade", clusterId: change.clusterId, version, nodes: version === now ? true : change.nodes };
  return needsLongTerm ? { ...next, support: LONG_TERM_SUPPORT } : next;
}

/** The current version and the end of its support. */
function useHint(version: string, lane: Lane | undefined, longTerm: boolean, today: string): string {
  const { t } = useTranslation();
  const format = useFormat();
  const end = endOf(lane, longTerm);
  if (end === null) {
    return t("change:upgrade.now", { version });
  }
  return t(end < today ? "change:upgrade.nowEnded" : "change:upgrade.nowUntil", { version, day: format.day(end) });
}

interface LabelProps {
  target: UpgradeTarget;
  lane: Lane | undefined;
  /** Whether the cluster has long-term support. */
  longTerm: boolean;
  today: string;
}

/** A version, the end of its support, and what is special about it. */
function TargetLabel({ target: { version, isPreview }, lane, longTerm, today }: LabelProps): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const format = useFormat();
  const only = isLongTermOnly(lane);
  const end = endOf(lane, longTerm || only);
  return (
    <span className={styles.label}>
      {version}
      {end !== null && (
        <Text size={200} className={styles.faint}>
          {t(end < today ? "change:upgrade.ended" : "change:upgrade.until", { day: format.day(end) })}
        </Text>
      )}
      {only && (
        <Badge appearance="tint" color="informative">
          {t("change:upgrade.onlyLts")}
        </Badge>
      )}
      {isPreview && (
        <Badge appearance="tint" color="warning">
          {t("change:upgrade.preview")}
        </Badge>
      )}
    </span>
  );
}

function endOf(lane: Lane | undefined, longTerm: boolean): string | null {
  return (longTerm ? lane?.ltsEnd : lane?.communityEnd) ?? null;
}
