import { MessageBar, MessageBarBody } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CertificateReport } from "../../ipc/generated/CertificateReport";
import { useKeychain } from "../../shared/keychain";
import { useLayout } from "../../shared/layout";
import { CertificateChecks } from "../../shared/tls/CertificateChecks";
import { UseIt } from "./UseIt";

/** A newly added certificate, and how to apply it. */
export function Landed({ report: { pair, facts } }: { report: CertificateReport }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const { context } = useKeychain();
  return (
    <div className={layout.sections} data-testid="landed">
      <MessageBar intent="success" layout="multiline">
        <MessageBarBody>{t("certificates:landed", { names: facts.names.join(", "), context })}</MessageBarBody>
      </MessageBar>
      {pair.kind === "vault" && <UseIt id={pair.id} names={facts.names} />}
      <CertificateChecks facts={facts} level={2} />
    </div>
  );
}
