import { BoxRegular, CodeRegular, FlashRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ChoiceCards } from "../../../shared/ChoiceCards";
import { FieldFindings } from "../../../shared/fields";
import { PathField } from "../../../shared/PathField";
import { Section } from "../../../shared/Section";
import { useDeploy } from "../wizard/DeployContext";
import { withServing } from "./choices";
import { CodeSection } from "./CodeSection";
import { EnvironmentSection } from "./EnvironmentSection";

/** How the model is served: script, no code, or the image's own server. */
export default function CodeStep(): ReactNode {
  const { t } = useTranslation();
  const { spec, update } = useDeploy();
  const { serving, models } = spec;
  const [model] = models;
  const { route } = spec;
  const needsScript = model?.kind === "local" && (route === "classic" ? model.framework === null : model.format === "custom");
  const noModel = model === undefined && serving.kind === "container";
  return (
    <>
      <Section title={t("deploy:code.served")}>
        <ChoiceCards
          field="serving"
          label={t("deploy:code.served")}
          columns={3}
          value={serving.kind}
          onChange={(kind) => update((before) => withServing(before, kind))}
          choices={[
            { value: "script", title: t("deploy:serving.script"), text: t("deploy:servingText.script"), icon: CodeRegular, disabledBecause: noModel ? t("deploy:code.needsModel") : undefined },
            {
              value: "no_code",
              title: t("deploy:serving.no_code"),
              text: t(`deploy:servingText.no_code.${route}`),
              icon: FlashRegular,
              disabledBecause: noModel ? t("deploy:code.needsModel") : needsScript ? t(`deploy:code.customNeedsScript.${route}`) : undefined,
            },
            { value: "container", title: t(`deploy:serving.container.${route}`), text: t(`deploy:servingText.container.${route}`), icon: BoxRegular },
          ]}
        />
        <FieldFindings path="serving" whole />
      </Section>
      {serving.kind === "script" && <CodeSection folder={serving.folder} script={serving.script} />}
      {serving.kind !== "no_code" && <EnvironmentSection environment={serving.environment} serving={serving.kind} />}
      <Section title={t("deploy:code.sample")} hint={t("deploy:code.sampleHint")}>
        <PathField field="sample" label={t("deploy:code.sampleFile")} value={spec.sample} onChange={(sample) => update((before) => ({ ...before, sample }))} kinds={["file"]} />
      </Section>
    </>
  );
}
