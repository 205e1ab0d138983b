import { Button } from "@fluentui/react-components";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactElement, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../ipc/call";
import type { Spec } from "../ipc/generated/Spec";
import type { WizardStep } from "../ipc/generated/WizardStep";
import { ConfirmDialog } from "./ConfirmDialog";
import { FailureNotice } from "./FailureNotice";
import { useNavigation } from "./navigation";
import { useSignedIn } from "./session";

interface Props {
  /** The new draft. */
  spec: Spec;
  /** The step to open. */
  step: WizardStep;
  icon: ReactElement;
  text: string;
  primary?: boolean;
  testId: string;
}

/** Opens the wizard with a new draft. Asks before replacing an existing draft. */
export function OpenAsDraft({ spec, step, icon, text, primary = false, testId }: Props): ReactNode {
  const { t } = useTranslation();
  const { open } = useNavigation();
  const { account } = useSignedIn();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const write = useMutation({
    mutationFn: () => call("write_draft", { account: account.id, spec, step }),
    onSuccess: () => {
      queries.removeQueries({ queryKey: ["draft"] });
      open({ name: "setup" });
    },
  });
  const look = useMutation({
    mutationFn: () => call("read_draft", {}),
    onSuccess: (draft) => (draft === null ? write.mutate() : setAsking(true)),
  });
  const error = look.error ?? write.error;
  return (
    <>
      <Button
        appearance={primary ? "primary" : "secondary"}
        icon={icon}
        onClick={() => look.mutate()}
        disabledFocusable={look.isPending || write.isPending}
        data-testid={testId}
      >
        {text}
      </Button>
      {error !== null && <FailureNotice failure={toFailure(error)} />}
      <ConfirmDialog
        title={t("common:draft.replaceTitle")}
        open={asking}
        onClose={() => setAsking(false)}
        confirm={t("common:draft.replace")}
        onConfirm={() => write.mutate()}
        confirmTestId="replace-draft"
      >
        {t("common:draft.replaceText")}
      </ConfirmDialog>
    </>
  );
}
