import {
  Button,
  Link,
  ProgressBar,
  Table,
  TableBody,
  TableCell,
  TableCellLayout,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  Tooltip,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../ipc/call";
import type { RunSummary } from "../ipc/generated/RunSummary";
import { useFormat } from "./format";
import { useNavigation } from "./navigation";
import { kindOf } from "./planWords";
import { RunStateLabel } from "./RunStateLabel";
import { useTableStyles } from "./table";

/** Rows shown initially; older runs on request. */
const MOST_ROWS = 50;

const useStyles = makeStyles({
  table: { minWidth: "540px" },
  steps: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  bar: { width: "72px", "@media (max-width: 999px)": { display: "none" } },
  kind: { width: "16%", "@media (max-width: 760px)": { width: "20%" } },
  account: { "@media (max-width: 760px)": { display: "none" } },
  more: { paddingTop: tokens.spacingVerticalS },
  last: { ":last-child": { borderBottomStyle: "none" } },
});

interface Props {
  runs: readonly RunSummary[];
  /** Whether to show the account of each run. */
  withAccount?: boolean;
}

/** Runs, newest first. */
export function RunTable({ runs, withAccount = false }: Props): ReactNode {
  const styles = { ...useTableStyles(), ...useStyles() };
  const { t } = useTranslation();
  const format = useFormat();
  const { open } = useNavigation();
  const [shown, show] = useState(MOST_ROWS);
  const more = runs.length - shown;
  return (
    <div>
      <div className={styles.room}>
        <Table className={styles.table} aria-label={t("activity:title")}>
          <TableHeader>
            <TableRow>
              <TableHeaderCell>{t("activity:column.cluster")}</TableHeaderCell>
              <TableHeaderCell className={styles.kind}>{t("activity:column.kind")}</TableHeaderCell>
              <TableHeaderCell>{t("activity:column.state")}</TableHeaderCell>
              <TableHeaderCell>{t("activity:column.steps")}</TableHeaderCell>
              {withAccount && <TableHeaderCell className={styles.account}>{t("activity:column.account")}</TableHeaderCell>}
              <TableHeaderCell>{t("activity:column.started")}</TableHeaderCell>
            </TableRow>
          </TableHeader>
          <TableBody>
            {runs.slice(0, shown).map((run) => (
              <TableRow key={run.id} className={styles.last} data-testid={`run-${run.id}`} data-state={run.state}>
                <TableCell>
                  <TableCellLayout truncate>
                    <Link as="button" onClick={() => open({ name: "run", run: run.id })} data-testid={`open-run-${run.id}`}>
                      {run.title}
                    </Link>
                  </TableCellLayout>
                </TableCell>
                <TableCell>
                  <RunKind run={run.id} />
                </TableCell>
                <TableCell>
                  <RunStateLabel state={run.state} />
                </TableCell>
                <TableCell>
                  <span className={styles.steps}>
                    <ProgressBar className={styles.bar} value={run.stepsDone} max={Math.max(1, run.stepsTotal)} aria-hidden />
                    {t("activity:steps", { done: format.number(run.stepsDone), total: format.number(run.stepsTotal) })}
                  </span>
                </TableCell>
                {withAccount && (
                  <TableCell className={styles.account}>
                    <TableCellLayout truncate>{run.account}</TableCellLayout>
                  </TableCell>
                )}
                <TableCell>
                  <Tooltip content={format.moment(run.startedAt)} relationship="description">
                    <span>{format.relative(run.startedAt)}</span>
                  </Tooltip>
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </div>
      {more > 0 && (
        <div className={styles.more}>
          <Button appearance="subtle" onClick={() => show(shown + MOST_ROWS)} data-testid="more-runs">
            {t("activity:more", { count: Math.min(more, MOST_ROWS) })}
          </Button>
        </div>
      )}
    </div>
  );
}

/** The kind of a run. Its plan never changes, so it is read once. */
function RunKind({ run }: { run: string }): ReactNode {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ["run-kind", run],
    queryFn: async () => kindOf((await call("get_run", { run })).plan.goal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return <Text data-testid={`run-kind-${run}`}>{data === undefined ? "" : t(`change:kind.${data}`, { defaultValue: data })}</Text>;
}
