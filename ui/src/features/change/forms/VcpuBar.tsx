import { Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ClusterDetails } from "../../../ipc/generated/ClusterDetails";
import { useFormat } from "../../../shared/format";
import { useMeterStyles } from "../../../shared/meterStyles";
import { nodesOf, routeOf, vcpusOf } from "../../../shared/resources";

/** Production minimum of vCPU on the classic route; same as in Rust. */
const PRODUCTION_VCPUS = 12;

/** Cluster capacity before and after. */
export interface Capacity {
  nodes: number;
  /** `null` if the vCPU of a size are unknown. */
  before: number | null;
  after: number | null;
  /** vCPU required by the attached computes; `null` if none. */
  required: number | null;
}

/** The capacity of the cluster with a given node count in one pool. */
export function capacityWith({ cluster, vcpus, computes }: ClusterDetails, pool: string, nodes: number): Capacity {
  const pools = cluster.pools.map((facts) => (facts.name === pool ? { ...facts, count: nodes } : facts));
  const production = computes.some(({ compute }) => routeOf(compute) === "classic" && compute.purpose !== "DevTest");
  return {
    nodes: nodesOf(pools),
    before: vcpusOf(cluster.pools, vcpus),
    after: vcpusOf(pools, vcpus),
    required: production ? PRODUCTION_VCPUS : null,
  };
}

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXS, maxWidth: "520px" },
});

/** vCPU of the cluster after the change, compared with now and with the production minimum. */
export function VcpuBar({ capacity: { nodes, before, after, required } }: { capacity: Capacity }): ReactNode {
  const styles = useStyles();
  const meter = useMeterStyles();
  const { t } = useTranslation();
  const format = useFormat();
  if (after === null || before === null) {
    return <Text>{t("change:capacity.nodes", { count: nodes, nodes: format.number(nodes) })}</Text>;
  }
  const scale = Math.max(before, after, required ?? 0, 1);
  const share = (vcpus: number): string => `${(vcpus / scale) * 100}%`;
  const short = required !== null && after < required;
  return (
    <div className={styles.root} data-testid="vcpu-bar" data-short={short}>
      <div className={meter.head}>
        <Text weight="semibold">{t("change:capacity.after", { count: nodes, vcpus: format.number(after), nodes: format.number(nodes) })}</Text>
        {short && (
          <Text weight="semibold" className={meter.short}>
            {t("change:capacity.short", { vcpus: format.number(required - after) })}
          </Text>
        )}
      </div>
      <div className={meter.track} aria-hidden>
        <span className={mergeClasses(meter.part, meter.free)} style={{ width: share(Math.min(before, after)) }} />
        <span className={mergeClasses(meter.part, after > before ? meter.overhead : meter.used)} style={{ width: share(Math.abs(after - before)) }} />
        {required !== null && <span className={meter.mark} style={{ left: share(required) }} />}
      </div>
      <div className={meter.legend}>
        <Entry look={meter.free} text={t("change:capacity.stays", { vcpus: format.number(Math.min(before, after)) })} />
        {after > before && <Entry look={meter.overhead} text={t("change:capacity.more", { vcpus: format.number(after - before) })} />}
        {after < before && <Entry look={meter.used} text={t("change:capacity.less", { vcpus: format.number(before - after) })} />}
        {required !== null && (
          <span className={meter.entry}>
            <span className={meter.markKey} aria-hidden />
            <Text size={200}>{t("change:capacity.required", { vcpus: format.number(required) })}</Text>
          </span>
        )}
      </div>
    </div>
  );
}

function Entry({ look, text }: { look: string; text: string }): ReactNode {
  const meter = useMeterStyles();
  return (
    <span className={meter.entry}>
      <span className={mergeClasses(meter.key, look)} aria-hidden />
      <Text size={200}>{text}</Text>
    </span>
  );
}
