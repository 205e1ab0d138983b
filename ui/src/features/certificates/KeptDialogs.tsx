import { MessageBar, MessageBarBody, Text } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { KeptCertificate } from "../../ipc/generated/KeptCertificate";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import { FailureNotice } from "../../shared/FailureNotice";
import { useVaultChanged } from "../../shared/inventory";
import { ObjectList } from "../../shared/ObjectList";
import { nameOf } from "../../shared/resources";

/** The display name of a certificate: its names, else its ID. */
export function keptName({ certificate, id }: KeptCertificate): string {
  return certificate === null || certificate.names.length === 0 ? id : certificate.names.join(", ");
}

interface Props {
  pair: KeptCertificate;
  open: boolean;
  onClose: () => void;
}

/** Exports a certificate and key after a warning, then shows where the files are. */
export function SaveFilesDialog({ pair, open, onClose }: Props): ReactNode {
  const { t } = useTranslation();
  const save = useMutation({ mutationFn: () => call("save_certificate_files", { id: pair.id }) });
  const paths = save.data ?? [];
  return (
    <ConfirmDialog
      title={t("certificates:save.title", { name: keptName(pair) })}
      open={open}
      onClose={onClose}
      cancel={paths.length === 0 ? t("common:cancel") : t("certificates:close")}
      confirm={paths.length === 0 ? t("certificates:save.do") : null}
      onConfirm={() => save.mutate()}
      busy={save.isPending}
      testId="save-files-dialog"
      confirmTestId="confirm-save-files"
    >
      {paths.length === 0 ? (
        <Text>{t("certificates:save.text")}</Text>
      ) : (
        <>
          <MessageBar intent="success">
            <MessageBarBody>{t("certificates:save.saved")}</MessageBarBody>
          </MessageBar>
          <ObjectList objects={paths} testId="saved-files" />
        </>
      )}
      {save.error !== null && <FailureNotice failure={toFailure(save.error)} testId="save-files-failure" />}
    </ConfirmDialog>
  );
}

/** Removes a certificate and key, after showing what still uses it. */
export function RemoveDialog({ pair, open, onClose, onRemoved }: Props & { onRemoved?: () => void }): ReactNode {
  const { t } = useTranslation();
  const changed = useVaultChanged();
  const remove = useMutation({
    mutationFn: () => call("forget_certificate", { id: pair.id }),
    onSuccess: async () => {
      onClose();
      onRemoved?.();
      await changed();
    },
  });
  return (
    <ConfirmDialog
      title={t("certificates:remove.title", { name: keptName(pair) })}
      open={open}
      onClose={onClose}
      confirm={t("certificates:remove.do")}
      onConfirm={() => remove.mutate()}
      danger
      busy={remove.isPending}
      testId="remove-dialog"
      confirmTestId="confirm-remove"
    >
      <Text>{t("certificates:remove.text")}</Text>
      {pair.usedBy.length > 0 && (
        <>
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>{t("certificates:remove.used")}</MessageBarBody>
          </MessageBar>
          <ObjectList objects={pair.usedBy.map(nameOf)} />
        </>
      )}
      {pair.inDraft && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{t("certificates:remove.inDraft")}</MessageBarBody>
        </MessageBar>
      )}
      {remove.error !== null && <FailureNotice failure={toFailure(remove.error)} testId="remove-failure" />}
    </ConfirmDialog>
  );
}
