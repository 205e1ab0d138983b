import { Tab, TabList, makeStyles, tokens } from "@fluentui/react-components";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PlaceCatalogue } from "../../../ipc/generated/PlaceCatalogue";
import { FieldFindings } from "../../../shared/fields";
import { sameResource } from "../../../shared/resources";
import { useWizard } from "../wizard/WizardContext";
import { ClusterById } from "./ClusterById";
import { ClusterByName } from "./ClusterByName";
import { ClusterFromList } from "./ClusterFromList";
import { FoundCluster } from "./FoundCluster";

const WAYS = ["list", "name", "id"] as const;
type Way = (typeof WAYS)[number];

const useStyles = makeStyles({
  root: { gridColumn: "1 / -1", display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM, minWidth: 0 },
  tabs: { marginLeft: `calc(-1 * ${tokens.spacingHorizontalM})` },
});

/** Selects an existing cluster: from the list, by name, or by resource ID. */
export function ExistingClusterFields({ catalogue }: { catalogue: PlaceCatalogue | undefined }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { spec } = useWizard();
  const chosenId = spec.cluster.kind === "existing" ? spec.cluster.resourceId : "";
  const listed = catalogue?.clusters.some((facts) => sameResource(chosenId, facts.id)) ?? false;
  const [way, setWay] = useState<Way>("list");
  return (
    <div className={styles.root}>
      <TabList size="small" className={styles.tabs} selectedValue={way} onTabSelect={(_, data) => setWay(WAYS.find((known) => known === data.value) ?? "list")} aria-label={t("place:existing.label")}>
        {WAYS.map((known) => (
          <Tab key={known} value={known} data-testid={`by-${known}`}>
            {t(`place:existing.${known}`)}
          </Tab>
        ))}
      </TabList>
      {way === "list" && <ClusterFromList catalogue={catalogue} />}
      {way !== "list" && (
        <div data-field="cluster">
          {way === "name" ? <ClusterByName groups={catalogue?.resourceGroups ?? []} /> : <ClusterById />}
          {chosenId === "" && <FieldFindings path="cluster" />}
        </div>
      )}
      {chosenId !== "" && (way !== "list" || !listed) && <FoundCluster resourceId={chosenId} />}
    </div>
  );
}
