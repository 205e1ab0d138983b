import { Field, Textarea, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

const useStyles = makeStyles({
  field: { minHeight: "96px" },
  mono: { fontFamily: tokens.fontFamilyMonospace },
});

interface Props {
  typed: string;
  onType: (typed: string) => void;
  /** Whether to show that a name is required. */
  missing: boolean;
}

/** The names that a certificate must cover. */
export function NamesField({ typed, onType, missing }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <Field
      className={styles.field}
      data-field="names"
      required
      label={t("certificates:names.label")}
      hint={missing ? undefined : t("certificates:names.hint")}
      validationState={missing ? "error" : "none"}
      validationMessage={missing ? t("certificates:names.missing") : undefined}
    >
      <Textarea
        rows={2}
        resize="vertical"
        value={typed}
        onChange={(_, { value }) => onType(value)}
        placeholder="ml.contoso.com"
        spellCheck={false}
        textarea={{ className: styles.mono, "data-testid": "names" } as object}
      />
    </Field>
  );
}
