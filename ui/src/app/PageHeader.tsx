import { Tag, Text, Tooltip, makeStyles, tokens } from "@fluentui/react-components";
import { BeakerRegular, BuildingRegular, KeyRegular, PersonRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSignedIn } from "./session";

const useStyles = makeStyles({
  header: {
    display: "flex",
    alignItems: "center",
    flexWrap: "wrap",
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
    minHeight: "40px",
  },
  title: { margin: 0, flex: "1 1 auto", minWidth: 0 },
  chips: { display: "flex", gap: tokens.spacingHorizontalXS, flexWrap: "wrap", minWidth: 0 },
  chip: { maxWidth: "180px" },
});

interface Props {
  title: string;
  /** Subscription the page is about, where it is about one. */
  subscriptionId?: string | undefined;
  /** The one primary action. */
  action?: ReactNode;
}

/** What the page is, on whose account, in which tenant and subscription, and its one primary action. */
export function PageHeader({ title, subscriptionId, action }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { account, tenantId, subscriptions } = useSignedIn();
  const subscription = subscriptions.find((candidate) => candidate.subscriptionId === subscriptionId);
  const sandboxed = account.kind === "sandbox" || account.kind === "running_sandbox";
  return (
    <header className={styles.header}>
      <Text as="h1" size={500} weight="semibold" className={styles.title} data-testid="page-title">
        {title}
      </Text>
      <div className={styles.chips}>
        <Chip icon={sandboxed ? <BeakerRegular /> : <PersonRegular />} text={account.label} tip={t("common:chip.account")} />
        {!sandboxed && <Chip icon={<BuildingRegular />} text={tenantId} tip={t("common:chip.tenant", { tenant: tenantId })} />}
        {subscription !== undefined && (
          <Chip
            icon={<KeyRegular />}
            text={subscription.displayName}
            tip={t("common:chip.subscription", { id: subscription.subscriptionId })}
          />
        )}
      </div>
      {action}
    </header>
  );
}

function Chip({ icon, text, tip }: { icon: ReactNode; text: string; tip: string }): ReactNode {
  const styles = useStyles();
  return (
    <Tooltip content={tip} relationship="description">
      <Tag size="small" appearance="outline" icon={<>{icon}</>} className={styles.chip}>
        {text}
      </Tag>
    </Tooltip>
  );
}
