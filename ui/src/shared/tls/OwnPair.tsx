import { Button, Field, Spinner, Text, Textarea, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { DeleteRegular, DocumentKeyRegular, FolderOpenRegular } from "@fluentui/react-icons";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { FieldFindings } from "../fields";
import { call, toFailure } from "../../ipc/call";
import { host } from "../../ipc/host";
import { FailureNotice } from "../FailureNotice";
import { Section } from "../Section";
import { CertificateFailure } from "./CertificateFailure";
import { CertificateLadder } from "./CertificateLadder";
import { type TlsOf, type UpdateTls, pathsIn, withPair } from "./choices";
import { CnameField } from "./CnameField";
import { useChecked, useTake } from "./useCertificate";

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
  typed: { display: "flex", alignItems: "flex-start", gap: tokens.spacingHorizontalM },
  // As low as the text area, which has a label above it.
  take: { marginTop: "26px", flexShrink: 0 },
  paths: { flex: "1 1 0", minWidth: 0 },
  mono: { fontFamily: tokens.fontFamilyMonospace },
  held: { display: "flex", justifyContent: "flex-end" },
});

/** One's own certificate and key: dropped, chosen or named by their paths, and looked at at once. */
export function OwnPair({ tls, update }: { tls: TlsOf<"own">; update: UpdateTls }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const { take, bringing, failure } = useTake(tls, update);
  const checked = useChecked(tls.pair, tls.cname);
  return (
    <>
      <CnameField cname={tls.cname} update={update} />
      <Section title={t("tls:own.title")} hint={t("tls:own.hint")}>
        <div data-field="tls.pair">
          <DropZone onFiles={take} busy={bringing} />
        </div>
        <TypedPaths onPaths={take} busy={bringing} />
        {failure !== null && <CertificateFailure failure={failure} />}
        <FieldFindings path="tls.pair" />
      </Section>
      {checked.failure !== null && <FailureNotice failure={checked.failure} onRetry={checked.again} testId="certificate-check-failure" />}
      {checked.facts !== null && (
        <>
          <CertificateLadder facts={checked.facts} />
          <div className={styles.held}>
            <Button size="small" appearance="subtle" icon={<DeleteRegular />} onClick={() => update((before) => withPair(before, null))} data-testid="remove-certificate">
              {t("tls:own.remove")}
            </Button>
          </div>
        </>
      )}
    </>
  );
}

interface BringProps {
  busy: boolean;
}

function DropZone({ onFiles, busy }: BringProps & { onFiles: (paths: string[]) => void }): ReactNode {
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
        if (event.kind === "dropped" && event.paths.length > 0) {
          latest.current(event.paths);
        }
      }),
    [],
  );
  const choose = useMutation({
    mutationFn: () => call("choose_certificate_files", {}),
    onSuccess: (paths) => {
      if (paths.length > 0) {
        onFiles(paths);
      }
    },
  });
  return (
    <>
      <div className={mergeClasses(styles.zone, over && styles.over)} data-testid="certificate-drop" data-over={over}>
        {busy ? <Spinner size="small" label={t("tls:own.reading")} /> : <DocumentKeyRegular className={styles.icon} aria-hidden />}
        <Text weight="semibold" align="center">{over ? t("tls:own.dropNow") : t("tls:own.drop")}</Text>
        <Text size={200} align="center" className={styles.quiet}>
          {t("tls:own.dropHint")}
        </Text>
        <Button icon={<FolderOpenRegular />} onClick={() => choose.mutate()} disabledFocusable={choose.isPending || busy} data-testid="choose-certificate">
          {t("tls:own.choose")}
        </Button>
      </div>
      {choose.error !== null && <FailureNotice failure={toFailure(choose.error)} />}
    </>
  );
}

function TypedPaths({ onPaths, busy }: BringProps & { onPaths: (paths: string[]) => void }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const [typed, setTyped] = useState("");
  const [early, setEarly] = useState(false);
  const paths = pathsIn(typed);
  const missing = early && paths.length === 0;
  const take = (): void => {
    setEarly(true);
    if (paths.length > 0) {
      onPaths(paths);
    }
  };
  return (
    <div className={styles.typed}>
      <Field
        className={styles.paths}
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
      <Button className={styles.take} onClick={take} disabledFocusable={busy} data-testid="take-certificate">
        {t("tls:own.take")}
      </Button>
    </div>
  );
}
