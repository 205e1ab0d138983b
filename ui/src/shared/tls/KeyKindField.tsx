import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { KeyKind } from "../../ipc/generated/KeyKind";
import { PickField } from "../fields";

/** Key types with their names. */
export const KEY_KINDS: Record<KeyKind, string> = {
  ecdsa_p256: "ECDSA P-256",
  ecdsa_p384: "ECDSA P-384",
  rsa2048: "RSA 2048",
  rsa3072: "RSA 3072",
  rsa4096: "RSA 4096",
};

const PICKS = Object.entries(KEY_KINDS).map(([value, text]) => ({ value, text }));

const isKind = (key: string): key is KeyKind => key in KEY_KINDS;

/** The type of key to create. */
export function KeyKindField({ value, onChange }: { value: KeyKind; onChange: (kind: KeyKind) => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <PickField
      path="tls.recipe.key"
      label={t("tls:key")}
      hint={t("tls:keyHint")}
      value={value}
      onChange={(key) => {
        if (isKind(key)) {
          onChange(key);
        }
      }}
      empty={t("tls:noKey")}
      picks={PICKS}
    />
  );
}
