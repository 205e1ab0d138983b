import { makeStyles, tokens } from "@fluentui/react-components";
import { CertificateRegular, CloudArrowDownRegular, DocumentSignatureRegular, type FluentIcon, WandRegular } from "@fluentui/react-icons";
import { type ComponentType, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ChoiceCards } from "../../shared/ChoiceCards";
import { NoKeychainNotice } from "../../shared/keychain";
import { useLayout } from "../../shared/layout";
import { type CertificateWay, useNavigation } from "../../shared/navigation";
import { PageHeader } from "../../shared/PageHeader";
import { Section } from "../../shared/Section";
import { OrderWay } from "./OrderWay";
import { BringWay, MakeWay, RequestWay } from "./ways";

const useStyles = makeStyles({
  body: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXL, maxWidth: "960px" },
});

const WAYS: Record<CertificateWay, { icon: FluentIcon; view: ComponentType }> = {
  bring: { icon: CertificateRegular, view: BringWay },
  make: { icon: WandRegular, view: MakeWay },
  request: { icon: DocumentSignatureRegular, view: RequestWay },
  order: { icon: CloudArrowDownRegular, view: OrderWay },
};

const ALL: readonly CertificateWay[] = ["bring", "make", "request", "order"];

/** Adds a certificate to this computer: imported, created, requested or ordered. */
export default function NewCertificatePage(): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const { page, open } = useNavigation();
  const [way, choose] = useState<CertificateWay>((page.name === "new_certificate" ? page.way : undefined) ?? "bring");
  const View = WAYS[way].view;
  return (
    <div className={layout.page} data-testid="new-certificate-page">
      <PageHeader title={t("certificates:new")} trail={[{ text: t("certificates:title"), onOpen: () => open({ name: "certificates" }) }]} />
      <div className={styles.body}>
        <Section level={2} title={t("certificates:way.title")}>
          <ChoiceCards<CertificateWay>
            field="way"
            label={t("certificates:way.title")}
            columns={2}
            value={way}
            onChange={choose}
            choices={ALL.map((value) => ({ value, icon: WAYS[value].icon, title: t(`certificates:way.${value}.title`), text: t(`certificates:way.${value}.text`) }))}
          />
        </Section>
        <NoKeychainNotice />
        <View key={way} />
      </div>
    </div>
  );
}
