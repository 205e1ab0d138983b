import { Switch } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { FieldFindings, NumberField } from "../../../shared/fields";
import { Section } from "../../../shared/Section";
import { useDeploy } from "../wizard/DeployContext";
import { useDefaults } from "../wizard/queries";
import { withAuto, withAutoscale } from "./choices";
import { useGrid } from "./grid";
import { OptionalNumber } from "./OptionalNumber";

/** How many replicas: a fixed number, or between two numbers by load. */
export function ReplicaFields(): ReactNode {
  const grid = useGrid();
  const { t } = useTranslation();
  const { spec, update } = useDeploy();
  const defaults = useDefaults(spec.route);
  const { scale } = spec;
  return (
    <Section title={t("deploy:size.replicas")} hint={t("deploy:size.replicasHint")}>
      <Switch label={t("deploy:size.autoscale")} checked={scale.kind === "auto"} onChange={(_, data) => update((before) => withAutoscale(before, data.checked))} data-testid="field-scale.auto" />
      <div className={grid.fields} data-field="scale">
        {scale.kind === "fixed" ? (
          <NumberField
            path="scale.replicas"
            label={t("deploy:size.count")}
            hint={t("deploy:size.countHint", { value: defaults("scale.replicas") })}
            value={scale.replicas}
            onChange={(replicas) => update((before) => ({ ...before, scale: { kind: "fixed", replicas } }))}
          />
        ) : (
          <>
            <NumberField path="scale.min" label={t("deploy:size.fewest")} value={scale.min} onChange={(min) => update((before) => withAuto(before, { min }))} />
            <NumberField path="scale.max" label={t("deploy:size.most")} value={scale.max} onChange={(max) => update((before) => withAuto(before, { max }))} />
            <OptionalNumber
              path="scale.target"
              label={t("deploy:size.target")}
              hint={t("deploy:size.targetHint")}
              standard={defaults("scale.target")}
              value={scale.target}
              onChange={(target) => update((before) => withAuto(before, { target }))}
            />
            <OptionalNumber
              path="scale.seconds"
              label={t("deploy:size.seconds")}
              hint={t("deploy:size.secondsHint")}
              standard={defaults("scale.seconds")}
              value={scale.seconds}
              onChange={(seconds) => update((before) => withAuto(before, { seconds }))}
            />
          </>
        )}
      </div>
      <FieldFindings path="scale" whole />
    </Section>
  );
}
