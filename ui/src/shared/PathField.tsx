import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { DocumentRegular, FolderOpenRegular } from "@fluentui/react-icons";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../ipc/call";
import { FailureNotice } from "./FailureNotice";
import { TextField } from "./fields";

const useStyles = makeStyles({
  row: { display: "flex", flexWrap: "wrap", gap: `0 ${tokens.spacingHorizontalS}`, alignItems: "flex-start" },
  path: { flex: "1 1 260px", minWidth: 0 },
  // Aligns the buttons with the input below its label.
  buttons: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, paddingTop: "26px" },
});

interface Props {
  /** Path of the field in the specification. */
  field: string;
  label: string;
  hint?: string;
  required?: boolean;
  value: string;
  onChange: (path: string) => void;
  /** What the person may choose. */
  kinds: readonly ("file" | "folder")[];
}

const ICONS = { file: DocumentRegular, folder: FolderOpenRegular } as const;

/** A path on this computer: typed, or chosen in the system's dialog. */
export function PathField({ field, label, hint, required = false, value, onChange, kinds }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const choose = useMutation({
    mutationFn: (kind: "file" | "folder") => call("choose_path", { folder: kind === "folder" }),
    onSuccess: (path) => {
      if (path !== null) {
        onChange(path);
      }
    },
  });
  return (
    <div>
      <div className={styles.row}>
        <div className={styles.path}>
          <TextField path={field} label={label} hint={hint} required={required} value={value} onChange={onChange} />
        </div>
        <div className={styles.buttons}>
          {kinds.map((kind) => {
            const Icon = ICONS[kind];
            return (
              <Button key={kind} icon={<Icon />} onClick={() => choose.mutate(kind)} disabledFocusable={choose.isPending} data-testid={`choose-${kind}-${field}`}>
                {t(`common:path.${kind}`)}
              </Button>
            );
          })}
        </div>
      </div>
      {choose.error !== null && <FailureNotice failure={toFailure(choose.error)} />}
    </div>
  );
}
