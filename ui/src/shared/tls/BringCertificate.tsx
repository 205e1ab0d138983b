import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, Button, makeStyles, tokens } from "@fluentui/react-components";
import { ClipboardPasteRegular, KeyMultipleRegular, VaultRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CertificateReport } from "../../ipc/generated/CertificateReport";
import type { ChosenFile } from "../../ipc/generated/ChosenFile";
import { CertificateFailure } from "./CertificateFailure";
import { DropZone } from "./DropZone";
import { KeyVaultPicker } from "./KeyVaultPicker";
import { PassphraseForm } from "./PassphraseForm";
import { TypedPaths } from "./TypedPaths";
import { useBring } from "./useBring";

const useStyles = makeStyles({
  // Aligns the chevrons with the content.
  more: { margin: `0 calc(-1 * ${tokens.spacingHorizontalM})` },
});

interface Props {
  /** Domain name to check the certificate against. */
  cname: string;
  onReport: (report: CertificateReport) => void;
  /** Certificates in the keychain to choose from. */
  kept?: ReactNode;
}

/** Imports a certificate and key: dropped, chosen, by path, from the clipboard, or from a key vault. */
export function BringCertificate({ cname, onReport, kept }: Props): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const { bring, unlock, bringing, failure, locked } = useBring(cname, onReport);
  const bringFiles = (files: ChosenFile[]): void => bring({ kind: "files", files });
  return (
    <>
      <div data-field="tls.pair">
        <DropZone
          title={t("tls:own.drop")}
          hint={t("tls:own.dropHint")}
          onFiles={bringFiles}
          busy={bringing}
          more={
            <Button icon={<ClipboardPasteRegular />} onClick={() => bring({ kind: "clipboard" })} disabledFocusable={bringing} data-testid="from-clipboard">
              {t("tls:own.clipboard")}
            </Button>
          }
        />
      </div>
      {failure !== null && <CertificateFailure failure={failure} />}
      {locked && <PassphraseForm file={failure?.params["file"] ?? ""} busy={bringing} onOpen={unlock} />}
      <TypedPaths onFiles={bringFiles} busy={bringing} />
      <Accordion collapsible className={styles.more}>
        <AccordionItem value="key_vault">
          <AccordionHeader icon={<VaultRegular />} data-testid="open-key-vault">
            {t("tls:keyVault.title")}
          </AccordionHeader>
          <AccordionPanel>
            <KeyVaultPicker busy={bringing} onTake={(secret) => bring({ kind: "key_vault", secret })} />
          </AccordionPanel>
        </AccordionItem>
        {kept != null && (
          <AccordionItem value="kept">
            <AccordionHeader icon={<KeyMultipleRegular />} data-testid="open-kept">
              {t("tls:kept.title")}
            </AccordionHeader>
            <AccordionPanel>{kept}</AccordionPanel>
          </AccordionItem>
        )}
      </Accordion>
    </>
  );
}
