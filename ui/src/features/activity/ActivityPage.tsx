import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { AddRegular, HistoryRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import { host } from "../../ipc/host";
import { EmptyState } from "../../shared/EmptyState";
import { FailureNotice } from "../../shared/FailureNotice";
import { useNavigation } from "../../shared/navigation";
import { PageHeader } from "../../shared/PageHeader";
import { RunTable } from "../../shared/RunTable";
import { Waiting } from "../../shared/Waiting";

const useStyles = makeStyles({
  page: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXXL,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXXL} ${tokens.spacingVerticalXXL}`,
  },
});

/** All runs, newest first. */
export default function ActivityPage(): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { open } = useNavigation();
  const { data, error, isPending, refetch } = useQuery({ queryKey: ["runs"], queryFn: () => call("list_runs", {}), staleTime: 0 });
  useEffect(() => host().onRunChanged(() => void refetch()), [refetch]);
  return (
    <div className={styles.page}>
      <PageHeader title={t("activity:title")} />
      {error !== null && <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} />}
      {isPending && <Waiting />}
      {data !== undefined && data.length > 0 && <RunTable runs={data} withAccount />}
      {data?.length === 0 && (
        <EmptyState
          icon={HistoryRegular}
          title={t("activity:empty.title")}
          text={t("activity:empty.text")}
          action={
            <Button appearance="primary" icon={<AddRegular />} onClick={() => open({ name: "setup" })} data-testid="set-up">
              {t("activity:empty.action")}
            </Button>
          }
        />
      )}
    </div>
  );
}
