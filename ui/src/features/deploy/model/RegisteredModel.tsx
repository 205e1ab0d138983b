import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { toFailure } from "../../../ipc/call";
import { FailureNotice } from "../../../shared/FailureNotice";
import { Section } from "../../../shared/Section";
import { servingQuery } from "../../../shared/endpoint/queries";
import { AssetFields } from "../AssetFields";
import { useDeploy } from "../wizard/DeployContext";
import { workspaceIdIn } from "../wizard/queries";
import { withRegistered } from "./choices";

/** Selects a model of the workspace and its version. */
export function RegisteredModel(): ReactNode {
  const { t } = useTranslation();
  const { account, spec, update } = useDeploy();
  const { data, error, refetch } = useQuery(servingQuery(account, workspaceIdIn(spec.workspace)));
  const [model] = spec.models;
  const chosen = model?.kind === "registered" ? model : { name: "", version: "" };
  return (
    <Section title={t("deploy:model.registered")} hint={t("deploy:model.registeredHint")}>
      {error !== null && <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} />}
      <AssetFields
        path="models.name"
        label={t("deploy:model.name")}
        assets={data?.models}
        name={chosen.name}
        version={chosen.version}
        onChange={(name, version) => update((before) => withRegistered(before, name, version))}
        none={t("deploy:model.none")}
      />
    </Section>
  );
}
