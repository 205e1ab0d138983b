import { Button, Checkbox, Field, MessageBar, MessageBarBody, Select, Text, makeStyles, tokens } from "@fluentui/react-components";
import { SendRegular } from "@fluentui/react-icons";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../../ipc/call";
import type { CallRequest } from "../../../ipc/generated/CallRequest";
import type { Endpoint } from "../../../ipc/generated/Endpoint";
import { useAnnounce } from "../../../shared/announce";
import { FailureNotice } from "../../../shared/FailureNotice";
import { useLayout } from "../../../shared/layout";
import { Panel } from "../../../shared/Panel";
import { Section } from "../../../shared/Section";
import { useSignedIn } from "../../../shared/session";
import { CallOutcomeView } from "./CallOutcomeView";
import { RequestEditor } from "./RequestEditor";
import { SnippetPanel } from "./SnippetPanel";
import { addressOf, callableVersions } from "./target";

const useStyles = makeStyles({
  version: { maxWidth: "420px" },
  control: { width: "100%", minWidth: 0 },
  send: { alignSelf: "flex-start" },
  panel: { display: "flex", flexDirection: "column", alignItems: "stretch", gap: tokens.spacingVerticalM },
});

const EXAMPLE = '{\n  "data": [[1, 2]]\n}';

/** Calls the endpoint or one of its versions, and shows the answer. */
export function TrySection({ endpoint }: { endpoint: Endpoint }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const announce = useAnnounce();
  const id = useId();
  const { account } = useSignedIn();
  const [version, setVersion] = useState<string | null>(null);
  const [request, setRequest] = useState<CallRequest>({ kind: "text", text: EXAMPLE });
  const [trustedHost, setTrustedHost] = useState<string | null>(null);
  const send = useMutation({
    mutationFn: () => call("call_endpoint", { call: { account: account.id, endpointId: endpoint.id, version, trustedHost }, request }),
    onSuccess: ({ end, answer }) => announce(answer === null ? t(`calls:end.${end}`) : t("calls:answered", { status: answer.status })),
  });
  const failure = send.error === null ? null : toFailure(send.error);
  const unconfirmed = failure?.params["reason"] === "address_unconfirmed" ? failure.params["host"] : undefined;
  const url = addressOf(endpoint, version);
  if (endpoint.url === null) {
    return null;
  }
  return (
    <Section level={2} title={t("calls:try.title")} hint={t("calls:try.hint")}>
      <Panel className={styles.panel} testId="try">
        <Field className={styles.version} label={{ children: t("calls:try.version"), htmlFor: id }}>
          <Select id={id} select={{ className: styles.control }} value={version ?? ""} onChange={(_, { value }) => setVersion(value === "" ? null : value)} data-testid="try-version">
            <option value="">{t("calls:try.byTraffic")}</option>
            {callableVersions(endpoint).map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
        <RequestEditor endpointId={endpoint.id} request={request} onChange={setRequest} />
        {url !== null && /^http:/i.test(url) && (
          <MessageBar intent="warning" layout="multiline" data-testid="try-plain">
            <MessageBarBody>{t("calls:try.plain")}</MessageBarBody>
          </MessageBar>
        )}
        {(unconfirmed ?? trustedHost) !== null && (unconfirmed ?? trustedHost) !== undefined && (
          <Checkbox
            checked={trustedHost !== null}
            onChange={(_, { checked }) => setTrustedHost(checked === true ? (unconfirmed ?? null) : null)}
            label={t("calls:try.trust", { host: unconfirmed ?? trustedHost })}
            data-testid="trust-host"
          />
        )}
        <Button className={styles.send} appearance="primary" icon={<SendRegular />} onClick={() => send.mutate()} disabledFocusable={send.isPending} data-testid="send">
          {send.isPending ? t("calls:try.sending") : t("calls:try.send")}
        </Button>
        {failure !== null && <FailureNotice failure={failure} onRetry={() => send.mutate()} testId="try-failure" />}
        {send.data !== undefined && !send.isPending && <CallOutcomeView outcome={send.data} />}
        <Text size={200} className={layout.faint}>
          {t("calls:try.trustHint")}
        </Text>
      </Panel>
      {url !== null && <SnippetPanel endpoint={endpoint} url={url} version={version} />}
    </Section>
  );
}
