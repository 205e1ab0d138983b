import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  MessageBar,
  MessageBarBody,
  Text,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { KeptCertificate } from "../../ipc/generated/KeptCertificate";
import { useDangerStyles } from "../../shared/dangerStyles";
import { FailureNotice } from "../../shared/FailureNotice";
import { useVaultChanged } from "../../shared/inventory";
import { ObjectList } from "../../shared/ObjectList";
import { nameOf } from "../../shared/resources";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
});

/** What to call a pair: its names, else its id. */
export function keptName({ certificate, id }: KeptCertificate): string {
  return certificate === null || certificate.names.length === 0 ? id : certificate.names.join(", ");
}

interface Props {
  pair: KeptCertificate;
  open: boolean;
  onClose: () => void;
}

/** Saves a pair as files, after saying that its key leaves the keychain; then says where they are. */
export function SaveFilesDialog({ pair, open, onClose }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const save = useMutation({ mutationFn: () => call("save_certificate_files", { id: pair.id }) });
  const paths = save.data ?? [];
  return (
    <Dialog open={open} onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface data-testid="save-files-dialog">
        <DialogBody>
          <DialogTitle>{t("certificates:save.title", { name: keptName(pair) })}</DialogTitle>
          <DialogContent className={styles.content}>
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
          </DialogContent>
          <DialogActions>
            <DialogTrigger disableButtonEnhancement>
              <Button>{paths.length === 0 ? t("common:cancel") : t("certificates:close")}</Button>
            </DialogTrigger>
            {paths.length === 0 && (
              <Button appearance="primary" onClick={() => save.mutate()} disabledFocusable={save.isPending} data-testid="confirm-save-files">
                {t("certificates:save.do")}
              </Button>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

/** Takes a pair out of the vault. What still uses it is named before. */
export function RemoveDialog({ pair, open, onClose, onRemoved }: Props & { onRemoved?: () => void }): ReactNode {
  const styles = useStyles();
  const danger = useDangerStyles();
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
    <Dialog open={open} onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface data-testid="remove-dialog">
        <DialogBody>
          <DialogTitle>{t("certificates:remove.title", { name: keptName(pair) })}</DialogTitle>
          <DialogContent className={styles.content}>
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
          </DialogContent>
          <DialogActions>
            <DialogTrigger disableButtonEnhancement>
              <Button>{t("common:cancel")}</Button>
            </DialogTrigger>
            <Button className={danger.primary} appearance="primary" onClick={() => remove.mutate()} disabledFocusable={remove.isPending} data-testid="confirm-remove">
              {t("certificates:remove.do")}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
