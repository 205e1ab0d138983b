import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, DialogTrigger } from "@fluentui/react-components";
import { DeleteRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useDangerStyles } from "../../shared/dangerStyles";

interface Props {
  title: string;
  text: string;
  busy: boolean;
  onGiveUp: () => void;
  testId: string;
}

/** Gives something up that waits, after asking: its key is gone then. */
export function GiveUp({ title, text, busy, onGiveUp, testId }: Props): ReactNode {
  const danger = useDangerStyles();
  const { t } = useTranslation();
  return (
    <Dialog>
      <DialogTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<DeleteRegular />} disabledFocusable={busy} data-testid={testId}>
          {t("certificates:giveUp.open")}
        </Button>
      </DialogTrigger>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent>{text}</DialogContent>
          <DialogActions>
            <DialogTrigger disableButtonEnhancement>
              <Button>{t("common:cancel")}</Button>
            </DialogTrigger>
            <DialogTrigger disableButtonEnhancement>
              <Button appearance="primary" className={danger.primary} onClick={onGiveUp} data-testid={`confirm-${testId}`}>
                {t("certificates:giveUp.do")}
              </Button>
            </DialogTrigger>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
