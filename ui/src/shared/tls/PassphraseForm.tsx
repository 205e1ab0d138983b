import { Button, Field, Input, makeStyles, tokens } from "@fluentui/react-components";
import { LockOpenRegular } from "@fluentui/react-icons";
import { type FormEvent, type ReactNode, useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", alignItems: "flex-start", gap: tokens.spacingVerticalS },
  // The label contains a file name and may wrap.
  field: { width: "100%", maxWidth: "420px", overflowWrap: "anywhere" },
});

interface Props {
  file: string;
  busy: boolean;
  onOpen: (passphrase: string) => void;
}

/** Asks for a passphrase, passes it on and forgets it. */
export function PassphraseForm({ file, busy, onOpen }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [missing, setMissing] = useState(false);
  // Remount the input after each use so that the passphrase leaves the page.
  const [round, setRound] = useState(0);
  const hold = useCallback((element: HTMLInputElement | null) => {
    input.current = element;
    element?.focus();
  }, []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    // Do not submit an enclosing wizard or dialog.
    event.stopPropagation();
    const typed = input.current?.value ?? "";
    setMissing(typed === "");
    if (typed === "") {
      input.current?.focus();
      return;
    }
    setRound(round + 1);
    onOpen(typed);
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate data-testid="passphrase-form">
      <Field
        className={styles.field}
        label={file === "" ? t("tls:passphrase.label") : t("tls:passphrase.of", { file })}
        hint={missing ? undefined : t("tls:passphrase.hint")}
        validationState={missing ? "error" : "none"}
        validationMessage={missing ? t("tls:passphrase.missing") : undefined}
      >
        <Input key={round} type="password" autoComplete="off" input={{ ref: hold, "data-testid": "passphrase" } as object} />
      </Field>
      <Button type="submit" icon={<LockOpenRegular />} disabledFocusable={busy} data-testid="open-with-passphrase">
        {t("tls:passphrase.open")}
      </Button>
    </form>
  );
}
