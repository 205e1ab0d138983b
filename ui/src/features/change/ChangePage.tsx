import { Skeleton, SkeletonItem, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { toFailure } from "../../ipc/call";
import { clusterQuery } from "../../shared/catalogues";
import { FailureNotice } from "../../shared/FailureNotice";
import { type Target, useNavigation } from "../../shared/navigation";
import { PageHeader, type Waypoint } from "../../shared/PageHeader";
import { nameOf, subscriptionIn } from "../../shared/resources";
import { useSignedIn } from "../../shared/session";
import { ChangeView } from "./ChangeView";
import { useChangeWords } from "./words";

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", height: "100%", boxSizing: "border-box" },
  top: {
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXXL}`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  rest: { padding: tokens.spacingHorizontalXXL, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
});

/** The current change. */
export default function ChangePage(): ReactNode {
  const { page } = useNavigation();
  return page.name === "change" ? <ChangeOf key={JSON.stringify(page.target)} target={page.target} /> : null;
}

/** The cluster of a change; empty if it has no existing cluster. */
function clusterOf(target: Target): string {
  return target.kind === "clear_up" ? "" : target.clusterId;
}

/** Reads the target of the change, then shows its form. */
function ChangeOf({ target }: { target: Target }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { account } = useSignedIn();
  const clusterId = clusterOf(target);
  const { data, error, refetch } = useQuery(clusterQuery(account.id, clusterId));
  const trail = useTrail(target);
  const { title } = useChangeWords(target, null, null);
  const details = clusterId === "" ? null : data;
  const about = "computeId" in target ? (target.computeId ?? clusterId) : target.kind === "clear_up" ? (target.resources[0] ?? "") : clusterId;
  if (details !== undefined) {
    return <ChangeView target={target} details={details} trail={trail} subscriptionId={subscriptionIn(about)} />;
  }
  return (
    <div className={styles.page} data-testid="change-page">
      <div className={styles.top}>
        <PageHeader title={title} trail={trail} subscriptionId={subscriptionIn(about)} />
      </div>
      <div className={styles.rest}>
        {error === null ? (
          <Skeleton aria-label={t("common:loading")}>
            <SkeletonItem size={128} />
          </Skeleton>
        ) : (
          <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} />
        )}
      </div>
    </div>
  );
}

/** Breadcrumb from the clusters or from the run. */
function useTrail(target: Target): Waypoint[] {
  const { t } = useTranslation();
  const { open } = useNavigation();
  if (target.kind === "clear_up") {
    return [
      { text: t("activity:title"), onOpen: () => open({ name: "activity" }) },
      { text: t("run:title"), onOpen: () => open({ name: "run", run: target.run }) },
    ];
  }
  const { clusterId } = target;
  const clusters = { text: t("clusters:title"), onOpen: () => open({ name: "clusters" }) };
  return clusterId === "" ? [clusters] : [clusters, { text: nameOf(clusterId), onOpen: () => open({ name: "cluster", clusterId }) }];
}
