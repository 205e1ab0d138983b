import { makeStyles } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { TextField } from "../fields";
import { type UpdateTls, withCname } from "./choices";

const useStyles = makeStyles({
  field: { maxWidth: "420px" },
});

/** The name callers use. */
export function CnameField({ cname, update }: { cname: string; update: UpdateTls }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <div className={styles.field}>
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
