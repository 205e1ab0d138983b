import { useTranslation } from "react-i18next";
import type { DeploySpec } from "../../../ipc/generated/DeploySpec";
import { useFormat } from "../../../shared/format";
import type { SummaryLine } from "../../../shared/wizard/Summary";

/** The specification so far, as text. Missing choices have no line. */
export function useSummaryLines(spec: DeploySpec): SummaryLine[] {
  const { t } = useTranslation();
  const format = useFormat();
  const { workspace, compute, endpoint, version, models, serving, scale } = spec;
  const [model] = models;
  const environment = serving.kind === "no_code" ? null : serving.environment;
  const lines: (SummaryLine | false)[] = [
    workspace.name !== "" && { term: t("deploy:summary.workspace"), value: workspace.name },
    compute !== "" && { term: t("deploy:summary.compute"), value: compute },
    endpoint.kind === "new" && endpoint.name !== "" && { term: t("deploy:summary.auth"), value: t(`endpoints:auth.${endpoint.auth}`) },
    version !== "" && { term: t("deploy:summary.version"), value: version },
    model !== undefined && model.name !== "" && { term: t("deploy:summary.model"), value: model.kind === "registered" ? `${model.name}:${model.version}` : t("deploy:summary.local", { name: model.name }) },
    serving.kind === "no_code" && { term: t("deploy:summary.environment"), value: t("deploy:serving.no_code") },
    environment !== null && {
      term: t("deploy:summary.environment"),
      value: environment.kind === "image" ? environment.image : environment.name === "" ? "" : `${environment.name}:${environment.version}`,
    },
    serving.kind === "script" && { term: t("deploy:summary.script"), value: serving.script },
    { term: t("deploy:summary.replicas"), value: scale.kind === "fixed" ? format.number(scale.replicas) : t("deploy:summary.auto", { min: scale.min, max: scale.max }) },
  ];
  return lines.filter((line) => line !== false).filter(({ value }) => value !== "");
}
