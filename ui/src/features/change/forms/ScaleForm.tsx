import { makeStyles } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Change } from "../../../ipc/generated/Change";
import type { ClusterDetails } from "../../../ipc/generated/ClusterDetails";
import type { PoolFacts } from "../../../ipc/generated/PoolFacts";
import { NumberField } from "../../../shared/fields";
import { useFormat } from "../../../shared/format";
import { shortSize } from "../../../shared/resources";
import { VcpuBar, capacityWith } from "./VcpuBar";

/** Maximum nodes of a node pool (learn.microsoft.com/azure/aks/quotas-skus-regions). */
const MOST_NODES = 1000;

const useStyles = makeStyles({
  field: { width: "160px" },
});

interface Props {
  change: Extract<Change, { kind: "scale" }>;
  pool: PoolFacts;
  details: ClusterDetails;
  set: (change: Change) => void;
}

/** Changes the node count, and shows the resulting capacity. */
export function ScaleForm({ change, pool, details, set }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const format = useFormat();
  const each = details.vcpus[pool.vmSize];
  const size = shortSize(pool.vmSize);
  const hint = each === undefined ? size : t("change:sizeOf", { size, vcpus: format.number(each) });
  return (
    <>
      <div className={styles.field}>
        <NumberField
          path="nodes"
          label={t("change:nodes")}
          hint={hint}
          min={pool.mode === "System" ? 1 : 0}
          max={MOST_NODES}
          value={change.nodes}
          onChange={(nodes) => set({ ...change, nodes })}
        />
      </div>
      <VcpuBar capacity={capacityWith(details, pool.name, change.nodes)} />
    </>
  );
}
