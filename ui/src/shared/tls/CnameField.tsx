import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { TextField } from "../fields";
import { useLayout } from "../layout";
import { type UpdateTls, withCname } from "./choices";

/** The name callers use. */
export function CnameField({ cname, update }: { cname: string; update: UpdateTls }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  return (
    <div className={layout.narrow}>
      <TextField
        path="tls.cname"
        label={t("tls:cname")}
        hint={t("tls:cnameHint")}
        required
        placeholder="ml.contoso.com"
        value={cname}
        onChange={(typed) => update((before) => withCname(before, typed))}
      />
    </div>
  );
}
