import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Tier } from "../../../ipc/generated/Tier";
import { ChoiceCards } from "../../../shared/ChoiceCards";
import { Section } from "../../../shared/Section";
import { useWizard } from "../wizard/WizardContext";

/** Pricing tier of the control plane. Long-term support needs Premium, and only that is what Premium is for here. */
export function TierChoice(): ReactNode {
  const { t } = useTranslation();
  const { spec, update } = useWizard();
  const { tier, longTermSupport } = spec.version;
  const onlyPremium = longTermSupport ? t("version:tier.needsPremium") : undefined;
  return (
    <Section title={t("version:tier.title")}>
      <ChoiceCards<Tier>
        field="version.tier"
        label={t("version:tier.title")}
        columns={3}
        value={tier}
        onChange={(next) => update((before) => ({ ...before, version: { ...before.version, tier: next } }))}
        choices={[
          { value: "standard", title: t("version:tier.standard.title"), text: t("version:tier.standard.text"), disabledBecause: onlyPremium },
          { value: "free", title: t("version:tier.free.title"), text: t("version:tier.free.text"), disabledBecause: onlyPremium },
          {
            value: "premium",
            title: t("version:tier.premium.title"),
            text: t("version:tier.premium.text"),
            disabledBecause: longTermSupport ? undefined : t("version:tier.onlyLts"),
          },
        ]}
      />
    </Section>
  );
}
