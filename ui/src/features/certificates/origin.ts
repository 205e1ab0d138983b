import { useTranslation } from "react-i18next";
import type { Origin } from "../../ipc/generated/Origin";

/** `contoso-ml` of `https://contoso-ml.vault.azure.net/secrets/…`. */
function vaultIn(secret: string): string {
  return /^https:\/\/([^./]+)/.exec(secret)?.[1] ?? secret;
}

/** How a pair came into the vault, in words. */
export function useOriginWords(): (origin: Origin) => string {
  const { t } = useTranslation();
  return (origin) => t(`certificates:origin.${origin.kind}`, { vault: origin.kind === "key_vault" ? vaultIn(origin.secret) : "" });
}
