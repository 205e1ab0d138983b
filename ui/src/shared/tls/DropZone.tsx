import { Button, Spinner, Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { DocumentKeyRegular, FolderOpenRegular } from "@fluentui/react-icons";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { ChosenFile } from "../../ipc/generated/ChosenFile";
import { host } from "../../ipc/host";
import { FailureNotice } from "../FailureNotice";

const useStyles = makeStyles({
  zone: {
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    gap: tokens.spacingVerticalS,
    padding: `${tokens.spacingVerticalXL} ${tokens.spacingHorizontalL}`,
    textAlign: "center",
    borderRadius: tokens.borderRadiusXLarge,
    border: `2px dashed ${tokens.colorNeutralStroke1}`,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  over: { border: `2px dashed ${tokens.colorCompoundBrandStroke}`, backgroundColor: tokens.colorBrandBackground2 },
  icon: { width: "32px", height: "32px", color: tokens.colorBrandForeground1 },
  quiet: { color: tokens.colorNeutralForeground2, maxWidth: "60ch", textWrap: "balance" },
  buttons: { display: "flex", flexWrap: "wrap", justifyContent: "center", gap: tokens.spacingHorizontalS },
});

interface Props {
  title: string;
  hint: string;
  busy: boolean;
  onFiles: (files: ChosenFile[]) => void;
  /** Further buttons next to "Choose files". */
  more?: ReactNode;
}

/** Accepts files dropped anywhere in the window or chosen in the system dialog. */
export function DropZone({ title, hint, busy, onFiles, more }: Props): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const [over, setOver] = useState(false);
  const latest = useRef(onFiles);
  useEffect(() => {
    latest.current = onFiles;
  }, [onFiles]);
  useEffect(
    () =>
      host().onFiles((event) => {
        setOver(event.kind === "over");
        if (event.kind === "dropped" && event.files.length > 0) {
          latest.current(event.files);
        }
      }),
    [],
  );
  const choose = useMutation({
    mutationFn: () => call("choose_certificate_files", {}),
    onSuccess: (files) => {
      if (files.length > 0) {
        onFiles(files);
      }
    },
  });
  return (
    <>
      <div className={mergeClasses(styles.zone, over && styles.over)} data-testid="certificate-drop" data-over={over}>
        {busy ? <Spinner size="small" label={t("tls:own.reading")} /> : <DocumentKeyRegular className={styles.icon} aria-hidden />}
        <Text weight="semibold" align="center">{over ? t("tls:own.dropNow") : title}</Text>
        <Text size={200} align="center" className={styles.quiet}>
          {hint}
        </Text>
        <div className={styles.buttons}>
          <Button icon={<FolderOpenRegular />} onClick={() => choose.mutate()} disabledFocusable={choose.isPending || busy} data-testid="choose-certificate">
            {t("tls:own.choose")}
          </Button>
          {more}
        </div>
      </div>
      {choose.error !== null && <FailureNotice failure={toFailure(choose.error)} />}
    </>
  );
}
