import { Badge, Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CertificateFacts } from "../../ipc/generated/CertificateFacts";
import type { EndpointCertificates } from "../../ipc/generated/EndpointCertificates";
import type { PlaceSeen } from "../../ipc/generated/PlaceSeen";
import { CopyButton } from "../../shared/CopyButton";
import { FactList } from "../../shared/FactList";
import { useFormat } from "../../shared/format";
import { inForce } from "../../shared/inventory";
import { useLayout } from "../../shared/layout";
import { Panel } from "../../shared/Panel";
import { Section } from "../../shared/Section";
import { keyWords, shortSubject } from "../../shared/tls/checks";
import { differencesOf, spaced } from "./rows";

const useStyles = makeStyles({
  list: {
    listStyleType: "none",
    margin: 0,
    padding: 0,
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 280px), 1fr))",
    gap: tokens.spacingHorizontalM,
  },
  item: { display: "flex" },
  card: { flex: 1, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM, minWidth: 0 },
  quiet: { color: tokens.colorNeutralForeground2, overflowWrap: "anywhere" },
  // Aligns the button label with the text above.
  copy: { marginLeft: `calc(-1 * ${tokens.spacingHorizontalS})` },
});

/** The certificate at each place, with its differences from the one in use. */
export function PlaceList({ endpoint }: { endpoint: EndpointCertificates }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const found = inForce(endpoint);
  return (
    <Section level={2} title={t("certificates:places.title")} hint={t("certificates:places.hint")}>
      <ul className={styles.list}>
        {endpoint.places.map((seen) => (
          <li key={seen.place} className={styles.item}>
            <Place seen={seen} found={found} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Place({ seen: { place, certificate, why }, found }: { seen: PlaceSeen; found: CertificateFacts | null }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const format = useFormat();
  const differs = certificate === null || found === null ? [] : differencesOf(certificate, found);
  return (
    <Panel className={styles.card} testId={`place-${place}`}>
      <span className={layout.buttons}>
        <Text as="h3" weight="semibold" className={layout.noMargin}>
          {t(`certificates:places.${place}`)}
        </Text>
        {certificate !== null && certificate === found && (
          <Badge appearance="tint" color="brand">
            {t("certificates:places.inForce")}
          </Badge>
        )}
        {differs.length > 0 && (
          <Badge appearance="tint" color="warning" data-testid={`differs-${place}`}>
            {t("certificates:places.differs", { what: differs.map((what) => t(`certificates:difference.${what}`)).join(", ") })}
          </Badge>
        )}
      </span>
      {certificate === null ? (
        <Text className={styles.quiet}>{why ?? t("certificates:places.nothing")}</Text>
      ) : (
        <>
          <FactList
            facts={[
              { term: t("certificates:fact.names"), value: certificate.names.join(", "), wide: true },
              { term: t("certificates:fact.valid"), value: t("certificates:fromTo", { from: format.day(certificate.notBefore), to: format.day(certificate.notAfter) }), wide: true },
              { term: t("certificates:fact.issuer"), value: certificate.selfSigned ? t("certificates:signsItself") : shortSubject(certificate.issuer), wide: true },
              { term: t("certificates:fact.key"), value: keyWords(certificate), wide: true },
              { term: t("certificates:fact.fingerprint"), value: <span className={layout.mono}>{spaced(certificate.sha256)}</span>, wide: true },
            ]}
          />
          <div className={styles.copy}>
            <CopyButton text={certificate.sha256} label={t("certificates:copyFingerprint")} />
          </div>
        </>
      )}
    </Panel>
  );
}
