import { makeStyles } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { TextField } from "../../app/wizard/fields";
import { useWizard } from "../../app/wizard/WizardContext";
import { withCname } from "./choices";

const useStyles = makeStyles({
  field: { maxWidth: "420px" },
});

/** The name callers use. */
export function CnameField({ cname }: { cname: string }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { update } = useWizard();
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
