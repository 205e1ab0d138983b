import { Link, Table, TableBody, TableCell, TableCellLayout, TableHeader, TableRow, Text, makeStyles, mergeClasses } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ClusterStateLabel } from "../../shared/ClusterStateLabel";
import { useFormat } from "../../shared/format";
import { useNavigation } from "../../shared/navigation";
import { NARROW, SortableHeader, useTableStyles } from "../../shared/table";
import { AttachedAs } from "./AttachedAs";
import type { ClusterRow, FleetView, SortKey } from "./fleet";

const useStyles = makeStyles({
  table: { minWidth: "740px", [NARROW]: { minWidth: "540px" } },
  name: { width: "20%", [NARROW]: { width: "26%" } },
  location: { width: "15%" },
  number: { width: "76px" },
  state: { width: "116px" },
});

interface Props {
  rows: readonly ClusterRow[];
  view: FleetView;
  onSort: (part: Partial<FleetView>) => void;
}

/** Sortable table of clusters. */
export function ClusterTable({ rows, view, onSort }: Props): ReactNode {
  const styles = { ...useTableStyles(), ...useStyles() };
  const { t } = useTranslation();
  const header = (column: SortKey, className?: string): ReactNode => (
    <SortableHeader column={column} sorted={view} onSort={onSort} className={className}>
      {t(`clusters:column.${column}`)}
    </SortableHeader>
  );
  return (
    <div className={styles.room}>
      <Table className={styles.table} aria-label={t("clusters:title")} sortable>
        <TableHeader>
          <TableRow>
            {header("name", styles.name)}
            {header("location", mergeClasses(styles.location, styles.wide))}
            {header("version", mergeClasses(styles.number, styles.wide))}
            {header("nodes", styles.number)}
            {header("state", styles.state)}
            {header("attached")}
          </TableRow>
        </TableHeader>
        <TableBody>
          {rows.map((row) => (
            <Row key={row.cluster.id} row={row} />
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

function Row({ row: { cluster, location, computes, nodes, vcpus } }: { row: ClusterRow }): ReactNode {
  const styles = { ...useTableStyles(), ...useStyles() };
  const { t } = useTranslation();
  const format = useFormat();
  const { open } = useNavigation();
  const openCluster = (): void => open({ name: "cluster", clusterId: cluster.id });
  return (
    <TableRow className={styles.row} onClick={openCluster} data-testid={`cluster-${cluster.name}`}>
      <TableCell className={styles.cell}>
        <TableCellLayout
          description={
            <Text size={200} className={styles.quiet}>
              {cluster.resourceGroup}
              <span className={styles.narrow}>{[location, cluster.kubernetesVersion].join(" · ")}</span>
            </Text>
          }
        >
          <Link
            as="button"
            onClick={(event) => {
              event.stopPropagation();
              openCluster();
            }}
            data-testid={`open-cluster-${cluster.name}`}
          >
            {cluster.name}
          </Link>
        </TableCellLayout>
      </TableCell>
      <TableCell className={mergeClasses(styles.cell, styles.wide)}>{location}</TableCell>
      <TableCell className={styles.wide}>{cluster.kubernetesVersion}</TableCell>
      <TableCell>
        {format.number(nodes)}
        {vcpus !== null && (
          <Text size={200} block className={styles.quiet}>
            {t("clusters:vcpu", { vcpus: format.number(vcpus) })}
          </Text>
        )}
      </TableCell>
      <TableCell>
        <ClusterStateLabel cluster={cluster} />
      </TableCell>
      <TableCell className={styles.cell}>
        <AttachedAs computes={computes} />
      </TableCell>
    </TableRow>
  );
}
