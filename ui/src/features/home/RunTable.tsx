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
  Text,
  Tooltip,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigation } from "../../app/navigation";
import { PAGES } from "../../app/pages";
import type { RunSummary } from "../../ipc/generated/RunSummary";
import { RunStateLabel } from "../../shared/RunStateLabel";
import { useFormat } from "../../shared/format";

const useStyles = makeStyles({
  table: { backgroundColor: tokens.colorNeutralBackground1, borderRadius: tokens.borderRadiusXLarge, boxShadow: tokens.shadow4 },
  steps: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  bar: { width: "72px" },
  last: { ":last-child": { borderBottomStyle: "none" } },
});

/** Runs, newest first. */
export function RunTable({ runs }: { runs: readonly RunSummary[] }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const format = useFormat();
  const { open } = useNavigation();
  const opens = "run" in PAGES;
  return (
    <Table className={styles.table} aria-label={t("home:runs")}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell>{t("home:name")}</TableHeaderCell>
          <TableHeaderCell>{t("home:state")}</TableHeaderCell>
          <TableHeaderCell>{t("home:steps")}</TableHeaderCell>
          <TableHeaderCell>{t("home:started")}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {runs.map((run) => (
          <TableRow key={run.id} className={styles.last} data-testid={`run-${run.id}`}>
            <TableCell>
              <TableCellLayout truncate>
                {opens ? (
                  <Link as="button" onClick={() => open({ name: "run", run: run.id })} data-testid={`open-run-${run.id}`}>
                    {run.title}
                  </Link>
                ) : (
                  <Text>{run.title}</Text>
                )}
              </TableCellLayout>
            </TableCell>
            <TableCell>
              <RunStateLabel state={run.state} />
            </TableCell>
            <TableCell>
              <span className={styles.steps}>
                <ProgressBar className={styles.bar} value={run.stepsDone} max={Math.max(1, run.stepsTotal)} aria-hidden />
                {t("home:stepsOf", { done: format.number(run.stepsDone), total: format.number(run.stepsTotal) })}
              </span>
            </TableCell>
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
