import { Switch, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Autoscale } from "../../../ipc/generated/Autoscale";
import { FieldFindings, NumberField } from "../../../shared/fields";
import { Section } from "../../../shared/Section";
import { useWizard } from "../wizard/WizardContext";
import { withAutoscale, withNodes } from "./choices";

/** Maximum nodes of a node pool (AKS limit: learn.microsoft.com/azure/aks/quotas-skus-regions). */
const MOST_NODES = 1000;

const useStyles = makeStyles({
  row: { display: "flex", flexWrap: "wrap", gap: `0 ${tokens.spacingHorizontalXL}`, alignItems: "flex-start" },
  field: { width: "140px" },
  switch: { paddingTop: "22px" },
});

/** Node count, fixed or autoscaled. */
export function NodeFields(): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { spec, update } = useWizard();
  const { nodes, autoscale } = spec.size;
  const bound = (part: Partial<Autoscale>): void =>
    update((before) =>
      before.size.autoscale === null
        ? before
        : { ...before, size: { ...before.size, autoscale: { ...before.size.autoscale, ...part } } },
    );
  return (
    <Section title={t("size:nodesTitle")}>
      <div className={styles.row} data-field="size">
        <div className={styles.field}>
          <NumberField
            path="size.nodes"
            label={t("size:nodes")}
            min={1}
            max={MOST_NODES}
            value={nodes}
            onChange={(count) => update((before) => withNodes(before, count))}
          />
        </div>
        <Switch
          className={styles.switch}
          label={t("size:autoscale")}
          checked={autoscale !== null}
          onChange={(_, data) => update((before) => withAutoscale(before, data.checked))}
          data-testid="field-size.autoscale"
        />
        {autoscale !== null && (
          <>
            <div className={styles.field}>
              <NumberField path="size.autoscale.min" label={t("size:fewest")} min={1} max={MOST_NODES} value={autoscale.min} onChange={(min) => bound({ min })} />
            </div>
            <div className={styles.field}>
              <NumberField path="size.autoscale.max" label={t("size:most")} min={1} max={MOST_NODES} value={autoscale.max} onChange={(max) => bound({ max })} />
            </div>
          </>
        )}
      </div>
      <FieldFindings path="size" whole />
    </Section>
  );
}
