import { Button, MessageBar, MessageBarBody, Text, Tooltip, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowClockwiseRegular, CalendarAddRegular } from "@fluentui/react-icons";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { Inventory } from "../../ipc/generated/Inventory";
import { FailureNotice } from "../../shared/FailureNotice";
import { useLayout } from "../../shared/layout";
import { ReadAge } from "../../shared/ReadAge";
import { useAccount } from "../../shared/session";
import { summaryOf } from "./rows";

const useStyles = makeStyles({
  root: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`, minHeight: "32px" },
  summary: { flex: "1 1 auto", minWidth: 0 },
});

interface Props {
  inventory: Inventory | null;
  subscriptionId: string;
  reading: boolean;
  onAgain: () => void;
}

/** Summary of all certificates, its age, and its actions. */
export function SummaryLine({ inventory, subscriptionId, reading, onAgain }: Props): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const { account } = useAccount();
  const calendar = useMutation({ mutationFn: () => call("save_calendar", { account, subscriptionId }) });
  const parts = summaryOf(inventory?.endpoints ?? []).map(({ part, count }) => t(`certificates:summary.${part}`, { count }));
  return (
    <>
      <div className={styles.root}>
        <Text weight="semibold" className={styles.summary} role="status" data-testid="certificates-summary">
          {parts.join(" · ")}
        </Text>
        <span className={layout.buttons}>
          {inventory !== null && <ReadAge readAt={inventory.readAt} reading={reading} testId="inventory-age" />}
          <Button appearance="subtle" icon={<ArrowClockwiseRegular />} onClick={onAgain} disabledFocusable={reading} data-testid="refresh">
            {t("certificates:refresh")}
          </Button>
          {inventory !== null && inventory.endpoints.length > 0 && (
            <Tooltip content={t("certificates:calendarHint")} relationship="description">
              <Button appearance="subtle" icon={<CalendarAddRegular />} onClick={() => calendar.mutate()} disabledFocusable={calendar.isPending} data-testid="save-calendar">
                {t("certificates:calendar")}
              </Button>
            </Tooltip>
          )}
        </span>
      </div>
      {calendar.error !== null && <FailureNotice failure={toFailure(calendar.error)} testId="calendar-failure" />}
      {calendar.data != null && (
        <MessageBar intent="success" layout="multiline" data-testid="calendar-saved">
          <MessageBarBody>{t("certificates:calendarSaved", { path: calendar.data })}</MessageBarBody>
        </MessageBar>
      )}
    </>
  );
}
