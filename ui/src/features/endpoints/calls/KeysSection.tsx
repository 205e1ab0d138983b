import { Button, MessageBar, MessageBarBody, Text } from "@fluentui/react-components";
import { ArrowSyncRegular, KeyRegular, ShieldKeyholeRegular, TimerRegular } from "@fluentui/react-icons";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../../ipc/call";
import type { Auth } from "../../../ipc/generated/Auth";
import type { CredentialInfo } from "../../../ipc/generated/CredentialInfo";
import type { CredentialKind } from "../../../ipc/generated/CredentialKind";
import type { Endpoint } from "../../../ipc/generated/Endpoint";
import type { EndpointAuth } from "../../../ipc/generated/EndpointAuth";
import { useAnnounce } from "../../../shared/announce";
import { FailureNotice } from "../../../shared/FailureNotice";
import { useFormat } from "../../../shared/format";
import { useLayout } from "../../../shared/layout";
import { useNavigation } from "../../../shared/navigation";
import { Panel } from "../../../shared/Panel";
import { Section } from "../../../shared/Section";
import { useSignedIn } from "../../../shared/session";

const KEYS = ["primary", "secondary"] as const;

/** What can be copied. Where Azure does not say what the endpoint takes, the person may try all. */
const COPIES: Record<EndpointAuth, readonly CredentialKind[]> = {
  key: KEYS,
  token: ["token"],
  key_and_token: [...KEYS, "token"],
  none: [],
  unknown: [...KEYS, "token"],
};

/** The other ways to authenticate. Only the classic route has none. */
function waysOf({ auth, route }: Endpoint): readonly Auth[] {
  const ways: readonly Auth[] = route === "classic" ? ["key", "token", "none"] : ["key", "token"];
  return ways.filter((way) => way !== auth);
}

/** Copies keys and tokens. They never enter the page. */
export function KeysSection({ endpoint }: { endpoint: Endpoint }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const announce = useAnnounce();
  const { account } = useSignedIn();
  const { open } = useNavigation();
  const copy = useMutation({
    mutationFn: (which: CredentialKind) => call("copy_credential", { endpoint: { account: account.id, resourceId: endpoint.id }, which }),
    onSuccess: ({ which }) => announce(t(`calls:copied.${which}`)),
  });
  const copies = COPIES[endpoint.auth];
  return (
    <Section level={2} title={t("calls:keys.title")} hint={t("calls:keys.hint")}>
      <Panel className={layout.column} testId="keys">
        {copies.length === 0 && <Text>{t("calls:keys.none")}</Text>}
        <div className={layout.buttons}>
          {copies.map((which) => (
            <Button
              key={which}
              icon={which === "token" ? <TimerRegular /> : <KeyRegular />}
              onClick={() => copy.mutate(which)}
              disabledFocusable={copy.isPending}
              data-testid={`copy-${which}`}
            >
              {t(`calls:copy.${which}`)}
            </Button>
          ))}
        </div>
        {copies.includes("primary") && (
          <div className={layout.buttons}>
            {KEYS.map((key) => (
              <Button key={key} appearance="subtle" icon={<ArrowSyncRegular />} onClick={() => open({ name: "change", target: { kind: "regenerate_key", endpointId: endpoint.id, key } })} data-testid={`regenerate-${key}`}>
                {t(`calls:regenerate.${key}`)}
              </Button>
            ))}
          </div>
        )}
        <div className={layout.buttons}>
          {waysOf(endpoint).map((auth) => (
            <Button key={auth} appearance="subtle" icon={<ShieldKeyholeRegular />} onClick={() => open({ name: "change", target: { kind: "auth", endpointId: endpoint.id, auth } })} data-testid={`authenticate-${auth}`}>
              {t(`calls:authenticate.${auth}`)}
            </Button>
          ))}
        </div>
        {copy.error !== null && <FailureNotice failure={toFailure(copy.error)} onRetry={() => copy.variables !== undefined && copy.mutate(copy.variables)} testId="keys-failure" />}
        {copy.data !== undefined && <Copied info={copy.data} />}
      </Panel>
    </Section>
  );
}

/** What was copied, and how long a token is valid. */
function Copied({ info }: { info: CredentialInfo }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { which, refreshAfter, expiresAt } = info;
  const moment = (iso: string | null): string => (iso === null ? t("calls:timeUnknown") : format.moment(iso));
  return (
    <MessageBar intent="success" layout="multiline" data-testid="copied">
      <MessageBarBody>
        {t(`calls:copied.${which}`)} {t("calls:cleared")}
        {which === "token" && (
          <Text block data-testid="token-times">
            {t("calls:tokenTimes", { refresh: moment(refreshAfter), expiry: moment(expiresAt) })}
          </Text>
        )}
      </MessageBarBody>
    </MessageBar>
  );
}
