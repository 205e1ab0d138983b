import { CertificateRegular, type FluentIcon, LockOpenRegular, ShieldCheckmarkRegular, WandRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Route } from "../../ipc/generated/Route";
import type { Tls } from "../../ipc/generated/Tls";
import { ChoiceCards } from "../ChoiceCards";
import { FieldFindings } from "../fields";
import { useFormFindings } from "../formFindings";
import { Section } from "../Section";
import { type UpdateTls, withTlsKind } from "./choices";
import { GeneratedPair } from "./GeneratedPair";
import { MicrosoftFields } from "./MicrosoftFields";
import { OwnPair } from "./OwnPair";

const ICONS: Record<Tls["kind"], FluentIcon> = {
  own: CertificateRegular,
  generated: WandRegular,
  microsoft: ShieldCheckmarkRegular,
  none: LockOpenRegular,
};

interface Props {
  tls: Tls | null;
  update: UpdateTls;
  route: Route;
  /** Azure's short location name of the cluster; empty if unknown. */
  location: string;
}

/** How the scoring address is secured. Microsoft certificates are available only on the classic route. */
export function TlsChoice({ tls, update, route, location }: Props): ReactNode {
  const { t } = useTranslation();
  const { touch } = useFormFindings();
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
      {tls?.kind === "own" && <OwnPair tls={tls} update={update} />}
      {tls?.kind === "generated" && <GeneratedPair tls={tls} update={update} />}
      {tls?.kind === "microsoft" && <MicrosoftFields tls={tls} update={update} location={location} />}
    </>
  );
}
