import { Button, Field, Textarea, makeStyles, tokens } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../ipc/call";
import type { ChosenFile } from "../../ipc/generated/ChosenFile";
import { focusField } from "../focus";
import { pathsIn } from "./choices";

const useStyles = makeStyles({
  typed: { display: "flex", flexDirection: "column", alignItems: "flex-start", gap: tokens.spacingVerticalS },
  paths: { width: "100%" },
  // A textarea has a minimum width that is too wide for a narrow column.
  mono: { fontFamily: tokens.fontFamilyMonospace, minWidth: 0 },
});

/** Imports files by path. */
export function TypedPaths({ onFiles, busy }: { onFiles: (files: ChosenFile[]) => void; busy: boolean }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const [typed, setTyped] = useState("");
  const [early, setEarly] = useState(false);
  const name = useMutation({ mutationFn: (typedPaths: string[]) => call("name_certificate_files", { paths: typedPaths }), onSuccess: onFiles });
  const paths = pathsIn(typed);
  const missing = early && paths.length === 0;
  const take = (): void => {
    setEarly(true);
    if (paths.length > 0) {
      name.mutate(paths);
    } else {
      focusField("tls.paths");
    }
  };
  return (
    <div className={styles.typed}>
      <Field
        className={styles.paths}
        data-field="tls.paths"
        label={t("tls:own.paths")}
        hint={missing ? undefined : t("tls:own.pathsHint")}
        validationState={missing ? "error" : "none"}
        validationMessage={missing ? t("tls:own.pathsMissing") : undefined}
      >
        <Textarea
          rows={2}
          resize="vertical"
          value={typed}
          onChange={(_, data) => setTyped(data.value)}
          spellCheck={false}
          textarea={{ className: styles.mono, "data-testid": "certificate-paths" } as object}
        />
      </Field>
      <Button onClick={take} disabledFocusable={busy || name.isPending} data-testid="take-certificate">
        {t("tls:own.take")}
      </Button>
    </div>
  );
}
