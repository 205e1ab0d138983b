import { CertificateRegular, type FluentIcon, LockOpenRegular, ShieldCheckmarkRegular, WandRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { FieldFindings } from "../../app/wizard/fields";
import { useWizard } from "../../app/wizard/WizardContext";
import type { Tls } from "../../ipc/generated/Tls";
import { ChoiceCards } from "../../shared/ChoiceCards";
import { Section } from "../../shared/Section";
import { withTlsKind } from "./choices";
import { GeneratedPair } from "./GeneratedPair";
import { MicrosoftFields } from "./MicrosoftFields";
import { OwnPair } from "./OwnPair";

const ICONS: Record<Tls["kind"], FluentIcon> = {
  own: CertificateRegular,
  generated: WandRegular,
  microsoft: ShieldCheckmarkRegular,
  none: LockOpenRegular,
};

/** How the scoring address is secured. Microsoft's certificates belong to the classic route alone. */
export default function TlsStep(): ReactNode {
  const { t } = useTranslation();
  const { spec, update, touch } = useWizard();
  const { tls, route } = spec;
  const kinds: readonly Tls["kind"][] = route === "classic" ? ["own", "generated", "microsoft", "none"] : ["own", "generated", "none"];
  return (
    <>
      <Section title={t("tls:kindLabel")}>
        <ChoiceCards<Tls["kind"]>
          field="tls"
          label={t("tls:kindLabel")}
          columns={kinds.length === 3 ? 3 : 2}
          value={tls?.kind ?? null}
          onChange={(kind) => {
            update((before) => withTlsKind(before, kind));
            touch("tls");
          }}
          choices={kinds.map((kind) => ({ value: kind, icon: ICONS[kind], title: t(`tls:kind.${kind}.title`), text: t(`tls:kind.${kind}.text`) }))}
        />
        <FieldFindings path="tls" whole />
      </Section>
      {tls?.kind === "own" && <OwnPair tls={tls} />}
      {tls?.kind === "generated" && <GeneratedPair tls={tls} />}
      {tls?.kind === "microsoft" && <MicrosoftFields tls={tls} />}
    </>
  );
}
