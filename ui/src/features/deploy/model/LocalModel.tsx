import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ChoiceCards } from "../../../shared/ChoiceCards";
import { TextField } from "../../../shared/fields";
import { useLayout } from "../../../shared/layout";
import { PathField } from "../../../shared/PathField";
import { Section } from "../../../shared/Section";
import { useDeploy } from "../wizard/DeployContext";
import { type Local, localOf, withFramework, withLocal } from "./choices";

const FORMATS = ["custom", "mlflow", "triton"] as const;
const FRAMEWORKS = ["other", "scikit_learn", "onnx", "tensorflow"] as const;

/** A model on this computer, which Berth uploads and registers. */
export function LocalModel(): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const { spec, update } = useDeploy();
  const model = localOf(spec);
  return (
    <>
      <Section title={t("deploy:model.local")} hint={t("deploy:model.localHint")}>
        <PathField
          field="models.path"
          label={t("deploy:model.path")}
          required
          value={model.path}
          onChange={(path) => update((before) => withLocal(before, { path }))}
          kinds={["file", "folder"]}
        />
        <div className={layout.narrow}>
          <TextField
            path="models.name"
            label={t("deploy:model.newName")}
            hint={t("deploy:model.newNameHint")}
            required
            value={model.name}
            onChange={(name) => update((before) => withLocal(before, { name: name.trim() }))}
          />
        </div>
      </Section>
      {spec.route === "classic" ? <Frameworks model={model} /> : <Formats model={model} />}
    </>
  );
}

/** How the model is stored. */
function Formats({ model }: { model: Local }): ReactNode {
  const { t } = useTranslation();
  const { update } = useDeploy();
  return (
    <Section title={t("deploy:model.format")}>
      <ChoiceCards
        field="models.format"
        label={t("deploy:model.format")}
        columns={3}
        value={model.format}
        onChange={(format) => update((before) => withLocal(before, { format }))}
        choices={FORMATS.map((format) => ({ value: format, title: t(`deploy:model.formats.${format}`), text: t(`deploy:model.formatText.${format}`) }))}
      />
    </Section>
  );
}

/** What made the model, which the classic route needs to serve it without code. */
function Frameworks({ model }: { model: Local }): ReactNode {
  const { t } = useTranslation();
  const { update } = useDeploy();
  return (
    <Section title={t("deploy:model.framework")} hint={t("deploy:model.frameworkHint")}>
      <ChoiceCards
        field="models.framework"
        label={t("deploy:model.framework")}
        columns={4}
        value={model.framework ?? "other"}
        onChange={(chosen) => update((before) => withFramework(before, chosen === "other" ? null : chosen))}
        choices={FRAMEWORKS.map((framework) => ({ value: framework, title: t(`deploy:model.frameworks.${framework}`) }))}
      />
    </Section>
  );
}
