import { Button, Table, TableBody, TableCell, TableHeader, TableHeaderCell, TableRow, Text, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowTrendingLinesRegular, ResizeRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import type { PoolFacts } from "../../ipc/generated/PoolFacts";
import { useFormat } from "../../shared/format";
import { useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { shortSize } from "../../shared/resources";
import { Section } from "../../shared/Section";

const useStyles = makeStyles({
  room: { overflowX: "auto", backgroundColor: tokens.colorNeutralBackground1, borderRadius: tokens.borderRadiusXLarge, boxShadow: tokens.shadow4 },
  table: { minWidth: "760px", "@media (max-width: 760px)": { minWidth: "554px" } },
  last: { ":last-child": { borderBottomStyle: "none" } },
  cell: { paddingTop: tokens.spacingVerticalS, paddingBottom: tokens.spacingVerticalS, overflowWrap: "anywhere" },
  actions: { width: "316px", "@media (max-width: 760px)": { width: "204px" } },
  button: { whiteSpace: "nowrap" },
  buttons: { display: "flex", flexWrap: "wrap", justifyContent: "flex-end", gap: tokens.spacingHorizontalXS, padding: `${tokens.spacingVerticalXS} 0` },
  narrow: { width: "84px" },
  behind: { color: tokens.colorStatusWarningForeground3 },
});

/** The node pools with their scale actions. */
export function NodesSection({ details }: { details: ClusterDetails }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const { cluster } = details;
  return (
    <Section level={2} title={t("clusters:section.nodes")}>
      <div className={styles.room}>
        <Table className={styles.table} aria-label={t("clusters:section.nodes")}>
          <TableHeader>
            <TableRow>
              <TableHeaderCell>{t("clusters:pool.name")}</TableHeaderCell>
              <TableHeaderCell>{t("clusters:pool.size")}</TableHeaderCell>
              <TableHeaderCell className={styles.narrow}>{t("clusters:pool.nodes")}</TableHeaderCell>
              <TableHeaderCell className={styles.narrow}>{t("clusters:pool.version")}</TableHeaderCell>
              <TableHeaderCell className={styles.actions}>
                <span className={layout.unseen}>{t("clusters:actions")}</span>
              </TableHeaderCell>
            </TableRow>
          </TableHeader>
          <TableBody>
            {cluster.pools.map((pool) => (
              <PoolRow key={pool.name} pool={pool} details={details} />
            ))}
          </TableBody>
        </Table>
      </div>
    </Section>
  );
}

function PoolRow({ pool, details: { cluster, vcpus } }: { pool: PoolFacts; details: ClusterDetails }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const format = useFormat();
  const { open } = useNavigation();
  const each = vcpus[pool.vmSize];
  const scales = pool.minCount !== null && pool.maxCount !== null;
  const about = [pool.mode, ...pool.taints].join(" · ");
  return (
    <TableRow className={styles.last} data-testid={`pool-${pool.name}`}>
      <TableCell className={styles.cell}>
        {pool.name}
        <Text size={200} block className={layout.faint}>
          {about}
        </Text>
      </TableCell>
      <TableCell className={styles.cell}>
        {shortSize(pool.vmSize)}
        {each !== undefined && (
          <Text size={200} block className={layout.faint}>
            {t("clusters:vcpuEach", { vcpus: format.number(each) })}
          </Text>
        )}
      </TableCell>
      <TableCell className={styles.cell}>
        {format.number(pool.count)}
        {scales && (
          <Text size={200} block className={layout.faint}>
            {t("clusters:pool.bounds", { min: format.number(pool.minCount ?? 0), max: format.number(pool.maxCount ?? 0) })}
          </Text>
        )}
      </TableCell>
      <TableCell className={styles.cell}>
        <span className={pool.version === cluster.kubernetesVersion ? undefined : styles.behind}>{pool.version}</span>
      </TableCell>
      <TableCell>
        <span className={styles.buttons}>
          {!scales && (
            <Button
              size="small"
              className={styles.button}
              icon={<ResizeRegular />}
              onClick={() => open({ name: "change", target: { kind: "scale", clusterId: cluster.id, pool: pool.name } })}
              aria-label={t("clusters:pool.scaleNamed", { pool: pool.name })}
              data-testid={`scale-${pool.name}`}
            >
              {t("clusters:do.scale")}
            </Button>
          )}
          <Button
            size="small"
            className={styles.button}
            icon={<ArrowTrendingLinesRegular />}
            onClick={() => open({ name: "change", target: { kind: "autoscale", clusterId: cluster.id, pool: pool.name } })}
            aria-label={t("clusters:pool.autoscaleNamed", { pool: pool.name })}
            data-testid={`autoscale-${pool.name}`}
          >
            {t("clusters:do.autoscale")}
          </Button>
        </span>
      </TableCell>
    </TableRow>
  );
}
