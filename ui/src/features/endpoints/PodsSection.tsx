import { Button, MessageBar, MessageBarBody, MessageBarTitle, Spinner, Table, TableBody, TableCell, TableHeader, TableHeaderCell, TableRow, Text } from "@fluentui/react-components";
import { ArrowClockwiseRegular, CubeMultipleRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { Endpoint } from "../../ipc/generated/Endpoint";
import type { EndpointPods } from "../../ipc/generated/EndpointPods";
import type { PodWarning } from "../../ipc/generated/PodWarning";
import type { VersionPods } from "../../ipc/generated/VersionPods";
import { AzureLines } from "../../shared/AzureLines";
import { CauseList } from "../../shared/diagnosis/CauseList";
import { FailureNotice } from "../../shared/FailureNotice";
import { useFormat } from "../../shared/format";
import { useLayout } from "../../shared/layout";
import { ReadAge } from "../../shared/ReadAge";
import { Section } from "../../shared/Section";
import { useSignedIn } from "../../shared/session";
import { useTableStyles } from "../../shared/table";

/** The pods of each version and why versions do not serve. Read when asked for, because Azure may have to run a command in the cluster. */
export function PodsSection({ endpoint }: { endpoint: Endpoint }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const { account } = useSignedIn();
  const [asked, ask] = useState(false);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["azure", "pods", account.id, endpoint.id.toLowerCase()],
    queryFn: () => call("read_pods", { account: account.id, resourceId: endpoint.id }),
    enabled: asked,
    staleTime: 0,
  });
  if (endpoint.versions.length === 0) {
    return null;
  }
  const read = (): void => {
    ask(true);
    if (asked) {
      void refetch();
    }
  };
  return (
    <Section level={2} title={t("endpoints:pods.title")} hint={t("endpoints:pods.hint")}>
      <div className={layout.column} data-testid="pods" aria-busy={isFetching}>
        <div className={layout.buttons}>
          <Button icon={asked ? <ArrowClockwiseRegular /> : <CubeMultipleRegular />} onClick={read} disabledFocusable={isFetching} data-testid="read-pods">
            {t(asked ? "endpoints:refresh" : "endpoints:pods.read")}
          </Button>
          {data !== undefined && <ReadAge readAt={data.readAt} reading={isFetching} testId="pods-age" />}
        </div>
        {asked && data === undefined && error === null && <Spinner size="small" label={t("endpoints:pods.reading")} labelPosition="after" />}
        {error !== null && <FailureNotice failure={toFailure(error)} onRetry={read} testId="pods-failure" />}
        {data !== undefined && <Found pods={data} />}
      </div>
    </Section>
  );
}

function Found({ pods }: { pods: EndpointPods }): ReactNode {
  const layout = useLayout();
  const table = useTableStyles();
  const { t } = useTranslation();
  return (
    <>
      {pods.unread.length > 0 && (
        <MessageBar intent="warning" layout="multiline" data-testid="pods-unread">
          <MessageBarBody>
            <MessageBarTitle>{t("endpoints:unread.title")}</MessageBarTitle>
            <AzureLines lines={pods.unread.map(({ what, why }) => `${t(`diagnosis:unread.${what}`, { defaultValue: what })}: ${why}`)} />
          </MessageBarBody>
        </MessageBar>
      )}
      <div className={table.room}>
        <Table aria-label={t("endpoints:pods.title")} size="small">
          <TableHeader>
            <TableRow>
              <TableHeaderCell>{t("endpoints:versions.name")}</TableHeaderCell>
              <TableHeaderCell>{t("endpoints:pods.ready")}</TableHeaderCell>
              <TableHeaderCell>{t("endpoints:pods.restarts")}</TableHeaderCell>
              <TableHeaderCell>{t("endpoints:pods.warning")}</TableHeaderCell>
            </TableRow>
          </TableHeader>
          <TableBody>
            {pods.versions.map((one) => (
              <Row key={one.version} of={one} known={pods.unread.every(({ what }) => what !== "events")} cell={table.cell} />
            ))}
          </TableBody>
        </Table>
      </div>
      {pods.versions
        .filter(({ causes }) => causes.length > 0)
        .map(({ version, causes }) => (
          <div key={version} className={layout.column} role="group" aria-label={t("endpoints:pods.why", { version })} data-testid={`causes-${version}`}>
            <CauseList causes={causes} />
          </div>
        ))}
    </>
  );
}

function Row({ of: { version, pods, lastWarning }, known, cell }: { of: VersionPods; known: boolean; cell: string }): ReactNode {
  const { t } = useTranslation();
  const { number } = useFormat();
  const unknown = t("endpoints:unknown");
  return (
    <TableRow data-testid={`pods-${version}`}>
      <TableCell className={cell}>{version}</TableCell>
      <TableCell className={cell}>{pods === null ? unknown : t("endpoints:pods.readyOf", { ready: number(pods.ready), all: number(pods.all) })}</TableCell>
      <TableCell className={cell}>{pods === null ? unknown : number(pods.restarts)}</TableCell>
      <TableCell className={cell}>{lastWarning === null ? (pods === null || !known ? unknown : t("endpoints:pods.noWarning")) : <Warning warning={lastWarning} />}</TableCell>
    </TableRow>
  );
}

function Warning({ warning: { reason, message, last } }: { warning: PodWarning }): ReactNode {
  const table = useTableStyles();
  const { moment } = useFormat();
  return (
    <>
      {reason}: {message}
      {last !== "" && (
        <Text size={200} block className={table.quiet}>
          {moment(last)}
        </Text>
      )}
    </>
  );
}
