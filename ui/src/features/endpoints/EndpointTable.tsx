import { Link, Table, TableBody, TableCell, TableHeader, TableRow, Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../../shared/CopyButton";
import { StateLabel } from "../../shared/endpoint/StateLabel";
import { TrafficBar } from "../../shared/endpoint/TrafficBar";
import { useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { SortableHeader, useTableStyles } from "../../shared/table";
import { FEW, useColumnStyles, useSpan } from "./columns";
import { ProblemLines } from "./ProblemLines";
import { type EndpointRow, type EndpointsView, type Group, type SortKey, groupsOf } from "./rows";
import { useReplicaWords } from "./words";

const useStyles = makeStyles({
  table: { minWidth: "540px" },
  workspace: { width: "10%" },
  compute: { width: "10%" },
  route: { width: "10%" },
  versions: { width: "17%", [FEW]: { width: "28%" } },
  replicas: { width: "88px" },
  state: { width: "16%", [FEW]: { width: "25%" } },
  // Two lines fit; Fluent would make each row higher.
  cell: { verticalAlign: "top", height: "36px", paddingTop: tokens.spacingVerticalSNudge, paddingBottom: tokens.spacingVerticalSNudge },
  named: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
  names: { flex: 1, minWidth: 0 },
  address: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  group: { textAlign: "start", padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalS}`, backgroundColor: tokens.colorNeutralBackground2 },
});

interface Props {
  rows: readonly EndpointRow[];
  view: EndpointsView;
  onSort: (part: Partial<EndpointsView>) => void;
}

/** The endpoints, sorted and in groups. */
export function EndpointTable({ rows, view, onSort }: Props): ReactNode {
  const styles = { ...useTableStyles(), ...useStyles() };
  const columns = useColumnStyles();
  const { t } = useTranslation();
  const header = (column: SortKey, className?: string): ReactNode => (
    <SortableHeader column={column} sorted={view} onSort={onSort} className={className}>
      {t(`endpoints:column.${column}`)}
    </SortableHeader>
  );
  return (
    <div className={styles.room}>
      <Table className={styles.table} aria-label={t("endpoints:title")} sortable>
        <TableHeader>
          <TableRow>
            {header("name")}
            {header("workspace", mergeClasses(styles.workspace, columns.left))}
            {header("compute", mergeClasses(styles.compute, columns.left))}
            {header("route", mergeClasses(styles.route, columns.left))}
            {header("versions", styles.versions)}
            {header("replicas", mergeClasses(styles.replicas, columns.left))}
            {header("state", styles.state)}
          </TableRow>
        </TableHeader>
        {groupsOf(rows, view.group).map((group) => (
          <TableBody key={group.key}>
            {view.group !== "none" && <GroupRow group={group} />}
            {group.rows.map((row) => (
              <Row key={row.endpoint.id} row={row} />
            ))}
          </TableBody>
        ))}
      </Table>
    </div>
  );
}

function GroupRow({ group: { name, rows } }: { group: Group }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const span = useSpan(7, 3);
  const { t } = useTranslation();
  return (
    <TableRow data-testid={`group-${name ?? ""}`}>
      <th scope="rowgroup" colSpan={span} className={styles.group}>
        <Text weight="semibold">{name ?? t("endpoints:unknown")}</Text>{" "}
        <Text size={200} className={layout.faint}>
          {t("endpoints:count", { count: rows.length })}
        </Text>
      </th>
    </TableRow>
  );
}

function Row({ row }: { row: EndpointRow }): ReactNode {
  const table = useTableStyles();
  const columns = useColumnStyles();
  const styles = useStyles();
  const { t } = useTranslation();
  const { open } = useNavigation();
  const replicas = useReplicaWords()(row.endpoint);
  const { endpoint, workspace, problems } = row;
  const { name, url } = endpoint;
  const openEndpoint = (): void => open({ name: "endpoint", endpointId: endpoint.id });
  const cell = mergeClasses(table.cell, styles.cell);
  const route = t(`common:route.${endpoint.route}`);
  const auth = t(`endpoints:auth.${endpoint.auth}`);
  const compute = row.compute ?? t("endpoints:unknown");
  return (
    <TableRow className={table.row} onClick={openEndpoint} data-testid={`endpoint-${name}`}>
      <TableCell className={cell}>
        <div className={styles.named}>
          <div className={styles.names}>
            <Link
              as="button"
              onClick={(event) => {
                event.stopPropagation();
                openEndpoint();
              }}
              data-testid={`open-endpoint-${name}`}
            >
              {name}
            </Link>
            <Quiet className={styles.address} text={url ?? t("endpoints:noAddress")} />
            <Quiet className={columns.said} text={[workspace, compute].join(" · ")} />
            <Quiet className={columns.said} text={[route, auth].join(" · ")} />
          </div>
          {url !== null && <CopyButton text={url} label={t("endpoints:copyAddressOf", { name })} iconOnly testId={`copy-${name}`} />}
        </div>
      </TableCell>
      <TableCell className={mergeClasses(cell, columns.left)}>{workspace}</TableCell>
      <TableCell className={mergeClasses(cell, columns.left)}>
        {compute}
        <Quiet text={row.cluster === null ? t("endpoints:clusterUnknown") : t("endpoints:inCluster", { cluster: row.cluster })} />
      </TableCell>
      <TableCell className={mergeClasses(cell, columns.left)}>
        {route}
        <Quiet text={auth} />
      </TableCell>
      <TableCell className={cell}>
        <TrafficBar endpoint={endpoint} compact />
        <Quiet className={columns.said} text={t("endpoints:replicas", { replicas })} />
      </TableCell>
      <TableCell className={mergeClasses(cell, columns.left)}>{replicas}</TableCell>
      <TableCell className={cell}>
        <StateLabel state={endpoint.state} />
        <ProblemLines problems={problems} state={endpoint.state} />
      </TableCell>
    </TableRow>
  );
}

function Quiet({ text, className }: { text: string; className?: string | undefined }): ReactNode {
  const styles = useTableStyles();
  return (
    <Text size={200} block className={mergeClasses(styles.quiet, className)}>
      {text}
    </Text>
  );
}
