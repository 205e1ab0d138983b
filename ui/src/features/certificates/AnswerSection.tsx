import { Button } from "@fluentui/react-components";
import { ClipboardPasteRegular } from "@fluentui/react-icons";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { CertificateReport } from "../../ipc/generated/CertificateReport";
import type { ChosenFile } from "../../ipc/generated/ChosenFile";
import { useVaultChanged } from "../../shared/inventory";
import { Section } from "../../shared/Section";
import { CertificateFailure } from "../../shared/tls/CertificateFailure";
import { DropZone } from "../../shared/tls/DropZone";
import { TypedPaths } from "../../shared/tls/TypedPaths";
import { useWaitingChanged } from "./waiting";

/** Imports an issued certificate; Berth finds the matching request and key. */
export function AnswerSection({ onReport }: { onReport: (report: CertificateReport) => void }): ReactNode {
  const { t } = useTranslation();
  const changed = useWaitingChanged();
  const vaultChanged = useVaultChanged();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (from: ChosenFile[] | "clipboard") =>
      from === "clipboard" ? call("answer_certificate_request_from_clipboard", {}) : call("answer_certificate_request", { files: from.map(({ id }) => id), cname: "" }),
    onSuccess: async ({ report }) => {
      onReport(report);
      await Promise.all([changed(), vaultChanged()]);
    },
  });
  const paste = (
    <Button icon={<ClipboardPasteRegular />} onClick={() => mutate("clipboard")} disabledFocusable={isPending} data-testid="answer-from-clipboard">
      {t("tls:own.clipboard")}
    </Button>
  );
  return (
    <Section level={2} title={t("certificates:answer.title")} hint={t("certificates:answer.hint")}>
      <DropZone title={t("certificates:answer.drop")} hint={t("certificates:answer.dropHint")} busy={isPending} onFiles={mutate} more={paste} />
      <TypedPaths onFiles={mutate} busy={isPending} />
      {error !== null && <CertificateFailure failure={toFailure(error)} />}
    </Section>
  );
}
