import { makeStyles } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { TextField } from "../../../shared/fields";

const useStyles = makeStyles({
  field: { maxWidth: "420px" },
});

interface Props {
  /** The cluster's name. */
  name: string;
  typed: string;
  onType: (typed: string) => void;
}

/** The cluster's name to type: the one confirmation of what cannot be taken back. */
export function ConfirmForm({ name, typed, onType }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <div className={styles.field}>
      <TextField path="confirm" label={t("change:confirm.label", { name })} required placeholder={name} value={typed} onChange={onType} />
    </div>
  );
}
