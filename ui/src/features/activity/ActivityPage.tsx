import {
  Badge,
  type BadgeProps,
  Button,
  Skeleton,
  SkeletonItem,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
} from "@fluentui/react-components";
import { AddRegular, HistoryRegular } from "@fluentui/react-icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useNavigation } from "../../app/navigation";
import { call, toFailure } from "../../ipc/call";
import type { RunState } from "../../ipc/generated/RunState";
import type { RunSummary } from "../../ipc/generated/RunSummary";
import { host } from "../../ipc/host";
import { EmptyState } from "../../shared/EmptyState";
import { FailureNotice } from "../../shared/FailureNotice";
import { useFormat } from "../../shared/format";

const COLORS: Record<RunState, NonNullable<BadgeProps["color"]>> = {
  running: "brand",
  interrupted: "warning",
  succeeded: "success",
  failed: "danger",
  cancelled: "subtle",
};

/** Every run of this folder, newest first. */
export default function ActivityPage(): ReactNode {
  const { t } = useTranslation();
  const { open } = useNavigation();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({ queryKey: ["runs"], queryFn: () => call("list_runs", {}) });
  useEffect(() => host().onRunChanged(() => void queries.invalidateQueries({ queryKey: ["runs"] })), [queries]);
  if (error !== null) {
    return <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} />;
  }
  if (data === undefined) {
    return (
      <Skeleton>
        <SkeletonItem size={128} />
      </Skeleton>
    );
  }
  if (data.length === 0) {
    return (
      <EmptyState
        icon={HistoryRegular}
        title={t("activity:empty.title")}
        text={t("activity:empty.text")}
        action={
          <Button appearance="primary" icon={<AddRegular />} onClick={() => open({ name: "setup" })}>
            {t("activity:empty.action")}
          </Button>
        }
      />
    );
  }
  return (
    <Table aria-label={t("activity:title")} data-testid="runs">
      <TableHeader>
        <TableRow>
          {(["cluster", "state", "steps", "account", "started"] as const).map((column) => (
            <TableHeaderCell key={column}>{t(`activity:column.${column}`)}</TableHeaderCell>
          ))}
        </TableRow>
      </TableHeader>
      <TableBody>
        {data.map((run) => (
          <Row key={run.id} run={run} onOpen={() => open({ name: "run", run: run.id })} />
        ))}
      </TableBody>
    </Table>
  );
}

function Row({ run, onOpen }: { run: RunSummary; onOpen: () => void }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <TableRow data-testid={`run-${run.id}`} data-state={run.state}>
      <TableCell>
        <Button appearance="transparent" onClick={onOpen} data-testid={`open-run-${run.id}`}>
          {run.title}
        </Button>
      </TableCell>
      <TableCell>
        <Badge appearance="tint" color={COLORS[run.state]}>
          {t(`run:state.${run.state}`)}
        </Badge>
      </TableCell>
      <TableCell>{t("activity:steps", { done: run.stepsDone, total: run.stepsTotal })}</TableCell>
      <TableCell>{run.account}</TableCell>
      <TableCell>
        <Text title={format.moment(run.startedAt)}>{format.relative(run.startedAt)}</Text>
      </TableCell>
    </TableRow>
  );
}
