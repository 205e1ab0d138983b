import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { KeptCertificate } from "../../ipc/generated/KeptCertificate";
import { PickField } from "../fields";
import { useFormat } from "../format";

interface Props {
  pairs: readonly KeptCertificate[];
  /** The selected certificate; empty if none. */
  id: string;
  onChoose: (id: string) => void;
}

/** Certificates that can be selected. */
export function choosable(pairs: readonly KeptCertificate[]): readonly KeptCertificate[] {
  return pairs.filter(({ certificate }) => certificate !== null);
}

/** Selects a certificate from the keychain of this computer. */
export function KeptPicker({ pairs, id, onChoose }: Props): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <PickField
      path="tls.kept"
      label={t("tls:kept.label")}
      value={id}
      onChange={onChoose}
      picks={choosable(pairs).map(({ id: value, certificate }) => ({
        value,
        text: certificate?.names.join(", ") ?? value,
        detail: certificate === null ? undefined : t("tls:kept.ends", { date: format.day(certificate.notAfter) }),
      }))}
      empty={t("tls:kept.none")}
    />
  );
}
