import { Button, Skeleton, SkeletonItem, Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { AddRegular, ArrowClockwiseRegular, ArrowRoutingRegular, RocketRegular } from "@fluentui/react-icons";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { EndpointList } from "../../ipc/generated/EndpointList";
import { useAzureState } from "../../shared/azureState";
import { EmptyState } from "../../shared/EmptyState";
import { useEndpoints } from "../../shared/endpoint/queries";
import { FailureNotice } from "../../shared/FailureNotice";
import { useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { PageHeader } from "../../shared/PageHeader";
import { ReadAge } from "../../shared/ReadAge";
import { useAccount } from "../../shared/session";
import { EndpointTable } from "./EndpointTable";
import { Filters } from "./Filters";
import { type EndpointRow, type EndpointsView, FIRST_VIEW, possible, rowOf, shownOf } from "./rows";
import { UnreadPlaces } from "./UnreadPlaces";

const useStyles = makeStyles({
  tools: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`, minHeight: "32px" },
  right: { marginInlineStart: "auto" },
});

/** Every endpoint and service of the account: the last known ones first, then the current ones. */
export default function EndpointsPage(): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const { list, waiting, reading, failure, again } = useEndpoints();
  return (
    <div className={layout.page} data-testid="endpoints-page" aria-busy={reading}>
      <PageHeader title={t("endpoints:title")} action={<DeployButton />} />
      {failure !== null && <FailureNotice failure={failure} onRetry={again} testId="endpoints-failure" />}
      {waiting && (
        <Skeleton className={layout.column} aria-label={t("common:loading")}>
          <SkeletonItem size={32} />
          <SkeletonItem size={40} />
          <SkeletonItem size={48} />
          <SkeletonItem size={48} />
          <SkeletonItem size={48} />
        </Skeleton>
      )}
      {list !== null && (
        <>
          <UnreadPlaces list={list} />
          <Listed list={list} reading={reading} onAgain={again} />
        </>
      )}
    </div>
  );
}

function DeployButton(): ReactNode {
  const { t } = useTranslation();
  const { open } = useNavigation();
  return (
    <Button appearance="primary" icon={<RocketRegular />} onClick={() => open({ name: "deploy" })} data-testid="deploy">
      {t("endpoints:deploy")}
    </Button>
  );
}

function Listed({ list, reading, onAgain }: { list: EndpointList; reading: boolean; onAgain: () => void }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const [chosen, narrow] = useView();
  const wordsOf = useRowWords();
  const rows = list.endpoints.map(rowOf);
  const view = possible(chosen, rows);
  const shown = shownOf(rows, view, wordsOf);
  const none = rows.length === 0;
  return (
    <>
      <div className={styles.tools}>
        {!none && <Filters rows={rows} view={view} onChange={narrow} />}
        <span className={mergeClasses(layout.buttons, styles.right)}>
          {!none && (
            <Text size={200} className={layout.quiet} role="status" data-testid="endpoints-count">
              {shown.length === rows.length ? t("endpoints:count", { count: rows.length }) : t("endpoints:countOf", { count: rows.length, shown: shown.length })}
            </Text>
          )}
          <ReadAge readAt={list.readAt} reading={reading} testId="endpoints-age" />
          <Button appearance="subtle" icon={<ArrowClockwiseRegular />} onClick={onAgain} disabledFocusable={reading} data-testid="refresh">
            {t("endpoints:refresh")}
          </Button>
        </span>
      </div>
      {none ? list.unread.length === 0 && !reading && <Empty /> : shown.length === 0 && <Text className={layout.quiet}>{t("endpoints:noMatch")}</Text>}
      {none && list.unread.length > 0 && <Text className={layout.quiet}>{t("endpoints:noneRead")}</Text>}
      {shown.length > 0 && <EndpointTable rows={shown} view={view} onSort={narrow} />}
    </>
  );
}

function Empty(): ReactNode {
  const { t } = useTranslation();
  const { open } = useNavigation();
  return (
    <EmptyState
      icon={ArrowRoutingRegular}
      title={t("endpoints:empty.title")}
      text={t("endpoints:empty.text")}
      action={
        <Button icon={<AddRegular />} onClick={() => open({ name: "setup" })} data-testid="set-up">
          {t("endpoints:empty.action")}
        </Button>
      }
    />
  );
}

/** What the table says of a row in words, so that the filter finds it. */
function useRowWords(): (row: EndpointRow) => readonly string[] {
  const { t } = useTranslation();
  const azureState = useAzureState();
  return ({ endpoint: { route, auth, state, versions } }) => [t(`common:route.${route}`), t(`endpoints:auth.${auth}`), ...[state, ...versions.map((version) => version.state)].map(azureState)];
}

/** The filters, groups and order. They last while the account is signed in. */
function useView(): [EndpointsView, (part: Partial<EndpointsView>) => void] {
  const queries = useQueryClient();
  const { account } = useAccount();
  const key = ["endpoints-view", account];
  const [view, setView] = useState<EndpointsView>(() => queries.getQueryData<EndpointsView>(key) ?? FIRST_VIEW);
  const narrow = (part: Partial<EndpointsView>): void => {
    const next = { ...view, ...part };
    queries.setQueryData(key, next);
    setView(next);
  };
  return [view, narrow];
}
