import { Badge, Table, TableBody, TableCell, TableHeader, TableHeaderCell, TableRow, Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { Fragment, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Endpoint } from "../../ipc/generated/Endpoint";
import type { EndpointVersion } from "../../ipc/generated/EndpointVersion";
import { Swatch } from "../../shared/endpoint/fills";
import { StateLabel } from "../../shared/endpoint/StateLabel";
import { type Share, hasOwnVersions, sharesOf } from "../../shared/endpoint/traffic";
import { usePercentWords } from "../../shared/endpoint/words";
import { useFormat } from "../../shared/format";
import { useLayout } from "../../shared/layout";
import { ReportedErrors } from "../../shared/ReportedErrors";
import { useTableStyles } from "../../shared/table";
import { AddressLine } from "./AddressLine";
import { FEW, useColumnStyles, useSpan } from "./columns";
import { VersionMenu } from "./VersionMenu";
import { useScaleWords } from "./words";

const useStyles = makeStyles({
  table: { minWidth: "540px" },
  name: { width: "22%", [FEW]: { width: "18%" } },
  traffic: { width: "104px", [FEW]: { width: "84px" } },
  state: { width: "124px", [FEW]: { width: "112px" } },
  type: { width: "15%" },
  replicas: { width: "13%" },
  menu: { width: "48px", [FEW]: { width: "40px" } },
  cell: { verticalAlign: "top", height: "auto" },
  title: { display: "grid", gridTemplateColumns: "12px 1fr", alignItems: "baseline", columnGap: tokens.spacingHorizontalXS },
  words: { display: "flex", flexWrap: "wrap", alignItems: "baseline", columnGap: tokens.spacingHorizontalXS, minWidth: 0 },
  errors: { padding: `0 ${tokens.spacingHorizontalS} ${tokens.spacingVerticalS}` },
  last: { ":last-child": { borderBottomStyle: "none" } },
  joined: { borderBottomStyle: "none" },
});

/** The versions of an endpoint: their traffic, what they run, and the errors that Azure reports on them. */
export function VersionTable({ endpoint }: { endpoint: Endpoint }): ReactNode {
  const styles = { ...useTableStyles(), ...useStyles() };
  const layout = useLayout();
  const columns = useColumnStyles();
  const { t } = useTranslation();
  const shares = sharesOf(endpoint);
  const typed = endpoint.route === "extension";
  const changes = hasOwnVersions(endpoint);
  return (
    <div className={styles.room}>
      <Table className={styles.table} aria-label={t("endpoints:versions.title")}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell className={styles.name}>{t("endpoints:versions.name")}</TableHeaderCell>
            <TableHeaderCell className={styles.traffic}>{t("endpoints:versions.traffic")}</TableHeaderCell>
            <TableHeaderCell className={styles.state}>{t("endpoints:versions.state")}</TableHeaderCell>
            <TableHeaderCell>{t("endpoints:versions.runs")}</TableHeaderCell>
            {typed && <TableHeaderCell className={mergeClasses(styles.type, columns.left)}>{t("endpoints:versions.instanceType")}</TableHeaderCell>}
            <TableHeaderCell className={mergeClasses(styles.replicas, columns.left)}>{t("endpoints:versions.replicas")}</TableHeaderCell>
            {changes && (
              <TableHeaderCell className={styles.menu}>
                <span className={layout.unseen}>{t("endpoints:actions")}</span>
              </TableHeaderCell>
            )}
          </TableRow>
        </TableHeader>
        <TableBody>
          {endpoint.versions.map((version, at) => (
            <Version key={version.name} endpointId={endpoint.id} version={version} share={shares[at]} at={at} isDefault={version.name === endpoint.unassigned} typed={typed} changes={changes} canary={typed && endpoint.versions.length > 1 && version.traffic !== 100} />
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

interface VersionProps {
  endpointId: string;
  version: EndpointVersion;
  share: Share | undefined;
  at: number;
  /** Whether it also gets the calls that are assigned to no version. */
  isDefault: boolean;
  /** Whether the table has a column for instance types, which the classic route lacks. */
  typed: boolean;
  /** Whether the table has a column for actions, which a plain service lacks. */
  changes: boolean;
  /** Whether it can get the traffic step by step. */
  canary: boolean;
}

function Version({ endpointId, version, share, at, isDefault, typed, changes, canary }: VersionProps): ReactNode {
  const table = useTableStyles();
  const columns = useColumnStyles();
  const styles = useStyles();
  const { t } = useTranslation();
  const span = useSpan(5 + Number(typed) + Number(changes), 4 + Number(changes));
  const replicas = useScaleWords()(version.scale);
  const cell = mergeClasses(table.cell, styles.cell);
  const unknown = t("endpoints:unknown");
  const instanceType = version.instanceType ?? unknown;
  const roles = new Set([...(isDefault ? (["default"] as const) : []), ...(version.role === null ? [] : [version.role])]);
  return (
    <Fragment>
      <TableRow className={version.errors.length > 0 ? styles.joined : styles.last} data-testid={`version-${version.name}`}>
        <TableCell className={cell}>
          <span className={styles.title}>
            <Swatch at={at} />
            <span className={styles.words}>
              {version.name}
              {[...roles].map((role) => (
                <Badge key={role} appearance="tint" color={role === "default" ? "brand" : "informative"}>
                  {t(`endpoints:role.${role}`)}
                </Badge>
              ))}
            </span>
          </span>
          {version.url !== null && <AddressLine url={version.url} name={version.name} />}
        </TableCell>
        <TableCell className={cell}>{share === undefined ? unknown : <Traffic share={share} />}</TableCell>
        <TableCell className={cell}>
          <StateLabel state={version.state} />
        </TableCell>
        <TableCell className={cell}>
          {version.model ?? t("endpoints:versions.modelUnknown")}
          <Text size={200} block className={table.quiet}>
            {version.environment ?? t("endpoints:versions.environmentUnknown")}
          </Text>
          <Text size={200} block className={mergeClasses(table.quiet, columns.said)}>
            {typed ? t("endpoints:versions.on", { instanceType, replicas }) : t("endpoints:replicas", { replicas })}
          </Text>
        </TableCell>
        {typed && <TableCell className={mergeClasses(cell, columns.left)}>{instanceType}</TableCell>}
        <TableCell className={mergeClasses(cell, columns.left)}>{replicas}</TableCell>
        {changes && (
          <TableCell className={cell}>
            <VersionMenu endpointId={endpointId} version={version.name} canary={canary} />
          </TableCell>
        )}
      </TableRow>
      {version.errors.length > 0 && (
        <TableRow className={styles.last}>
          <TableCell colSpan={span} className={styles.errors}>
            <ReportedErrors title={t("endpoints:versions.errors", { version: version.name })} errors={version.errors} testId={`errors-${version.name}`} />
          </TableCell>
        </TableRow>
      )}
    </Fragment>
  );
}

/** The share of a version, and how much of it is assigned to no version. */
function Traffic({ share }: { share: Share }): ReactNode {
  const styles = useTableStyles();
  const { t } = useTranslation();
  const format = useFormat();
  const percent = usePercentWords()(share);
  const { own, rest } = share;
  return (
    <>
      {percent}
      {own !== null && rest !== 0 && (
        <Text size={200} block className={styles.quiet}>
          {rest === null ? t("endpoints:versions.ownAndUnknown", { own: format.percent(own) }) : t("endpoints:versions.ownAndRest", { own: format.percent(own), rest: format.percent(rest) })}
        </Text>
      )}
    </>
  );
}
