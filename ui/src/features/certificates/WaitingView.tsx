import { Button } from "@fluentui/react-components";
import { AddRegular, MailInboxRegular } from "@fluentui/react-icons";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { toFailure } from "../../ipc/call";
import type { CertificateReport } from "../../ipc/generated/CertificateReport";
import { EmptyState } from "../../shared/EmptyState";
import { FailureNotice } from "../../shared/FailureNotice";
import { NoKeychainNotice, useKeychain } from "../../shared/keychain";
import { useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { Section } from "../../shared/Section";
import { AnswerSection } from "./AnswerSection";
import { Landed } from "./Landed";
import { OrderCard } from "./OrderCard";
import { RequestCard } from "./RequestCard";
import { useOrders, useRequests } from "./waiting";

/** Pending requests and orders. */
export function WaitingView(): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const { context } = useKeychain();
  const { open } = useNavigation();
  const requests = useRequests();
  const orders = useOrders();
  const [report, setReport] = useState<CertificateReport | null>(null);
  const failed = requests.error ?? orders.error;
  const nothing = requests.data?.length === 0 && orders.data?.length === 0 && report === null;
  return (
    <div className={layout.sections} data-testid="waiting">
      {!nothing && <NoKeychainNotice />}
      {failed !== null && (
        <FailureNotice
          failure={toFailure(failed)}
          onRetry={() => {
            void requests.refetch();
            void orders.refetch();
          }}
        />
      )}
      {report !== null && <Landed report={report} />}
      {nothing && (
        <EmptyState
          icon={MailInboxRegular}
          title={t("certificates:waitingEmpty.title")}
          text={t("certificates:waitingEmpty.text")}
          action={
            <Button icon={<AddRegular />} onClick={() => open({ name: "new_certificate", way: "request" })}>
              {t("certificates:way.request.title")}
            </Button>
          }
        />
      )}
      {requests.data !== undefined && requests.data.length > 0 && (
        <>
          <Section level={2} title={t("certificates:requests.title")} hint={t("certificates:requests.hint", { context })}>
            <ul className={layout.list}>
              {requests.data.map((request) => (
                <li key={request.id}>
                  <RequestCard request={request} />
                </li>
              ))}
            </ul>
          </Section>
          <AnswerSection onReport={setReport} />
        </>
      )}
      {orders.data !== undefined && orders.data.length > 0 && (
        <Section level={2} title={t("certificates:orders.title")} hint={t("certificates:orders.hint", { context })}>
          <ul className={layout.list}>
            {orders.data.map((order) => (
              <li key={order.id}>
                <OrderCard order={order} onReport={setReport} />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </div>
  );
}
