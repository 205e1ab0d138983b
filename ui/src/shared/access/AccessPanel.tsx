import { MessageBar, MessageBarBody, MessageBarTitle, Spinner, Text, makeStyles, tokens } from "@fluentui/react-components";
import { CheckmarkCircleFilled } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { toFailure } from "../../ipc/call";
import { FailureNotice } from "../FailureNotice";
import { Section } from "../Section";
import { LackingRow } from "./LackingRow";
import { type Attachment, accessQuery } from "./useAccess";

const useStyles = makeStyles({
  list: {
    listStyleType: "none",
    margin: 0,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: `inset 0 0 0 1px ${tokens.colorNeutralStroke2}`,
  },
  enough: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  icon: { color: tokens.colorStatusSuccessForeground1, width: "20px", height: "20px", flexShrink: 0 },
  waiting: { justifyContent: "flex-start" },
});

interface Props {
  account: string;
  attachment: Attachment;
  /** Heading level: 3 inside a step, 2 on its own page. */
  level?: 2 | 3;
  /** Called after a role was assigned. */
  onGranted?: () => void;
}

/** Missing roles for an attachment, to assign or to request from an administrator. */
export function AccessPanel({ account, attachment, level = 3, onGranted }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(accessQuery(account, attachment));
  const granted = (): void => {
    void refetch();
    onGranted?.();
  };
  return (
    <Section level={level} title={t("clusters:access.title")} hint={t("clusters:access.hint")}>
      <div data-testid="access" data-lacks={data?.lacks.length ?? ""}>
        {isPending && <Spinner size="tiny" labelPosition="after" className={styles.waiting} label={t("clusters:access.checking")} />}
        {error !== null && <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} testId="access-failure" />}
        {data !== undefined && data.problems.length > 0 && (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>
              <MessageBarTitle>{t("clusters:incomplete")}</MessageBarTitle> {data.problems.join(" ")}
            </MessageBarBody>
          </MessageBar>
        )}
        {data?.lacks.length === 0 && data.problems.length === 0 && (
          <Text className={styles.enough}>
            <CheckmarkCircleFilled className={styles.icon} aria-hidden />
            {t("clusters:access.enough")}
          </Text>
        )}
        {data !== undefined && data.lacks.length > 0 && (
          <ul className={styles.list}>
            {data.lacks.map((lack) => (
              <LackingRow key={`${lack.principalId} ${lack.role} ${lack.scope}`} lack={lack} account={account} mayGrant={data.mayGrant} onGranted={granted} />
            ))}
          </ul>
        )}
      </div>
    </Section>
  );
}
