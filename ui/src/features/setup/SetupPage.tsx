import { Button, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import { FailureNotice } from "../../shared/FailureNotice";
import { PageHeader } from "../../shared/PageHeader";
import { useSession, useSignedIn } from "../../shared/session";
import { WizardProvider } from "./wizard/WizardContext";
import { WizardShell } from "./WizardShell";

const useStyles = makeStyles({
  notice: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalL,
    padding: tokens.spacingHorizontalXXL,
    maxWidth: "640px",
  },
  buttons: { display: "flex", gap: tokens.spacingHorizontalM },
});

/** Loads the draft and opens the wizard. Asks before overwriting a draft of another account. */
export default function SetupPage(): ReactNode {
  const { account, subscriptions } = useSignedIn();
  const styles = useStyles();
  const queries = useQueryClient();
  const [anew, setAnew] = useState(false);
  const { data, isPending, error, refetch } = useQuery({
    queryKey: ["draft", "wizard"],
    queryFn: () => call("read_draft", {}),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (isPending) {
    return null;
  }
  if (error !== null) {
    const dropAndGoOn = async (): Promise<void> => {
      await call("drop_draft", {});
      await queries.invalidateQueries({ queryKey: ["draft"] });
    };
    return (
      <div className={styles.notice}>
        <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} action={<StartAnew onClick={() => void dropAndGoOn()} />} />
      </div>
    );
  }
  const draft = anew ? null : data;
  if (draft !== null && draft.account !== account.id) {
    return <OthersDraft account={draft.account} onAnew={() => setAnew(true)} />;
  }
  const usable = subscriptions.filter((subscription) => subscription.state === "Enabled");
  return (
    <WizardProvider
      account={account.id}
      draft={draft}
      subscriptionId={usable.length === 1 ? (usable[0]?.subscriptionId ?? "") : ""}
    >
      <WizardShell />
    </WizardProvider>
  );
}

function StartAnew({ onClick }: { onClick: () => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Button size="small" onClick={onClick} data-testid="start-anew">
      {t("common:draft.startAnew")}
    </Button>
  );
}

function OthersDraft({ account, onAnew }: { account: string; onAnew: () => void }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const { signIn, signingIn, refused } = useSession();
  return (
    <div className={styles.notice}>
      <PageHeader title={t("common:setup.title")} />
      <Text>{t("common:draft.others", { account })}</Text>
      <div className={styles.buttons}>
        <Button appearance="primary" disabled={signingIn !== null} onClick={() => void signIn(account)} data-testid="continue-as">
          {t("common:draft.continueAs", { account })}
        </Button>
        <Button onClick={onAnew} data-testid="start-anew">
          {t("common:draft.startAnew")}
        </Button>
      </div>
      {refused !== null && <FailureNotice failure={refused.failure} />}
    </div>
  );
}
