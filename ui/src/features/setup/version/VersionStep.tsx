import { Skeleton, SkeletonItem, Switch, Tab, TabList, Text, makeStyles, tokens } from "@fluentui/react-components";
import { TableSimpleRegular, TimelineRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { toFailure } from "../../../ipc/call";
import type { VersionCatalogue } from "../../../ipc/generated/VersionCatalogue";
import { versionsQuery } from "../../../shared/catalogues";
import { FailureNotice } from "../../../shared/FailureNotice";
import { FieldFindings } from "../../../shared/fields";
import { useFormat } from "../../../shared/format";
import { useLayout } from "../../../shared/layout";
import { useWizard } from "../wizard/WizardContext";
import { withLts, withVersion } from "./choices";
import { TierChoice } from "./TierChoice";
import { canChoose } from "./timeline";
import { VersionTable } from "./VersionTable";
import { VersionTimeline } from "./VersionTimeline";

const useStyles = makeStyles({
  bar: { display: "flex", alignItems: "center", justifyContent: "space-between", flexWrap: "wrap", gap: tokens.spacingHorizontalM },
  // Aligns the control, which has 8px of margin, with the title.
  switch: { marginLeft: `calc(-1 * ${tokens.spacingHorizontalS})` },
});

/** The Kubernetes version, on a support time line or in a table. */
export default function VersionStep(): ReactNode {
  const { t } = useTranslation();
  const { account, spec } = useWizard();
  const { subscriptionId, location } = spec.place;
  const { data, error, refetch } = useQuery(versionsQuery(account, subscriptionId, location));
  if (error !== null) {
    return <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} />;
  }
  if (location === "") {
    return <Text>{t("version:noLocation")}</Text>;
  }
  return data === undefined ? <Waiting /> : <VersionPicker catalogue={data} />;
}

function VersionPicker({ catalogue }: { catalogue: VersionCatalogue }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const format = useFormat();
  const { spec, update } = useWizard();
  const [view, setView] = useState<"line" | "table">("line");
  const { kubernetes, longTermSupport } = spec.version;
  const choose = (version: string): void => update((before) => withVersion(before, version));
  useEffect(() => {
    const standard = catalogue.lanes.find((lane) => lane.isDefault && canChoose(lane, longTermSupport));
    if (kubernetes === "" && standard !== undefined) {
      update((before) => withVersion(before, standard.minor));
    }
  }, [catalogue, kubernetes, longTermSupport, update]);
  const View = view === "line" ? VersionTimeline : VersionTable;
  return (
    <>
      <div className={styles.bar}>
        <Switch
          className={styles.switch}
          label={t("version:lts")}
          checked={longTermSupport}
          onChange={(_, data) => update((before) => withLts(before, data.checked, catalogue.lanes))}
          data-testid="field-version.longTermSupport"
        />
        <TabList size="small" selectedValue={view} onTabSelect={(_, data) => setView(data.value === "table" ? "table" : "line")}>
          <Tab value="line" icon={<TimelineRegular />} data-testid="view-line">
            {t("version:asLine")}
          </Tab>
          <Tab value="table" icon={<TableSimpleRegular />} data-testid="view-table">
            {t("version:asTable")}
          </Tab>
        </TabList>
      </div>
      <View catalogue={catalogue} version={kubernetes} longTermSupport={longTermSupport} onChoose={choose} />
      <FieldFindings path="version" />
      <TierChoice />
      <Switch
        label={t("version:patchUpgrades")}
        checked={spec.version.patchUpgrades}
        onChange={(_, data) => update((before) => ({ ...before, version: { ...before.version, patchUpgrades: data.checked } }))}
        data-testid="field-version.patchUpgrades"
      />
      <Text size={200} className={layout.faint}>
        {t("version:calendar", { day: format.day(catalogue.calendarAsOf) })}
      </Text>
    </>
  );
}

function Waiting(): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  return (
    <Skeleton aria-label={t("common:loading")} className={layout.column}>
      {["a", "b", "c", "d", "e", "f"].map((row) => (
        <SkeletonItem key={row} size={40} />
      ))}
    </Skeleton>
  );
}
