import { Spinner, Text, makeStyles, tokens } from "@fluentui/react-components";
import { CheckmarkCircleFilled } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { toFailure } from "../../../ipc/call";
import { clusterQuery } from "../../../shared/catalogues";
import { FailureNotice } from "../../../shared/FailureNotice";
import { nodesOf, sameResource } from "../../../shared/resources";
import { useDebounced } from "../../../shared/time";
import { useWizard } from "../wizard/WizardContext";
import { withCluster } from "./choices";

const useStyles = makeStyles({
  found: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS, minWidth: 0, overflowWrap: "anywhere" },
  icon: { color: tokens.colorStatusSuccessForeground1, width: "16px", height: "16px", flexShrink: 0 },
  waiting: { justifyContent: "flex-start" },
});

/** Looks up the named cluster in Azure. */
export function FoundCluster({ resourceId }: { resourceId: string }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { account, spec, update } = useWizard();
  const settled = useDebounced(resourceId, 800);
  const { data, error, isFetching, refetch } = useQuery(clusterQuery(account, settled));
  const cluster = settled === resourceId ? data?.cluster : undefined;
  const follows = cluster !== undefined && (spec.place.clusterName !== cluster.name || spec.place.location !== cluster.location);
  useEffect(() => {
    if (follows && cluster !== undefined) {
      update((before) => (before.cluster.kind === "existing" && sameResource(before.cluster.resourceId, cluster.id) ? withCluster(before, cluster) : before));
    }
  }, [follows, cluster, update]);
  if (cluster !== undefined) {
    const about = [cluster.resourceGroup, cluster.location, cluster.kubernetesVersion, t("place:nodes", { count: nodesOf(cluster.pools) })];
    return (
      <Text size={200} className={styles.found} data-testid="found-cluster">
        <CheckmarkCircleFilled className={styles.icon} aria-hidden />
        {t("place:existing.found", { name: cluster.name, about: about.join(" · ") })}
      </Text>
    );
  }
  if (error !== null && settled === resourceId && !isFetching) {
    return <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} testId="cluster-not-found" />;
  }
  return <Spinner size="tiny" labelPosition="after" className={styles.waiting} label={t("place:existing.looking")} />;
}
