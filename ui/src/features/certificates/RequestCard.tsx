import { Button, MessageBar, MessageBarBody } from "@fluentui/react-components";
import { SaveRegular } from "@fluentui/react-icons";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { WaitingRequest } from "../../ipc/generated/WaitingRequest";
import { FailureNotice } from "../../shared/FailureNotice";
import { useFormat } from "../../shared/format";
import { TextBlock } from "../../shared/TextBlock";
import { KEY_KINDS } from "../../shared/tls/KeyKindField";
import { GiveUp } from "./GiveUp";
import { useWaitingChanged } from "./waiting";
import { WaitingCard } from "./WaitingCard";

/** A pending request, with its text to submit. */
export function RequestCard({ request, onGone }: { request: WaitingRequest; onGone?: () => void }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const changed = useWaitingChanged();
  const save = useMutation({ mutationFn: () => call("save_certificate_request", { id: request.id }) });
  const drop = useMutation({
    mutationFn: () => call("drop_certificate_request", { id: request.id }),
    onSuccess: () => {
      onGone?.();
      return changed();
    },
  });
  const failed = save.error ?? drop.error;
  const names = request.names.join(", ");
  return (
    <WaitingCard
      title={names}
      since={request.madeAt}
      text={t("certificates:request.made", { key: KEY_KINDS[request.key], when: format.relative(request.madeAt) })}
      actions={
        <>
          <Button icon={<SaveRegular />} onClick={() => save.mutate()} disabledFocusable={save.isPending} data-testid="save-request">
            {t("certificates:request.save")}
          </Button>
          <GiveUp
            title={t("certificates:request.giveUpTitle", { names })}
            text={t("certificates:request.giveUpText")}
            busy={drop.isPending}
            onGiveUp={() => drop.mutate()}
            testId="give-up-request"
          />
        </>
      }
      testId={`request-${request.id}`}
    >
      <TextBlock text={request.requestPem} label={t("certificates:request.text")} copy={t("certificates:request.copy")} testId="request-text" />
      {save.data != null && (
        <MessageBar intent="success" layout="multiline">
          <MessageBarBody>{t("certificates:savedTo", { path: save.data })}</MessageBarBody>
        </MessageBar>
      )}
      {failed !== null && <FailureNotice failure={toFailure(failed)} testId="request-failure" />}
    </WaitingCard>
  );
}
