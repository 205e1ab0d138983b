import { Switch, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Autoscale } from "../../../ipc/generated/Autoscale";
import type { Change } from "../../../ipc/generated/Change";
import type { ClusterDetails } from "../../../ipc/generated/ClusterDetails";
import type { PoolFacts } from "../../../ipc/generated/PoolFacts";
import { NumberField } from "../../../shared/fields";
import { VcpuBar, capacityWith } from "./VcpuBar";

/** Maximum nodes of a node pool (learn.microsoft.com/azure/aks/quotas-skus-regions). */
const MOST_NODES = 1000;

const useStyles = makeStyles({
  row: { display: "flex", flexWrap: "wrap", gap: `0 ${tokens.spacingHorizontalXL}` },
  field: { width: "140px" },
});

interface Props {
  change: Extract<Change, { kind: "autoscale" }>;
  pool: PoolFacts;
  details: ClusterDetails;
  set: (change: Change) => void;
}

/** The autoscaler of a pool: on with limits, or off. */
export function AutoscaleForm({ change, pool, details, set }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { bounds } = change;
  const first: Autoscale = { min: Math.max(1, pool.minCount ?? pool.count), max: Math.max(1, pool.maxCount ?? pool.count * 2) };
  const bound = (part: Partial<Autoscale>): void => set({ ...change, bounds: { ...(bounds ?? first), ...part } });
  const fewest = pool.mode === "System" ? 1 : 0;
  return (
    <>
      <div data-field="bounds">
        <Switch
          label={t("size:autoscale")}
          checked={bounds !== null}
          onChange={(_, data) => set({ ...change, bounds: data.checked ? first : null })}
          data-testid="field-autoscale"
        />
      </div>
      {bounds !== null && (
        <>
          <div className={styles.row}>
            <div className={styles.field}>
              <NumberField path="min" label={t("size:fewest")} min={fewest} max={MOST_NODES} value={bounds.min} onChange={(min) => bound({ min })} />
            </div>
            <div className={styles.field}>
              <NumberField path="max" label={t("size:most")} min={1} max={MOST_NODES} value={bounds.max} onChange={(max) => bound({ max })} />
            </div>
          </div>
          <VcpuBar capacity={capacityWith(details, pool.name, bounds.min)} />
        </>
      )}
    </>
  );
}
