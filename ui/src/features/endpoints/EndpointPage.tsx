import { Button, MessageBar, MessageBarBody, MessageBarTitle, Skeleton, SkeletonItem } from "@fluentui/react-components";
import { AddRegular, ArrowClockwiseRegular, ArrowSplitRegular, ServerRegular, StethoscopeRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { toFailure } from "../../ipc/call";
import type { Endpoint } from "../../ipc/generated/Endpoint";
import { AzureLines } from "../../shared/AzureLines";
import { CopyButton } from "../../shared/CopyButton";
import { DiagnosisPanel } from "../../shared/diagnosis/DiagnosisPanel";
import { StateLabel } from "../../shared/endpoint/StateLabel";
import { hasOwnVersions, trafficOf } from "../../shared/endpoint/traffic";
import { endpointQuery, useLastEndpoints } from "../../shared/endpoint/queries";
import { FailureNotice } from "../../shared/FailureNotice";
import { useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { PageHeader } from "../../shared/PageHeader";
import { ReadAge } from "../../shared/ReadAge";
import { ReportedErrors } from "../../shared/ReportedErrors";
import { nameOf, sameResource, subscriptionIn } from "../../shared/resources";
import { useSignedIn } from "../../shared/session";
import { KeysSection } from "./calls/KeysSection";
import { TrySection } from "./calls/TrySection";
import { CarrySection } from "./CarrySection";
import { DangerSection } from "./DangerSection";
import { FactsSection } from "./FactsSection";
import { LogsSection } from "./LogsSection";
import { PodsSection } from "./PodsSection";
import { VersionsSection } from "./VersionsSection";

/** The current endpoint page. */
export default function EndpointPage(): ReactNode {
  const { page } = useNavigation();
  return page.name === "endpoint" ? <EndpointView key={page.endpointId} endpointId={page.endpointId} /> : null;
}

/** The page of an endpoint: the last known state first, then the current one. */
function EndpointView({ endpointId }: { endpointId: string }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const { open } = useNavigation();
  const { account } = useSignedIn();
  const { data, error, isFetching, dataUpdatedAt, refetch } = useQuery({ ...endpointQuery(account.id, endpointId), refetchOnMount: "always" });
  const [diagnosed, diagnose] = useState(false);
  const last = useLastEndpoints();
  const failure = error === null ? null : toFailure(error);
  const gone = failure?.code === "not_found";
  const known = gone ? undefined : last?.endpoints.find(({ id }) => sameResource(endpointId, id));
  const endpoint = gone ? undefined : (data?.endpoint ?? known);
  const readAt = data === undefined ? last?.readAt : new Date(dataUpdatedAt).toISOString();
  const again = (): void => void refetch();
  return (
    <div className={layout.page} data-testid="endpoint-page" aria-busy={isFetching}>
      <PageHeader
        title={endpoint?.name ?? nameOf(endpointId)}
        trail={[{ text: t("endpoints:title"), onOpen: () => open({ name: "endpoints" }) }]}
        subscriptionId={subscriptionIn(endpointId)}
      />
      {failure !== null && !gone && <FailureNotice failure={failure} onRetry={again} testId="endpoint-failure" />}
      {gone && (
        <MessageBar intent="info" data-testid="endpoint-gone">
          <MessageBarBody>{t("endpoints:gone")}</MessageBarBody>
        </MessageBar>
      )}
      {endpoint === undefined && failure === null && (
        <Skeleton className={layout.column} aria-label={t("common:loading")}>
          <SkeletonItem size={32} />
          <SkeletonItem size={128} />
          <SkeletonItem size={128} />
        </Skeleton>
      )}
      {endpoint !== undefined && (
        <>
          <div className={layout.bar}>
            <StateLabel state={endpoint.state} />
            <Actions endpoint={endpoint} onDiagnose={() => diagnose(true)} />
            <span className={layout.buttons}>
              {readAt !== undefined && <ReadAge readAt={readAt} reading={isFetching} testId="endpoint-age" />}
              <Button appearance="subtle" icon={<ArrowClockwiseRegular />} onClick={again} disabledFocusable={isFetching} data-testid="refresh">
                {t("endpoints:refresh")}
              </Button>
            </span>
          </div>
          <div className={layout.sections}>
            {data !== undefined && data.problems.length > 0 && (
              <MessageBar intent="warning" layout="multiline" data-testid="endpoint-problems">
                <MessageBarBody>
                  <MessageBarTitle>{t("endpoints:unread.title")}</MessageBarTitle>
                  <AzureLines lines={data.problems} />
                </MessageBarBody>
              </MessageBar>
            )}
            {diagnosed && <DiagnosisPanel account={account.id} resourceId={endpoint.computeId ?? endpoint.clusterId ?? ""} />}
            <ReportedErrors title={t("endpoints:errors")} errors={endpoint.errors} testId="errors-endpoint" />
            <VersionsSection endpoint={endpoint} />
            <PodsSection endpoint={endpoint} />
            <LogsSection endpoint={endpoint} />
            <TrySection endpoint={endpoint} />
            <KeysSection endpoint={endpoint} />
            <FactsSection endpoint={endpoint} compute={data?.compute ?? null} location={data?.workspaceLocation ?? null} />
            {endpoint.route === "classic" && <CarrySection endpoint={endpoint} />}
            <DangerSection endpointId={endpoint.id} />
          </div>
        </>
      )}
    </div>
  );
}

/** What can be done from here. */
function Actions({ endpoint, onDiagnose }: { endpoint: Endpoint; onDiagnose: () => void }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const { open } = useNavigation();
  const { id, url, clusterId, computeId } = endpoint;
  return (
    <span className={layout.buttons} role="group" aria-label={t("endpoints:actions")}>
      <Button icon={<AddRegular />} onClick={() => open({ name: "deploy", endpoint })} data-testid="add-version">
        {t(hasOwnVersions(endpoint) ? "endpoints:addVersion" : "endpoints:deployAgain")}
      </Button>
      {hasOwnVersions(endpoint) && trafficOf(endpoint) !== "no_versions" && (
        <Button icon={<ArrowSplitRegular />} onClick={() => open({ name: "change", target: { kind: "traffic", endpointId: id } })} data-testid="change-traffic">
          {t("endpoints:changeTraffic")}
        </Button>
      )}
      {url !== null && <CopyButton text={url} label={t("endpoints:copyAddress")} size="medium" testId="copy-address" />}
      {clusterId !== null && (
        <Button appearance="subtle" icon={<ServerRegular />} onClick={() => open({ name: "cluster", clusterId })} data-testid="open-cluster">
          {t("endpoints:openCluster")}
        </Button>
      )}
      {(computeId ?? clusterId) !== null && (
        <Button appearance="subtle" icon={<StethoscopeRegular />} onClick={onDiagnose} data-testid="diagnose">
          {t("endpoints:diagnose")}
        </Button>
      )}
    </span>
  );
}
