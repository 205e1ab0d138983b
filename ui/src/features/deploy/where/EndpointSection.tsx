import { AddCircleRegular, BranchRegular, GlobeRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type Choice, ChoiceCards } from "../../../shared/ChoiceCards";
import { TextField } from "../../../shared/fields";
import { Section } from "../../../shared/Section";
import { useDeploy } from "../wizard/DeployContext";
import { type Target, targetOf } from "../wizard/target";
import { AuthSection } from "./AuthSection";
import { withNew, withTarget } from "./choices";
import { ExistingEndpoint } from "./ExistingEndpoint";
import { useFields } from "./fields";
import { VersionSection } from "./VersionSection";

/** A new endpoint, or an existing one that gets another version; on the classic route also a service without versions. */
export function EndpointSection({ workspaceId }: { workspaceId: string }): ReactNode {
  const { t } = useTranslation();
  const { spec, update } = useDeploy();
  const { endpoint, route } = spec;
  const service: Choice<Target> = { value: "service", title: t("deploy:where.service"), text: t("deploy:where.serviceText"), icon: GlobeRegular };
  const choices: Choice<Target>[] = [
    { value: "new", title: t("deploy:where.new"), text: t(`deploy:where.newText.${route}`), icon: AddCircleRegular },
    { value: "existing", title: t("deploy:where.existing"), text: t(`deploy:where.existingText.${route}`), icon: BranchRegular },
  ];
  return (
    <>
      <Section title={t("deploy:where.endpoint")} hint={t(`deploy:where.endpointHint.${route}`)}>
        <ChoiceCards
          field="endpoint"
          label={t("deploy:where.endpoint")}
          columns={route === "classic" ? 3 : 2}
          value={targetOf(spec)}
          onChange={(target) => update((before) => withTarget(before, target))}
          choices={route === "classic" ? [service, ...choices] : choices}
        />
        {endpoint.kind === "new" ? <NewEndpoint /> : <ExistingEndpoint workspaceId={workspaceId} />}
      </Section>
      {endpoint.kind === "new" && <AuthSection auth={endpoint.auth} />}
      <VersionSection />
    </>
  );
}

/** Name and description of a new endpoint, and where its pods run. */
function NewEndpoint(): ReactNode {
  const styles = useFields();
  const { t } = useTranslation();
  const { spec, update } = useDeploy();
  const { endpoint, route, workspace } = spec;
  if (endpoint.kind !== "new") {
    return null;
  }
  return (
    <div className={styles.fields}>
      <TextField
        path="endpoint.name"
        label={t(endpoint.single ? "deploy:where.serviceName" : "deploy:where.endpointName")}
        hint={t(`deploy:where.endpointNameRule.${route}`)}
        required
        value={endpoint.name}
        onChange={(name) => update((before) => withNew(before, { name: name.trim() }))}
      />
      <TextField
        path={endpoint.single ? "description" : "endpoint.description"}
        label={t("deploy:where.description")}
        hint={t("deploy:where.descriptionHint")}
        value={endpoint.single ? spec.description : endpoint.description}
        onChange={(description) => update((before) => (endpoint.single ? { ...before, description } : withNew(before, { description })))}
      />
      {route === "classic" && (
        <TextField
          path="endpoint.namespace"
          label={t("deploy:where.namespace")}
          hint={t("deploy:where.namespaceHint")}
          placeholder={workspace.name === "" ? "" : `azureml-${workspace.name}`}
          value={endpoint.namespace}
          onChange={(namespace) => update((before) => withNew(before, { namespace: namespace.trim() }))}
        />
      )}
    </div>
  );
}
