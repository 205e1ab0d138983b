import { Badge, Button, MessageBar, MessageBarActions, MessageBarBody, Spinner, Text } from "@fluentui/react-components";
import { ArrowClockwiseRegular, CheckmarkRegular } from "@fluentui/react-icons";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { AcmeOrder } from "../../ipc/generated/AcmeOrder";
import type { AcmeRecord } from "../../ipc/generated/AcmeRecord";
import type { CertificateReport } from "../../ipc/generated/CertificateReport";
import { DnsRecordCard } from "../../shared/dns/DnsRecordCard";
import { FailureNotice } from "../../shared/FailureNotice";
import { useFormat } from "../../shared/format";
import { useVaultChanged } from "../../shared/inventory";
import { useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { GiveUp } from "./GiveUp";
import { hostOf, useWaitingChanged } from "./waiting";
import { WaitingCard } from "./WaitingCard";

interface Props {
  order: AcmeOrder;
  onReport: (report: CertificateReport) => void;
  onGone?: () => void;
}

/** An order: its validation records, and finishing it once they exist. */
export function OrderCard({ order: first, onReport, onGone }: Props): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const format = useFormat();
  const { open } = useNavigation();
  const changed = useWaitingChanged();
  const vaultChanged = useVaultChanged();
  const { id } = first;
  const look = useMutation({ mutationFn: () => call("check_certificate_order", { id }) });
  const [looked, setLooked] = useState<AcmeOrder | null>(null);
  const order = looked ?? first;
  const finish = useMutation({
    mutationFn: () => call("finish_certificate_order", { id }),
    onSuccess: async (report) => {
      onReport(report);
      await Promise.all([changed(), vaultChanged()]);
    },
    // A failed validation invalidates the order.
    onError: () => void look.mutateAsync().then(setLooked, () => undefined),
  });
  const drop = useMutation({
    mutationFn: () => call("drop_certificate_order", { id }),
    onSuccess: () => {
      onGone?.();
      return changed();
    },
  });
  const names = order.names.join(", ");
  const failed = finish.error ?? drop.error ?? look.error;
  return (
    <WaitingCard
      title={names}
      since={order.placedAt}
      text={t("certificates:order.placed", { host: hostOf(order.directory), when: format.relative(order.placedAt) })}
      actions={
        <GiveUp
          title={t("certificates:order.giveUpTitle", { names })}
          text={t("certificates:order.giveUpText")}
          busy={drop.isPending}
          onGiveUp={() => drop.mutate()}
          testId="give-up-order"
        />
      }
      testId={`order-${id}`}
    >
      {order.failed ? (
        <MessageBar intent="error" data-testid="order-failed">
          <MessageBarBody>{t("certificates:order.failed")}</MessageBarBody>
          <MessageBarActions>
            <Button size="small" onClick={() => open({ name: "new_certificate", way: "order" })} data-testid="order-again">
              {t("certificates:order.again")}
            </Button>
          </MessageBarActions>
        </MessageBar>
      ) : (
        <>
          <Text>{t("certificates:order.records", { count: order.records.length })}</Text>
          {order.records.map((record) => (
            <Record key={`${record.name} ${record.value}`} record={record} />
          ))}
          <div className={layout.buttons}>
            <Button
              appearance="primary"
              icon={finish.isPending ? <Spinner size="tiny" /> : <CheckmarkRegular />}
              onClick={() => finish.mutate()}
              disabledFocusable={finish.isPending}
              data-testid="finish-order"
            >
              {t("certificates:order.finish")}
            </Button>
            <Button
              appearance="subtle"
              icon={<ArrowClockwiseRegular />}
              onClick={() => look.mutate(undefined, { onSuccess: setLooked })}
              disabledFocusable={look.isPending || finish.isPending}
              data-testid="look-at-order"
            >
              {t("certificates:order.look")}
            </Button>
            <Text size={200} className={layout.quiet} role="status">
              {finish.isPending ? t("certificates:order.finishing") : ""}
            </Text>
          </div>
        </>
      )}
      {failed !== null && <FailureNotice failure={toFailure(failed)} testId="order-failure" />}
    </WaitingCard>
  );
}

function Record({ record: { forName, name, value, proven } }: { record: AcmeRecord }): ReactNode {
  const { t } = useTranslation();
  if (proven) {
    return (
      <div>
        <Badge appearance="tint" color="success" icon={<CheckmarkRegular />}>
          {t("certificates:order.proven", { name: forName })}
        </Badge>
      </div>
    );
  }
  return <DnsRecordCard record={{ name, kind: "TXT", value }} />;
}
