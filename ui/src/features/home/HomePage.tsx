import { Button, Text, makeStyles, tokens } from "@fluentui/react-components";
import { AddRegular, ServerRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import { host } from "../../ipc/host";
import { EmptyState } from "../../shared/EmptyState";
import { FailureNotice } from "../../shared/FailureNotice";
import { useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { PageHeader } from "../../shared/PageHeader";
import { RunTable } from "../../shared/RunTable";
import { Section } from "../../shared/Section";
import { useSignedIn } from "../../shared/session";
import { DraftCard } from "./DraftCard";
import { DueNotice } from "./DueNotice";

const useStyles = makeStyles({
  page: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXXL,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXXL} ${tokens.spacingVerticalXXL}`,
  },
});

/** The current draft and the runs. */
export default function HomePage(): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const { open } = useNavigation();
  const { subscriptions } = useSignedIn();
  const draft = useQuery({ queryKey: ["draft", "home"], queryFn: () => call("read_draft", {}), staleTime: 0, gcTime: 0 });
  const runs = useQuery({ queryKey: ["runs"], queryFn: () => call("list_runs", {}), staleTime: 0 });
  const { refetch } = runs;
  useEffect(() => host().onRunChanged(() => void refetch()), [refetch]);

  const setUp = (
    <Button appearance="primary" icon={<AddRegular />} onClick={() => open({ name: "setup" })} data-testid="set-up">
      {t("home:setUp")}
    </Button>
  );
  const nothing = draft.data === null && runs.data?.length === 0;
  return (
    <div className={styles.page}>
      <PageHeader title={t("home:title")} action={nothing || draft.data != null ? undefined : setUp} />
      {subscriptions.length === 0 && <Text className={layout.quiet}>{t("welcome:noSubscriptions")}</Text>}
      {draft.error !== null && <FailureNotice failure={toFailure(draft.error)} onRetry={() => void draft.refetch()} />}
      {runs.error !== null && <FailureNotice failure={toFailure(runs.error)} onRetry={() => void runs.refetch()} />}
      <DueNotice />
      {nothing && <EmptyState icon={ServerRegular} title={t("home:empty")} text={t("home:emptyText")} action={setUp} />}
      {draft.data != null && (
        <Section level={2} title={t("home:draft")}>
          <DraftCard draft={draft.data} onDropped={() => void draft.refetch()} />
        </Section>
      )}
      {!nothing && runs.data !== undefined && (
        <Section level={2} title={t("home:runs")}>
          {runs.data.length === 0 ? <Text className={layout.quiet}>{t("home:noRuns")}</Text> : <RunTable runs={runs.data} />}
        </Section>
      )}
    </div>
  );
}
