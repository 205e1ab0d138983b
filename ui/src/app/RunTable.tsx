import {
  Link,
  ProgressBar,
  Table,
  TableBody,
  TableCell,
  TableCellLayout,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Tooltip,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { RunSummary } from "../ipc/generated/RunSummary";
import { RunStateLabel } from "../shared/RunStateLabel";
import { useFormat } from "../shared/format";
import { useNavigation } from "./navigation";

const useStyles = makeStyles({
  table: { backgroundColor: tokens.colorNeutralBackground1, borderRadius: tokens.borderRadiusXLarge, boxShadow: tokens.shadow4 },
  steps: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  bar: { width: "72px" },
  last: { ":last-child": { borderBottomStyle: "none" } },
});

interface Props {
  runs: readonly RunSummary[];
  /** Also on which account each runs. */
  withAccount?: boolean;
}

/** Runs, newest first. */
export function RunTable({ runs, withAccount = false }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const format = useFormat();
  const { open } = useNavigation();
  return (
    <Table className={styles.table} aria-label={t("activity:title")}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell>{t("activity:column.cluster")}</TableHeaderCell>
          <TableHeaderCell>{t("activity:column.state")}</TableHeaderCell>
          <TableHeaderCell>{t("activity:column.steps")}</TableHeaderCell>
          {withAccount && <TableHeaderCell>{t("activity:column.account")}</TableHeaderCell>}
          <TableHeaderCell>{t("activity:column.started")}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {runs.map((run) => (
          <TableRow key={run.id} className={styles.last} data-testid={`run-${run.id}`} data-state={run.state}>
            <TableCell>
              <TableCellLayout truncate>
                <Link as="button" onClick={() => open({ name: "run", run: run.id })} data-testid={`open-run-${run.id}`}>
                  {run.title}
                </Link>
              </TableCellLayout>
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
              <TableCell>
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
  );
}
