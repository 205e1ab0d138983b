import { Breadcrumb, BreadcrumbButton, BreadcrumbDivider, BreadcrumbItem, Tag, Text, Tooltip, makeStyles, tokens } from "@fluentui/react-components";
import { BeakerRegular, BuildingRegular, KeyRegular, PersonRegular } from "@fluentui/react-icons";
import { Fragment, type ReactNode } from "react";
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
  title: { flex: "1 1 auto", minWidth: 0 },
  heading: { margin: 0, overflowWrap: "anywhere" },
  // Aligns the breadcrumb with the title below it.
  trail: { marginLeft: `calc(-1 * ${tokens.spacingHorizontalSNudge})` },
  chips: { display: "flex", gap: tokens.spacingHorizontalXS, flexWrap: "wrap", minWidth: 0 },
  chip: { maxWidth: "180px" },
});

/** A parent page in the breadcrumb. */
export interface Waypoint {
  text: string;
  onOpen: () => void;
}

interface Props {
  title: string;
  /** The breadcrumb, outermost page first. */
  trail?: readonly Waypoint[];
  /** The subscription of the page, if any. */
  subscriptionId?: string | undefined;
  /** The one primary action. */
  action?: ReactNode;
}

/** Page title with account, tenant, subscription and primary action. */
export function PageHeader({ title, trail = [], subscriptionId, action }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { account, tenantId, subscriptions } = useSignedIn();
  const subscription = subscriptions.find((candidate) => candidate.subscriptionId === subscriptionId);
  const sandboxed = account.kind === "sandbox" || account.kind === "running_sandbox";
  return (
    <header className={styles.header}>
      <div className={styles.title}>
        {trail.length > 0 && <Trail trail={trail} />}
        <Text as="h1" size={500} weight="semibold" block className={styles.heading} data-testid="page-title">
          {title}
        </Text>
      </div>
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

function Trail({ trail }: { trail: readonly Waypoint[] }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <Breadcrumb size="small" aria-label={t("common:trail")} className={styles.trail}>
      {trail.map(({ text, onOpen }) => (
        <Fragment key={text}>
          <BreadcrumbItem>
            <BreadcrumbButton onClick={onOpen}>{text}</BreadcrumbButton>
          </BreadcrumbItem>
          <BreadcrumbDivider />
        </Fragment>
      ))}
    </Breadcrumb>
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
