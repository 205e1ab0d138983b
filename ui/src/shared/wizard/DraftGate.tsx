import { Button, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { toFailure } from "../../ipc/call";
import { FailureNotice } from "../FailureNotice";
import { PageHeader } from "../PageHeader";
import { useSession, useSignedIn } from "../session";

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

interface Props<D> {
  /** Title of the wizard. */
  title: string;
  /** Key of the draft among the drafts. */
  name: string;
  read: () => Promise<D | null>;
  drop: () => Promise<unknown>;
  /** What to open instead of a draft. Asks before a draft is overwritten. */
  start?: ReactNode;
  /** The wizard over a draft, or a new one. */
  children: (draft: D | null) => ReactNode;
}

/** Loads the draft and opens the wizard. Asks before overwriting a draft of another account. */
export function DraftGate<D extends { account: string }>({ title, name, read, drop, start, children }: Props<D>): ReactNode {
  const { account } = useSignedIn();
  const styles = useStyles();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [choice, choose] = useState<"open" | "anew" | null>(null);
  const { data, isPending, error, refetch } = useQuery({
    queryKey: ["draft", name],
    queryFn: read,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (isPending) {
    return null;
  }
  if (error !== null) {
    const dropAndGoOn = async (): Promise<void> => {
      await drop();
      await queries.invalidateQueries({ queryKey: ["draft"] });
    };
    return (
      <div className={styles.notice}>
        <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} action={<StartAnew size="small" onClick={() => void dropAndGoOn()} />} />
      </div>
    );
  }
  const fresh = start ?? children(null);
  if (data === null || choice === "anew") {
    return fresh;
  }
  if (data.account !== account.id) {
    return <OthersDraft title={title} account={data.account} onAnew={() => choose("anew")} />;
  }
  if (start === undefined || choice === "open") {
    return children(data);
  }
  return (
    <div className={styles.notice}>
      <PageHeader title={title} />
      <Text>{t("common:draft.replaceText")}</Text>
      <div className={styles.buttons}>
        <Button appearance="primary" onClick={() => choose("open")} data-testid="open-draft">
          {t("common:draft.open")}
        </Button>
        <StartAnew onClick={() => choose("anew")} />
      </div>
    </div>
  );
}

function StartAnew({ onClick, size = "medium" }: { onClick: () => void; size?: "small" | "medium" }): ReactNode {
  const { t } = useTranslation();
  return (
    <Button size={size} onClick={onClick} data-testid="start-anew">
      {t("common:draft.startAnew")}
    </Button>
  );
}

function OthersDraft({ title, account, onAnew }: { title: string; account: string; onAnew: () => void }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const { signIn, signingIn, refused } = useSession();
  return (
    <div className={styles.notice}>
      <PageHeader title={title} />
      <Text>{t("common:draft.others", { account })}</Text>
      <div className={styles.buttons}>
        <Button appearance="primary" disabled={signingIn !== null} onClick={() => void signIn(account)} data-testid="continue-as">
          {t("common:draft.continueAs", { account })}
        </Button>
        <StartAnew onClick={onAnew} />
      </div>
      {refused !== null && <FailureNotice failure={refused.failure} />}
    </div>
  );
}
