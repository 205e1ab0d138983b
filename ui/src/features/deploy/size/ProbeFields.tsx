import { Text } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Probe } from "../../../ipc/generated/Probe";
import { FieldFindings, NumberField } from "../../../shared/fields";
import { useLayout } from "../../../shared/layout";
import { useDeploy } from "../wizard/DeployContext";
import { useDefaults } from "../wizard/queries";
import { PROBE_FIELDS, withProbe } from "./choices";
import { useGrid } from "./grid";

/** The longest time that a probe may wait or repeat, in seconds: a day. */
const MOST = 86_400;

/** When a replica counts as alive or ready. */
export function ProbeFields({ name }: { name: "liveness" | "readiness" }): ReactNode {
  const grid = useGrid();
  const layout = useLayout();
  const { t } = useTranslation();
  const { spec, update } = useDeploy();
  const defaults = useDefaults(spec.route);
  const standard = Object.fromEntries(PROBE_FIELDS.map((field) => [field, Number(defaults(`${name}.${field}`))])) as unknown as Probe;
  const probe = spec[name] ?? standard;
  return (
    <>
      <Text className={layout.quiet}>{t(`deploy:probe.${name}`)}</Text>
      <div className={grid.fields}>
        {PROBE_FIELDS.map((field) => (
          <NumberField
            key={field}
            path={`${name}.${field}`}
            label={t(`deploy:probe.${field}`)}
            hint={t("deploy:defaultIs", { value: standard[field] })}
            max={MOST}
            value={probe[field]}
            onChange={(value) => update((before) => withProbe(before, name, standard, { [field]: value }))}
          />
        ))}
      </div>
      <FieldFindings path={name} whole />
    </>
  );
}
