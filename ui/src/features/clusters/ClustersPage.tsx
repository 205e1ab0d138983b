import {
  Button,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  SearchBox,
  Skeleton,
  SkeletonItem,
  Text,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { AddRegular, ArrowClockwiseRegular, ServerMultipleRegular } from "@fluentui/react-icons";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../../shared/EmptyState";
import { FailureNotice } from "../../shared/FailureNotice";
import { useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { PageHeader } from "../../shared/PageHeader";
import { useSignedIn } from "../../shared/session";
import { ClusterTable } from "./ClusterTable";
import { type FleetView, viewOf } from "./fleet";
import { OrphanList } from "./OrphanList";
import { SubscriptionPicker } from "./SubscriptionPicker";
import { useFleet } from "./useFleet";

/** Maximum number of subscriptions read by default; with more, only the first is read. */
const MOST_AT_ONCE = 5;

const useStyles = makeStyles({
  page: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXL,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXXL} ${tokens.spacingVerticalXXL}`,
  },
  tools: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM },
  filter: { flex: "0 1 280px" },
});

/** All clusters of the selected subscriptions, with their computes. */
export default function ClustersPage(): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const { open } = useNavigation();
  const { account, subscriptions } = useSignedIn();
  const usable = subscriptions.filter(({ state }) => state !== "Disabled" && state !== "Deleted");
  const [chosen, choose] = useChosen(account.id, usable.map(({ subscriptionId }) => subscriptionId));
  const [view, setView] = useState<FleetView>({ text: "", sort: "name", descending: false });
  const narrow = (part: Partial<FleetView>): void => setView((before) => ({ ...before, ...part }));
  const fleet = useFleet(account.id, chosen);
  const shown = viewOf(fleet.rows, view);
  const nothing = !fleet.reading && fleet.failures.length === 0 && fleet.rows.length === 0;
  const named = (id: string): string => subscriptions.find(({ subscriptionId }) => subscriptionId === id)?.displayName ?? id;
  const setUp = (
    <Button appearance="primary" icon={<AddRegular />} onClick={() => open({ name: "setup" })} data-testid="set-up">
      {t("clusters:setUp")}
    </Button>
  );
  return (
    <div className={styles.page} data-testid="clusters-page" aria-busy={fleet.reading}>
      <PageHeader title={t("clusters:title")} subscriptionId={chosen.length === 1 ? chosen[0] : undefined} action={nothing ? undefined : setUp} />
      {fleet.failures.map(({ subscriptionId, failure }) => (
        <div key={subscriptionId}>
          <Text weight="semibold">{named(subscriptionId)}</Text>
          <FailureNotice failure={failure} onRetry={fleet.again} />
        </div>
      ))}
      {fleet.problems.length > 0 && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t("clusters:incomplete")}</MessageBarTitle> {fleet.problems.join(" ")}
          </MessageBarBody>
        </MessageBar>
      )}
      {(usable.length > 1 || !nothing) && (
        <div className={styles.tools}>
          {usable.length > 1 && <SubscriptionPicker subscriptions={usable} chosen={chosen} onChange={choose} />}
          <SearchBox
            className={styles.filter}
            placeholder={t("clusters:filter")}
            aria-label={t("clusters:filter")}
            value={view.text}
            onChange={(_, data) => narrow({ text: data.value })}
            data-testid="cluster-filter"
          />
          <Button appearance="subtle" icon={<ArrowClockwiseRegular />} onClick={fleet.again} disabledFocusable={fleet.refreshing} data-testid="refresh">
            {t("clusters:refresh")}
          </Button>
        </div>
      )}
      {fleet.reading && fleet.rows.length === 0 && (
        <Skeleton className={layout.column} aria-label={t("common:loading")}>
          <SkeletonItem size={40} />
          <SkeletonItem size={48} />
          <SkeletonItem size={48} />
          <SkeletonItem size={48} />
        </Skeleton>
      )}
      {shown.length > 0 && <ClusterTable rows={shown} view={view} onSort={narrow} />}
      {fleet.rows.length > 0 && shown.length === 0 && <Text className={layout.quiet}>{t("clusters:noMatch")}</Text>}
      {nothing && <EmptyState icon={ServerMultipleRegular} title={t("clusters:empty.title")} text={t("clusters:empty.text")} action={setUp} />}
      {fleet.orphans.length > 0 && <OrphanList orphans={fleet.orphans} />}
    </div>
  );
}

/** The selected subscriptions; the selection lasts while the account is signed in. */
function useChosen(account: string, usable: readonly string[]): [readonly string[], (chosen: readonly string[]) => void] {
  const queries = useQueryClient();
  const key = ["fleet", account];
  const first = usable.length > MOST_AT_ONCE ? usable.slice(0, 1) : usable;
  const [chosen, setChosen] = useState<readonly string[]>(() => queries.getQueryData<readonly string[]>(key) ?? first);
  const choose = (next: readonly string[]): void => {
    queries.setQueryData(key, next);
    setChosen(next);
  };
  return [chosen, choose];
}
