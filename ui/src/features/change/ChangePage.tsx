import { Skeleton, SkeletonItem, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { toFailure } from "../../ipc/call";
import type { Failure } from "../../ipc/generated/Failure";
import { clusterQuery } from "../../shared/catalogues";
import { endpointQuery } from "../../shared/endpoint/queries";
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
  if (page.name !== "change") {
    return null;
  }
  const { target } = page;
  const key = JSON.stringify(target);
  return "endpointId" in target ? <ChangeOfEndpoint key={key} target={target} /> : <ChangeOf key={key} target={target} />;
}

/** The cluster of a change; empty if it has no existing cluster. */
function clusterOf(target: Target): string {
  return "clusterId" in target ? target.clusterId : "";
}

/** The resource whose subscription the page shows. */
function placeOf(target: Target): string {
  if ("endpointId" in target) {
    return target.endpointId;
  }
  if (target.kind === "clear_up") {
    return target.resources[0] ?? "";
  }
  return "computeId" in target ? (target.computeId ?? target.clusterId) : target.clusterId;
}

/** Reads the cluster of the change, then shows its form. */
function ChangeOf({ target }: { target: Target }): ReactNode {
  const { account } = useSignedIn();
  const clusterId = clusterOf(target);
  const { data, error, refetch } = useQuery(clusterQuery(account.id, clusterId));
  const trail = useTrail(target);
  const details = clusterId === "" ? null : data;
  if (details !== undefined) {
    return <ChangeView target={target} details={details} endpoint={null} trail={trail} subscriptionId={subscriptionIn(placeOf(target))} />;
  }
  return <Reading target={target} failure={error === null ? null : toFailure(error)} again={() => void refetch()} />;
}

/** Reads the endpoint of the change afresh, because its traffic may have changed, then shows its form. */
function ChangeOfEndpoint({ target }: { target: Extract<Target, { endpointId: string }> }): ReactNode {
  const { account } = useSignedIn();
  const { data, error, isFetchedAfterMount, isFetching, refetch } = useQuery({ ...endpointQuery(account.id, target.endpointId), refetchOnMount: "always" });
  const trail = useTrail(target);
  if (data !== undefined && error === null && isFetchedAfterMount) {
    return <ChangeView target={target} details={null} endpoint={data.endpoint} trail={trail} subscriptionId={subscriptionIn(target.endpointId)} />;
  }
  return <Reading target={target} failure={error === null || isFetching ? null : toFailure(error)} again={() => void refetch()} />;
}

/** The page while the target is read, and why it could not be. */
function Reading({ target, failure, again }: { target: Target; failure: Failure | null; again: () => void }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const trail = useTrail(target);
  const { title } = useChangeWords(target, null, null);
  return (
    <div className={styles.page} data-testid="change-page">
      <div className={styles.top}>
        <PageHeader title={title} trail={trail} subscriptionId={subscriptionIn(placeOf(target))} />
      </div>
      <div className={styles.rest}>
        {failure === null ? (
          <Skeleton aria-label={t("common:loading")}>
            <SkeletonItem size={128} />
          </Skeleton>
        ) : (
          <FailureNotice failure={failure} onRetry={again} />
        )}
      </div>
    </div>
  );
}

/** Breadcrumb from the clusters, the endpoints or the run. */
function useTrail(target: Target): Waypoint[] {
  const { t } = useTranslation();
  const { open } = useNavigation();
  if (target.kind === "clear_up") {
    return [
      { text: t("activity:title"), onOpen: () => open({ name: "activity" }) },
      { text: t("run:title"), onOpen: () => open({ name: "run", run: target.run }) },
    ];
  }
  if ("endpointId" in target) {
    const { endpointId } = target;
    return [
      { text: t("endpoints:title"), onOpen: () => open({ name: "endpoints" }) },
      { text: nameOf(endpointId), onOpen: () => open({ name: "endpoint", endpointId }) },
    ];
  }
  const { clusterId } = target;
  const clusters = { text: t("clusters:title"), onOpen: () => open({ name: "clusters" }) };
  return clusterId === "" ? [clusters] : [clusters, { text: nameOf(clusterId), onOpen: () => open({ name: "cluster", clusterId }) }];
}
