import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, DialogTrigger } from "@fluentui/react-components";
import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useDangerStyles, useLayout } from "./layout";

interface Props {
  title: string;
  children: ReactNode;
  /** The button that opens the dialog. Without it, `open` says whether it is open. */
  trigger?: ReactElement;
  open?: boolean;
  onClose?: () => void;
  /** Label of the confirm button; `null` when there is nothing left to confirm. */
  confirm: string | null;
  onConfirm: () => void;
  /** Whether the dialog closes on confirm. */
  closes?: boolean;
  /** Whether the action cannot be undone. */
  danger?: boolean;
  busy?: boolean;
  /** Label of the other button, instead of Cancel. */
  cancel?: string;
  testId?: string;
  confirmTestId: string;
}

/** A confirmation dialog. */
export function ConfirmDialog({ trigger, open, onClose, ...props }: Props): ReactNode {
  const surface = <Surface {...props} />;
  if (trigger === undefined) {
    return (
      <Dialog open={open} onOpenChange={(_, data) => !data.open && onClose?.()}>
        {surface}
      </Dialog>
    );
  }
  return (
    <Dialog>
      <DialogTrigger disableButtonEnhancement>{trigger}</DialogTrigger>
      {surface}
    </Dialog>
  );
}

type SurfaceProps = Omit<Props, "trigger" | "open" | "onClose">;

function Surface({ title, children, confirm, onConfirm, closes = false, danger = false, busy = false, cancel, testId, confirmTestId }: SurfaceProps): ReactNode {
  const layout = useLayout();
  const dangerous = useDangerStyles();
  const { t } = useTranslation();
  const button = (
    <Button appearance="primary" className={danger ? dangerous.primary : undefined} onClick={onConfirm} disabledFocusable={busy} data-testid={confirmTestId}>
      {confirm}
    </Button>
  );
  return (
    <DialogSurface data-testid={testId}>
      <DialogBody>
        <DialogTitle>{title}</DialogTitle>
        <DialogContent className={layout.column}>{children}</DialogContent>
        <DialogActions>
          <DialogTrigger disableButtonEnhancement>
            <Button>{cancel ?? t("common:cancel")}</Button>
          </DialogTrigger>
          {confirm !== null && (closes ? <DialogTrigger disableButtonEnhancement>{button}</DialogTrigger> : button)}
        </DialogActions>
      </DialogBody>
    </DialogSurface>
  );
}
