import { Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Change } from "../../ipc/generated/Change";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import type { Target } from "../../shared/navigation";
import { nameOf } from "../../shared/resources";
import { subjectName } from "./words";

const useStyles = makeStyles({
  text: { maxWidth: "72ch", textWrap: "pretty" },
  stays: {
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorBrandBackground2,
    "@media (forced-colors: active)": { border: "1px solid CanvasText" },
  },
});

interface Props {
  target: Target;
  change: Change | null;
  details: ClusterDetails | null;
}

/** A short description of the change. */
export function About({ target, change, details }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const clusterId = "clusterId" in target ? target.clusterId : "";
  const cluster = details?.cluster.name ?? nameOf(clusterId);
  const values = { name: subjectName(target), cluster };
  if (target.kind === "detach" && clusterId === "") {
    return <Text className={styles.text}>{t("change:about.detachOrphan", values)}</Text>;
  }
  const key = change?.kind === "power" ? (change.running ? "powerOn" : "powerOff") : target.kind;
  return (
    <>
      <Text className={styles.text}>{t(`change:about.${key}`, values)}</Text>
      {target.kind === "detach" && (
        <Text className={styles.stays} data-testid="cluster-stays">
          {t("change:clusterStays", values)}
        </Text>
      )}
    </>
  );
}
