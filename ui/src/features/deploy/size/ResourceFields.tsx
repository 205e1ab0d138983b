import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { InstanceType } from "../../../ipc/generated/InstanceType";
import { NumberField, PickField, TextField } from "../../../shared/fields";
import { useFormat } from "../../../shared/format";
import { Section } from "../../../shared/Section";
import { servingQuery } from "../../../shared/endpoint/queries";
import { useDeploy } from "../wizard/DeployContext";
import { useDefaults, workspaceIdIn } from "../wizard/queries";
import { figuresOf, instanceTypeOf, withResources } from "./choices";
import { useGrid } from "./grid";

/** Most GPUs of one replica; no VM has more. */
const MOST_GPUS = 16;

/** CPU, memory and GPUs of each replica, and on the extension route its instance type. */
export function ResourceFields(): ReactNode {
  const grid = useGrid();
  const { t } = useTranslation();
  const format = useFormat();
  const { account, spec, update } = useDeploy();
  const { data } = useQuery(servingQuery(account, workspaceIdIn(spec.workspace)));
  const defaults = useDefaults(spec.route);
  const { resources, instanceType } = spec;
  const classic = spec.route === "classic";
  const standard = defaults("instanceType");
  const types = data?.computes?.find(({ facts }) => facts.name === spec.compute)?.instanceTypes;
  const about = (type: InstanceType): string => {
    const asked = figuresOf(type.requests);
    const most = figuresOf(type.limits);
    const values = (figures: typeof asked) => ({ cpu: format.number(figures.cpu, 2), memory: format.number(figures.memoryGib, 2) });
    const gpu = most.gpu > 0 ? ` · ${t("deploy:size.gpus", { count: most.gpu })}` : "";
    return t("deploy:size.typeAbout", { ...values(asked), mostCpu: values(most).cpu, mostMemory: values(most).memory }) + gpu;
  };
  const chosen = instanceTypeOf(types, instanceType, standard);
  const fromType = chosen === undefined ? "" : t("deploy:size.fromType", { type: chosen.name });
  const asked = chosen === undefined ? null : figuresOf(chosen.requests);
  return (
    <Section title={t("deploy:size.replica")} hint={t("deploy:size.replicaHint")}>
      {!classic && (
        <div className={grid.wide}>
        <PickField
          path="instanceType"
          label={t("deploy:size.instanceType")}
          hint={chosen === undefined ? t("deploy:size.typeDefault", { type: standard }) : about(chosen)}
          value={instanceType}
          onChange={(name) => update((before) => ({ ...before, instanceType: name === standard ? "" : name }))}
          placeholder={standard}
          empty={types === null || types === undefined ? t("deploy:size.typesUnread") : t("deploy:size.noType")}
          create={(typed) => t("deploy:asset.use", { name: typed })}
          picks={(types ?? []).map((type) => ({ value: type.name, text: type.name, detail: about(type) }))}
        />
        </div>
      )}
      <div className={grid.fields}>
        <TextField
          path="resources.cpu"
          label={t("deploy:size.cpu")}
          hint={classic ? t("deploy:defaultIs", { value: defaults("resources.cpu") }) : fromType}
          placeholder={asked === null ? defaults("resources.cpu") : String(asked.cpu)}
          value={resources.cpu}
          onChange={(cpu) => update((before) => withResources(before, { cpu: cpu.trim() }))}
        />
        <TextField
          path="resources.memory"
          label={t("deploy:size.memory")}
          hint={t("deploy:size.memoryHint")}
          placeholder={asked === null ? defaults("resources.memory") : `${asked.memoryGib}Gi`}
          value={resources.memory}
          onChange={(memory) => update((before) => withResources(before, { memory: memory.trim() }))}
        />
        <NumberField path="resources.gpu" label={t("deploy:size.gpu")} hint={t("deploy:size.gpuHint")} max={MOST_GPUS} value={resources.gpu} onChange={(gpu) => update((before) => withResources(before, { gpu }))} />
      </div>
    </Section>
  );
}
