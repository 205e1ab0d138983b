import { BoxRegular, DatabaseRegular, DesktopRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ChoiceCards } from "../../../shared/ChoiceCards";
import { FieldFindings } from "../../../shared/fields";
import { Section } from "../../../shared/Section";
import { useDeploy } from "../wizard/DeployContext";
import { wayOf, withWay } from "./choices";
import { LocalModel } from "./LocalModel";
import { RegisteredModel } from "./RegisteredModel";

/** Registered model, local model, or none because the image has it. */
export default function ModelStep(): ReactNode {
  const { t } = useTranslation();
  const { spec, update } = useDeploy();
  const way = wayOf(spec);
  return (
    <>
      <Section title={t("deploy:model.from")}>
        <ChoiceCards
          field="models"
          label={t("deploy:model.from")}
          columns={3}
          value={way}
          onChange={(chosen) => update((before) => withWay(before, chosen))}
          choices={[
            { value: "registered", title: t("deploy:model.registered"), text: t("deploy:model.registeredText"), icon: DatabaseRegular },
            { value: "local", title: t("deploy:model.local"), text: t("deploy:model.localText"), icon: DesktopRegular },
            { value: "image", title: t("deploy:model.image"), text: t("deploy:model.imageText"), icon: BoxRegular },
          ]}
        />
        <FieldFindings path="models" whole />
      </Section>
      {way === "registered" && <RegisteredModel />}
      {way === "local" && <LocalModel />}
    </>
  );
}
