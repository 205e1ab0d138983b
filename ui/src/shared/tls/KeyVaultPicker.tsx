import { Button, Field, Input, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import { FailureNotice } from "../FailureNotice";
import { PickField } from "../fields";
import { focusField } from "../focus";
import { useFormat } from "../format";
import { useLayout } from "../layout";
import { groupOf, nameOf } from "../resources";
import { useAccount } from "../session";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS, paddingBlock: tokens.spacingVerticalS },
  row: { display: "grid", gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 220px), 1fr))", gap: `0 ${tokens.spacingHorizontalM}` },
  take: { display: "flex", alignItems: "flex-start", gap: tokens.spacingHorizontalM },
  identifier: { flex: "1 1 0", minWidth: 0 },
  button: { marginTop: "26px", flexShrink: 0 },
});

interface Props {
  busy: boolean;
  onTake: (secret: string) => void;
}

/** A certificate from an Azure key vault, selected or given by its identifier. */
export function KeyVaultPicker({ busy, onTake }: Props): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const layout = useLayout();
  const { subscriptions } = useAccount();
  const [subscriptionId, setSubscription] = useState(subscriptions[0]?.subscriptionId ?? "");
  const [uri, setUri] = useState("");
  const [secret, setSecret] = useState("");
  const [early, setEarly] = useState(false);
  const missing = early && secret.trim() === "";
  const take = (): void => {
    setEarly(true);
    if (secret.trim() !== "") {
      onTake(secret.trim());
    } else {
      focusField("keyVault.identifier");
    }
  };
  return (
    <div className={styles.root} data-testid="key-vault">
      <Text size={200} className={layout.quiet}>
        {t("tls:keyVault.hint")}
      </Text>
      <div className={styles.row}>
        {subscriptions.length > 1 && (
          <PickField
            path="keyVault.subscription"
            label={t("tls:keyVault.subscription")}
            value={subscriptionId}
            onChange={(chosen) => {
              setSubscription(chosen);
              setUri("");
            }}
            picks={subscriptions.map((one) => ({ value: one.subscriptionId, text: one.displayName }))}
            empty={t("tls:keyVault.none")}
          />
        )}
        <VaultField key={subscriptionId} subscriptionId={subscriptionId} uri={uri} onChange={setUri} />
        <CertificateField key={uri} uri={uri} secret={secret} onChange={setSecret} />
      </div>
      <div className={styles.take}>
        <Field
          className={styles.identifier}
          data-field="keyVault.identifier"
          label={t("tls:keyVault.identifier")}
          hint={missing ? undefined : t("tls:keyVault.identifierHint")}
          validationState={missing ? "error" : "none"}
          validationMessage={missing ? t("tls:keyVault.missing") : undefined}
        >
          <Input
            value={secret}
            onChange={(_, { value }) => setSecret(value)}
            placeholder="https://contoso.vault.azure.net/certificates/ml-contoso-com"
            spellCheck={false}
            data-testid="key-vault-identifier"
          />
        </Field>
        <Button className={styles.button} onClick={take} disabledFocusable={busy} data-testid="take-key-vault">
          {t("tls:keyVault.take")}
        </Button>
      </div>
    </div>
  );
}

function VaultField({ subscriptionId, uri, onChange }: { subscriptionId: string; uri: string; onChange: (uri: string) => void }): ReactNode {
  const { t } = useTranslation();
  const { account } = useAccount();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["azure", "key-vaults", account, subscriptionId],
    queryFn: () => call("list_key_vaults", { account, subscriptionId }),
    enabled: subscriptionId !== "",
  });
  if (error !== null) {
    return <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} testId="key-vaults-failure" />;
  }
  return (
    <PickField
      path="keyVault.vault"
      label={t("tls:keyVault.vault")}
      value={uri}
      onChange={onChange}
      picks={(data ?? []).map((vault) => ({ value: vault.uri, text: nameOf(vault.id), detail: groupOf(vault.id) }))}
      empty={isPending ? t("common:loading") : t("tls:keyVault.noVaults")}
    />
  );
}

function CertificateField({ uri, secret, onChange }: { uri: string; secret: string; onChange: (secret: string) => void }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { account } = useAccount();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["azure", "key-vault-certificates", account, uri],
    queryFn: () => call("list_key_vault_certificates", { account, uri }),
    enabled: uri !== "",
  });
  if (error !== null) {
    return <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} testId="key-vault-certificates-failure" />;
  }
  const empty = uri === "" ? t("tls:keyVault.vaultFirst") : isFetching ? t("common:loading") : t("tls:keyVault.noCertificates");
  return (
    <PickField
      path="keyVault.certificate"
      label={t("tls:keyVault.certificate")}
      value={data?.some((one) => one.secret === secret) === true ? secret : ""}
      onChange={onChange}
      picks={(data ?? []).map((one) => ({
        value: one.secret,
        text: one.name,
        disabled: !one.enabled,
        detail: one.enabled ? (one.expires === null ? undefined : t("tls:keyVault.ends", { date: format.day(one.expires) })) : t("tls:keyVault.disabled"),
      }))}
      empty={empty}
    />
  );
}
