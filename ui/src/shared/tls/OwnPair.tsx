import { Button, Link, Text, makeStyles } from "@fluentui/react-components";
import { DeleteRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { Trans, useTranslation } from "react-i18next";
import { FailureNotice } from "../FailureNotice";
import { FieldFindings } from "../fields";
import { useKeptPairs } from "../inventory";
import { NoKeychainNotice, useKeychain } from "../keychain";
import { useLayout } from "../layout";
import { type CertificateWay, useNavigation } from "../navigation";
import { Section } from "../Section";
import { BringCertificate } from "./BringCertificate";
import { CertificateChecks } from "./CertificateChecks";
import { type TlsOf, type UpdateTls, withPair } from "./choices";
import { CnameField } from "./CnameField";
import { KeptPicker, choosable } from "./KeptPicker";
import { useChecked, useKept } from "./useCertificate";

const useStyles = makeStyles({
  held: { display: "flex", justifyContent: "flex-end" },
  // Same size as the surrounding text.
  link: { fontSize: "inherit", lineHeight: "inherit" },
});

/** The user's own certificate and key, imported or selected from the keychain, and checked right away. */
export function OwnPair({ tls, update }: { tls: TlsOf<"own">; update: UpdateTls }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const { context } = useKeychain();
  const kept = useKept(tls.cname, update);
  const pairs = useKeptPairs();
  const checked = useChecked(tls.pair, tls.cname);
  const choose = (id: string): void => update((before) => withPair(before, { kind: "vault", id }));
  return (
    <>
      <CnameField cname={tls.cname} update={update} />
      <NoKeychainNotice />
      <Section title={t("tls:own.title")} hint={t("tls:own.hint", { context })}>
        <BringCertificate
          cname={tls.cname}
          onReport={kept}
          kept={choosable(pairs).length > 0 ? <KeptPicker pairs={pairs} id={tls.pair?.kind === "vault" ? tls.pair.id : ""} onChoose={choose} /> : null}
        />
        <OtherWays />
        <FieldFindings path="tls.pair" />
      </Section>
      {checked.failure !== null && <FailureNotice failure={checked.failure} onRetry={checked.again} testId="certificate-check-failure" />}
      {checked.facts !== null && (
        <>
          <CertificateChecks facts={checked.facts} />
          <div className={styles.held}>
            <Button size="small" appearance="subtle" icon={<DeleteRegular />} onClick={() => update((before) => withPair(before, null))} data-testid="remove-certificate">
              {t("tls:own.remove")}
            </Button>
          </div>
        </>
      )}
    </>
  );
}

/** Links to request or order a certificate on another page. */
function OtherWays(): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const layout = useLayout();
  const { open } = useNavigation();
  const go = (way: CertificateWay): void => open({ name: "new_certificate", way });
  return (
    <Text size={200} className={layout.quiet}>
      <Trans
        t={t}
        i18nKey="tls:own.otherWays"
        components={{
          request: <Link as="button" inline className={styles.link} onClick={() => go("request")} data-testid="way-request" />,
          order: <Link as="button" inline className={styles.link} onClick={() => go("order")} data-testid="way-order" />,
        }}
      />
    </Text>
  );
}
