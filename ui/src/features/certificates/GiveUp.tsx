import { Button } from "@fluentui/react-components";
import { DeleteRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../shared/ConfirmDialog";

interface Props {
  title: string;
  text: string;
  busy: boolean;
  onGiveUp: () => void;
  testId: string;
}

/** Discards a pending item after confirmation, with its key. */
export function GiveUp({ title, text, busy, onGiveUp, testId }: Props): ReactNode {
  const { t } = useTranslation();
  return (
    <ConfirmDialog
      title={title}
      trigger={
        <Button appearance="subtle" icon={<DeleteRegular />} disabledFocusable={busy} data-testid={testId}>
          {t("certificates:giveUp.open")}
        </Button>
      }
      confirm={t("certificates:giveUp.do")}
      onConfirm={onGiveUp}
      closes
      danger
      confirmTestId={`confirm-${testId}`}
    >
      {text}
    </ConfirmDialog>
  );
}
