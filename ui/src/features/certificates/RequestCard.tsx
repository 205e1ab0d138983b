import { Button, MessageBar, MessageBarBody, Text, Tooltip } from "@fluentui/react-components";
import { SaveRegular } from "@fluentui/react-icons";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { WaitingRequest } from "../../ipc/generated/WaitingRequest";
import { FailureNotice } from "../../shared/FailureNotice";
import { useFormat } from "../../shared/format";
import { Panel } from "../../shared/Panel";
import { TextBlock } from "../../shared/TextBlock";
import { KEY_KINDS } from "../../shared/tls/KeyKindField";
import { GiveUp } from "./GiveUp";
import { useWaitingStyles } from "./useWaitingStyles";
import { useWaitingChanged } from "./waiting";

/** A request whose key waits: its text to hand in. */
export function RequestCard({ request, onGone }: { request: WaitingRequest; onGone?: () => void }): ReactNode {
  const styles = useWaitingStyles();
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
    <Panel className={styles.card} testId={`request-${request.id}`}>
      <div className={styles.head}>
        <span className={styles.words}>
          <Text as="h3" weight="semibold" className={styles.heading}>
            {names}
          </Text>
          <Tooltip content={format.moment(request.madeAt)} relationship="description">
            <Text size={200} className={styles.quiet}>
              {t("certificates:request.made", { key: KEY_KINDS[request.key], when: format.relative(request.madeAt) })}
            </Text>
          </Tooltip>
        </span>
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
      </div>
      <TextBlock text={request.requestPem} label={t("certificates:request.text")} copy={t("certificates:request.copy")} testId="request-text" />
      {save.data != null && (
        <MessageBar intent="success" layout="multiline">
          <MessageBarBody>{t("certificates:savedTo", { path: save.data })}</MessageBarBody>
        </MessageBar>
      )}
      {failed !== null && <FailureNotice failure={toFailure(failed)} testId="request-failure" />}
    </Panel>
  );
}
