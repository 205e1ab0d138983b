import { Button, Spinner, Text, makeStyles, tokens, useRestoreFocusTarget } from "@fluentui/react-components";
import { AddRegular, BeakerRegular, CodeRegular, DeleteRegular, type FluentIcon, KeyRegular } from "@fluentui/react-icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { AccountInfo } from "../../ipc/generated/AccountInfo";
import type { AccountKind } from "../../ipc/generated/AccountKind";
import { BerthMark } from "../../shared/BerthMark";
import { FailureNotice } from "../../shared/FailureNotice";
import { useLayout } from "../../shared/layout";
import { useSession } from "../../shared/session";
import { ServicePrincipalDialog } from "./ServicePrincipalDialog";

const useStyles = makeStyles({
  page: {
    minHeight: "100%",
    boxSizing: "border-box",
    display: "grid",
    justifyItems: "center",
    alignContent: "center",
    gap: tokens.spacingVerticalXXL,
    padding: tokens.spacingHorizontalXXL,
  },
  head: { display: "flex", flexDirection: "column", alignItems: "center", gap: tokens.spacingVerticalS, textAlign: "center" },
  lead: { color: tokens.colorNeutralForeground2, maxWidth: "46ch", textWrap: "balance" },
  column: { width: "min(520px, 100%)", display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  sandbox: {
    display: "grid",
    gridTemplateColumns: "auto 1fr",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalXS,
    padding: tokens.spacingHorizontalXL,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow8,
  },
  sandboxIcon: { width: "32px", height: "32px", color: tokens.colorBrandForeground1 },
  wide: { gridColumn: "2", display: "flex", alignItems: "center", gap: tokens.spacingHorizontalM, marginTop: tokens.spacingVerticalM },
  list: {
    listStyleType: "none",
    margin: 0,
    padding: 0,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow2,
  },
  row: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    ":not(:last-child)": { borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  },
  rowIcon: { width: "24px", height: "24px", flexShrink: 0, color: tokens.colorNeutralForeground2 },
  words: { flex: 1, minWidth: 0, display: "flex", flexDirection: "column", overflowWrap: "anywhere" },
});

const ICONS: Record<AccountKind, FluentIcon> = {
  sandbox: BeakerRegular,
  running_sandbox: BeakerRegular,
  azure_cli: CodeRegular,
  service_principal: KeyRegular,
};

/** Account selection. The sandbox comes first because it needs no account. */
export default function WelcomePage(): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const restoreFocus = useRestoreFocusTarget();
  const { signIn, signingIn, refused } = useSession();
  const accounts = useQuery({ queryKey: ["accounts"], queryFn: () => call("list_accounts", {}) });
  const sandbox = accounts.data?.find((account) => account.kind === "sandbox");
  const others = accounts.data?.filter((account) => account.kind !== "sandbox") ?? [];
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <BerthMark size={64} />
        <Text as="h1" size={800} weight="semibold" className={layout.noMargin}>
          {t("welcome:title")}
        </Text>
        <Text size={400} align="center" className={styles.lead}>
          {t("welcome:lead")}
        </Text>
      </div>
      <div className={styles.column}>
        {accounts.error !== null && <FailureNotice failure={toFailure(accounts.error)} onRetry={() => void accounts.refetch()} />}
        {refused !== null && signingIn === null && (
          <FailureNotice failure={refused.failure} onRetry={() => void signIn(refused.account)} testId="sign-in-failure" />
        )}
        {sandbox !== undefined && <SandboxCard account={sandbox.id} />}
        <Text as="h2" size={400} weight="semibold" className={layout.noMargin}>
          {t("welcome:yourAzure")}
        </Text>
        <ul className={styles.list}>
          {others.map((account) => (
            <AccountRow key={account.id} account={account} />
          ))}
          <li className={styles.row}>
            <KeyRegular className={styles.rowIcon} aria-hidden />
            <span className={styles.words}>
              <Text weight="semibold">{t("welcome:add")}</Text>
              <Text size={200} className={layout.quiet}>
                {t("welcome:addText")}
              </Text>
            </span>
            <Button {...restoreFocus} icon={<AddRegular />} onClick={() => setAdding(true)} data-testid="add-service-principal">
              {t("welcome:addButton")}
            </Button>
          </li>
        </ul>
      </div>
      <ServicePrincipalDialog open={adding} onClose={() => setAdding(false)} />
    </div>
  );
}

function SandboxCard({ account }: { account: string }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const { signIn, signingIn } = useSession();
  return (
    <section className={styles.sandbox} aria-labelledby="sandbox-title">
      <BeakerRegular className={styles.sandboxIcon} aria-hidden />
      <span className={styles.words}>
        <Text size={400} weight="semibold" id="sandbox-title">
          {t("welcome:sandboxTitle")}
        </Text>
        <Text className={layout.quiet}>{t("welcome:sandboxText")}</Text>
      </span>
      <div className={styles.wide}>
        <Button
          appearance="primary"
          size="large"
          disabledFocusable={signingIn !== null}
          icon={signingIn === account ? <Spinner size="tiny" /> : null}
          onClick={() => void signIn(account)}
          data-testid="sign-in-sandbox"
        >
          {signingIn === account ? t("welcome:signingIn") : t("welcome:sandboxButton")}
        </Button>
      </div>
    </section>
  );
}

function AccountRow({ account }: { account: AccountInfo }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const { signIn, signingIn } = useSession();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => call("remove_account", { account: account.id }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["accounts"] }),
  });
  const Icon = ICONS[account.kind];
  const own = account.kind === "service_principal";
  const title = own ? account.label : t(`welcome:${account.kind}.title`);
  return (
    <li className={styles.row}>
      <Icon className={styles.rowIcon} aria-hidden />
      <span className={styles.words}>
        <Text weight="semibold">{title}</Text>
        <Text size={200} className={layout.quiet}>
          {t(`welcome:${account.kind}.text`, { tenant: account.tenantId ?? "" })}
        </Text>
        {remove.error !== null && <FailureNotice failure={toFailure(remove.error)} />}
      </span>
      {own && (
        <Button
          appearance="subtle"
          icon={<DeleteRegular />}
          onClick={() => remove.mutate()}
          aria-label={t("welcome:removeOf", { account: title })}
          data-testid={`remove-${account.id}`}
        >
          {t("welcome:remove")}
        </Button>
      )}
      <Button
        disabledFocusable={signingIn !== null}
        icon={signingIn === account.id ? <Spinner size="tiny" /> : null}
        onClick={() => void signIn(account.id)}
        aria-label={`${t("welcome:signIn")}: ${title}`}
        data-testid={`sign-in-${account.id}`}
      >
        {t("welcome:signIn")}
      </Button>
    </li>
  );
}
