import { Button, MessageBar, MessageBarBody, MessageBarTitle, Skeleton, SkeletonItem } from "@fluentui/react-components";
import { ArrowClockwiseRegular, PlugConnectedRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import type { ComponentType, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { toFailure } from "../../ipc/call";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import type { ClusterFacts } from "../../ipc/generated/ClusterFacts";
import type { Spec } from "../../ipc/generated/Spec";
import { clusterQuery } from "../../shared/catalogues";
import { ClusterStateLabel } from "../../shared/ClusterStateLabel";
import { emptySpec } from "../../shared/emptySpec";
import { FailureNotice } from "../../shared/FailureNotice";
import { useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { OpenAsDraft } from "../../shared/OpenAsDraft";
import { PageHeader } from "../../shared/PageHeader";
import { nameOf, subscriptionIn } from "../../shared/resources";
import { useSignedIn } from "../../shared/session";
import { AttachmentsSection } from "./AttachmentsSection";
import { ClusterActions } from "./ClusterActions";
import { DangerSection } from "./DangerSection";
import { DependentsSection } from "./DependentsSection";
import { DiagnosisSection } from "./DiagnosisSection";
import { KubeconfigSection } from "./KubeconfigSection";
import { LeftoversSection } from "./LeftoversSection";
import { NodesSection } from "./NodesSection";
import { OverviewSection } from "./OverviewSection";

/** A section of the cluster page. Empty sections render nothing. */
interface SectionEntry {
  id: string;
  view: ComponentType<{ details: ClusterDetails }>;
}

/** The sections in order; destructive actions come last. */
const SECTIONS: readonly SectionEntry[] = [
  { id: "overview", view: OverviewSection },
  { id: "nodes", view: NodesSection },
  { id: "attachments", view: AttachmentsSection },
  { id: "dependents", view: DependentsSection },
  { id: "leftovers", view: LeftoversSection },
  { id: "diagnosis", view: DiagnosisSection },
  { id: "kubeconfig", view: KubeconfigSection },
  { id: "danger", view: DangerSection },
];

/** The current cluster page. */
export default function ClusterPage(): ReactNode {
  const { page } = useNavigation();
  return page.name === "cluster" ? <Cluster key={page.clusterId} clusterId={page.clusterId} /> : null;
}

/** The cluster page: overview, nodes, computes, services and endpoints, and all changes. */
function Cluster({ clusterId }: { clusterId: string }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const { open } = useNavigation();
  const { account } = useSignedIn();
  const { data, error, isFetching, refetch } = useQuery({ ...clusterQuery(account.id, clusterId), refetchOnMount: "always" });
  return (
    <div className={layout.page} data-testid="cluster-page" aria-busy={isFetching}>
      <PageHeader
        title={data?.cluster.name ?? nameOf(clusterId)}
        trail={[{ text: t("clusters:title"), onOpen: () => open({ name: "clusters" }) }]}
        subscriptionId={subscriptionIn(clusterId)}
        action={data === undefined ? undefined : <AttachToWorkspace cluster={data.cluster} />}
      />
      {error !== null && <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} />}
      {data === undefined && error === null && (
        <Skeleton className={layout.column} aria-label={t("common:loading")}>
          <SkeletonItem size={32} />
          <SkeletonItem size={128} />
          <SkeletonItem size={128} />
        </Skeleton>
      )}
      {data !== undefined && (
        <>
          <div className={layout.bar}>
            <ClusterStateLabel cluster={data.cluster} />
            <ClusterActions details={data} />
            <Button appearance="subtle" icon={<ArrowClockwiseRegular />} onClick={() => void refetch()} disabledFocusable={isFetching} data-testid="refresh">
              {t("clusters:refresh")}
            </Button>
          </div>
          <Sections details={data} />
        </>
      )}
    </div>
  );
}

function Sections({ details }: { details: ClusterDetails }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  return (
    <div className={layout.sections}>
      {details.problems.length > 0 && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t("clusters:incomplete")}</MessageBarTitle> {details.problems.join(" ")}
          </MessageBarBody>
        </MessageBar>
      )}
      {SECTIONS.map(({ id, view: View }) => (
        <View key={id} details={details} />
      ))}
    </div>
  );
}

/** A setup that attaches this cluster. */
function attaching(cluster: ClusterFacts): Spec {
  const empty = emptySpec(cluster.subscriptionId);
  return {
    ...empty,
    cluster: { kind: "existing", resourceId: cluster.id },
    place: { ...empty.place, resourceGroup: cluster.resourceGroup, location: cluster.location, clusterName: cluster.name },
  };
}

/** Opens the wizard with this cluster selected. */
function AttachToWorkspace({ cluster }: { cluster: ClusterFacts }): ReactNode {
  const { t } = useTranslation();
  return <OpenAsDraft spec={attaching(cluster)} step="place" icon={<PlugConnectedRegular />} text={t("clusters:do.attach")} primary testId="attach-to-workspace" />;
}
