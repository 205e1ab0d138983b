import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { toFailure } from "../../../ipc/call";
import type { EnvironmentSource } from "../../../ipc/generated/EnvironmentSource";
import type { Route } from "../../../ipc/generated/Route";
import type { Serving } from "../../../ipc/generated/Serving";
import { ChoiceCards } from "../../../shared/ChoiceCards";
import { FailureNotice } from "../../../shared/FailureNotice";
import { FieldFindings, TextField } from "../../../shared/fields";
import { Section } from "../../../shared/Section";
import { servingQuery } from "../../../shared/endpoint/queries";
import { AssetFields } from "../AssetFields";
import { useDeploy } from "../wizard/DeployContext";
import { workspaceIdIn } from "../wizard/queries";
import { emptyEnvironment, environmentKinds, ofKind, withEnvironment } from "./choices";
import { RouteFields } from "./RouteFields";

const IMAGE_EXAMPLES: Readonly<Record<Route, string>> = { extension: "mcr.microsoft.com/azureml/minimal-py312-inference:latest", classic: "churn:4" };

interface Props {
  environment: EnvironmentSource | null;
  serving: Serving["kind"];
}

/** What the script or the server runs in: one of Microsoft's environments, one of the workspace, or an image. */
export function EnvironmentSection({ environment, serving }: Props): ReactNode {
  const { t } = useTranslation();
  const { account, spec, update } = useDeploy();
  const { data, error, refetch } = useQuery(servingQuery(account, workspaceIdIn(spec.workspace)));
  const kinds = environmentKinds(spec.route, serving);
  const set = (chosen: EnvironmentSource): void => update((before) => withEnvironment(before, chosen));
  return (
    <Section title={t("deploy:environment.title")} hint={t("deploy:environment.hint")}>
      {error !== null && <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} />}
      {kinds.length > 1 && (
        <ChoiceCards
          field="serving.environment"
          label={t("deploy:environment.title")}
          columns={kinds.length}
          value={environment?.kind ?? null}
          onChange={(kind) => set(emptyEnvironment(kind, serving))}
          choices={kinds.map((kind) => ({ value: kind, title: t(`deploy:environment.${kind}`), text: t(`deploy:environment.text.${kind}`) }))}
        />
      )}
      <FieldFindings path="serving.environment" whole />
      {environment?.kind === "image" && (
        <TextField
          path="serving.environment.image"
          label={t("deploy:environment.imageName")}
          hint={t(`deploy:environment.imageHint.${spec.route}`)}
          required
          placeholder={IMAGE_EXAMPLES[spec.route]}
          value={environment.image}
          onChange={(image) => set({ ...environment, image: image.trim() })}
        />
      )}
      {environment?.kind === "image" && environment.routes !== null && <RouteFields routes={environment.routes} onChange={(routes) => set({ ...environment, routes })} />}
      {environment !== null && environment.kind !== "image" && (
        <AssetFields
          key={environment.kind}
          path="serving.environment.name"
          label={t("deploy:environment.name")}
          assets={ofKind(data?.environments, environment.kind)}
          name={environment.name}
          version={environment.version}
          onChange={(name, version) => set({ kind: environment.kind, name, version })}
          none={t(`deploy:environment.none.${environment.kind}`)}
        />
      )}
    </Section>
  );
}
