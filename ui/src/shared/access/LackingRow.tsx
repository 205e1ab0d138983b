import { Button, Text, makeStyles, tokens } from "@fluentui/react-components";
import { PersonKeyRegular } from "@fluentui/react-icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { toFailure } from "../../ipc/call";
import type { LackingRole } from "../../ipc/generated/LackingRole";
import { CopyButton } from "../CopyButton";
import { FailureNotice } from "../FailureNotice";
import { FindingList } from "../FindingList";
import { changed } from "../goal";
import { useLayout } from "../layout";
import { ChangedNotice } from "../plan/ChangedNotice";
import { startAtOnce } from "../plan/useStart";
import { nameOf } from "../resources";
import { GrantProgress } from "./GrantProgress";

const useStyles = makeStyles({
  row: { padding: `${tokens.spacingVerticalS} 0`, ":not(:last-child)": { borderBottom: `1px solid ${tokens.colorNeutralStroke2}` } },
  line: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}` },
  words: { display: "flex", flexDirection: "column", flex: "1 1 320px", minWidth: 0, overflowWrap: "anywhere" },
});

interface Props {
  lack: LackingRole;
  account: string;
  mayGrant: boolean;
  onGranted: () => void;
}

/** A missing role: a button to assign it, or a request to copy if the user is not allowed to. */
export function LackingRow({ lack, account, mayGrant, onGranted }: Props): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { scope, principalId, role, roleName, name, of } = lack;
  const grant = useMutation({
    mutationFn: () => startAtOnce(account, changed({ kind: "grant", scope, principalId, role, of })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["runs"] }),
  });
  const run = grant.data?.kind === "running" ? grant.data.run.id : null;
  const who = t(`clusters:access.who.${lack.who}`, { name, defaultValue: name });
  const values = { who, role: roleName, where: nameOf(scope), principal: principalId, scope, command: lack.command ?? "" };
  const reason = t(`clusters:${lack.reason}`, { defaultValue: "" });
  return (
    <li className={styles.row} data-testid={`lacks-${role}`}>
      <div className={styles.line}>
        <span className={styles.words}>
          <Text>{t("clusters:access.lacks", values)}</Text>
          <Text size={200} className={layout.quiet}>
            {reason}
          </Text>
        </span>
        {!mayGrant && lack.command !== null && <CopyButton text={t("clusters:access.request", values)} label={t("clusters:access.copy")} testId={`copy-request-${role}`} />}
        {mayGrant && run === null && (
          <Button
            size="small"
            icon={<PersonKeyRegular />}
            onClick={() => grant.mutate()}
            disabledFocusable={grant.isPending}
            aria-label={t("clusters:access.grantNamed", values)}
            data-testid={`grant-${role}`}
          >
            {t("clusters:access.grant")}
          </Button>
        )}
        {run !== null && <GrantProgress run={run} onGranted={onGranted} />}
      </div>
      {grant.error !== null && <FailureNotice failure={toFailure(grant.error)} testId="grant-failure" />}
      {grant.data?.kind === "blocked" && (
        <div role="alert" data-testid="grant-blocked">
          <FindingList findings={grant.data.findings} />
        </div>
      )}
      {grant.data?.kind === "changed" && <ChangedNotice key={grant.submittedAt} differences={grant.data.differences} />}
    </li>
  );
}
