import {
  Button,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Select,
  Skeleton,
  SkeletonItem,
  Tab,
  TabList,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Inventory } from "../../ipc/generated/Inventory";
import { FailureNotice } from "../../shared/FailureNotice";
import { useInventory, usePresentSubscription } from "../../shared/inventory";
import { useLayout } from "../../shared/layout";
import { type CertificatesView, useNavigation } from "../../shared/navigation";
import { PageHeader } from "../../shared/PageHeader";
import { useAccount } from "../../shared/session";
import { AuthorityView } from "./AuthorityView";
import { EndpointsView } from "./EndpointsView";
import { KeptView } from "./KeptView";
import { SummaryLine } from "./SummaryLine";
import { useOrders, useRequests } from "./waiting";
import { WaitingView } from "./WaitingView";

const useStyles = makeStyles({
  top: { display: "flex", flexWrap: "wrap", alignItems: "center", justifyContent: "space-between", gap: tokens.spacingHorizontalM },
  // Aligns the tab labels with the content; Fluent would let them overflow a narrow window.
  tabs: { marginLeft: `calc(-1 * ${tokens.spacingHorizontalMNudge})`, flexWrap: "wrap", flexShrink: 1, minWidth: 0 },
  words: { overflowWrap: "anywhere" },
  problems: { margin: 0, paddingLeft: tokens.spacingHorizontalL },
});

const VIEWS: readonly CertificatesView[] = ["endpoints", "kept", "waiting", "authority"];

/** All certificates: of endpoints, on this computer, pending, and the local certificate authority. */
export default function CertificatesPage(): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const { page, open } = useNavigation();
  const { subscriptions } = useAccount();
  const [subscriptionId, choose] = usePresentSubscription();
  const [view, show] = useState<CertificatesView>((page.name === "certificates" ? page.view : undefined) ?? "endpoints");
  const { inventory, waiting, reading, failure, again } = useInventory(subscriptionId);
  const counts: Partial<Record<CertificatesView, number>> = {
    ...(inventory === null ? {} : { endpoints: inventory.endpoints.length, kept: inventory.kept.length }),
    waiting: (useRequests().data?.length ?? 0) + (useOrders().data?.length ?? 0),
  };
  return (
    <div className={layout.page} data-testid="certificates-page" aria-busy={reading}>
      <PageHeader
        title={t("certificates:title")}
        subscriptionId={subscriptionId}
        action={
          <Button appearance="primary" icon={<AddRegular />} onClick={() => open({ name: "new_certificate" })} data-testid="new-certificate">
            {t("certificates:new")}
          </Button>
        }
      />
      {failure !== null && <FailureNotice failure={failure} onRetry={again} testId="inventory-failure" />}
      {inventory !== null && inventory.problems.length > 0 && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody className={styles.words}>
            <MessageBarTitle>{t("certificates:incomplete")}</MessageBarTitle>
            <ul className={styles.problems}>
              {inventory.problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          </MessageBarBody>
        </MessageBar>
      )}
      <SummaryLine inventory={inventory} subscriptionId={subscriptionId} reading={reading} onAgain={again} />
      <div className={styles.top}>
        <TabList className={styles.tabs} selectedValue={view} onTabSelect={(_, { value }) => show(VIEWS.find((one) => one === value) ?? "endpoints")}>
          {VIEWS.map((one) => (
            <Tab key={one} value={one} id={`certificates-tab-${one}`} aria-controls="certificates-panel" data-testid={`view-${one}`}>
              {counts[one] === undefined || counts[one] === 0 ? t(`certificates:view.${one}`) : t("certificates:viewCount", { view: t(`certificates:view.${one}`), count: counts[one] })}
            </Tab>
          ))}
        </TabList>
        {subscriptions.length > 1 && (
          <Select aria-label={t("certificates:subscription")} value={subscriptionId} onChange={(_, { value }) => choose(value)} data-testid="certificates-subscription">
            {subscriptions.map((one) => (
              <option key={one.subscriptionId} value={one.subscriptionId}>
                {one.displayName}
              </option>
            ))}
          </Select>
        )}
      </div>
      <div role="tabpanel" id="certificates-panel" aria-labelledby={`certificates-tab-${view}`}>
        <View view={view} inventory={inventory} waiting={waiting} />
      </div>
    </div>
  );
}

function View({ view, inventory, waiting }: { view: CertificatesView; inventory: Inventory | null; waiting: boolean }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  if (view === "waiting") {
    return <WaitingView />;
  }
  if (view === "authority") {
    return <AuthorityView />;
  }
  if (inventory === null) {
    return (
      waiting && (
        <Skeleton className={layout.column} aria-label={t("common:loading")}>
          <SkeletonItem size={40} />
          <SkeletonItem size={48} />
          <SkeletonItem size={48} />
          <SkeletonItem size={48} />
        </Skeleton>
      )
    );
  }
  return view === "kept" ? <KeptView kept={inventory.kept} /> : <EndpointsView key={inventory.subscriptionId} endpoints={inventory.endpoints} />;
}
