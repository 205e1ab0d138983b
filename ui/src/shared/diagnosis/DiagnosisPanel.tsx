import { Button, MessageBar, MessageBarBody, MessageBarTitle, Spinner, Text, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowClockwiseRegular, ClockRegular, EyeOffRegular, HeartPulseRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { DiagnosisReport } from "../../ipc/generated/DiagnosisReport";
import { EmptyState } from "../EmptyState";
import { useFormat } from "../format";
import { FailureNotice } from "../FailureNotice";
import { Section } from "../Section";
import { CauseList } from "./CauseList";

const useStyles = makeStyles({
  stack: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM, minWidth: 0 },
  reading: { minHeight: "120px", display: "grid", placeItems: "center" },
  foot: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM, color: tokens.colorNeutralForeground3 },
  why: { overflowWrap: "anywhere" },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL },
});

/** Healthy only if everything was read and no operation is in progress. */
const VERDICT_ICON = { healthy: HeartPulseRegular, partly: EyeOffRegular, unfinished: ClockRegular } as const;

interface Props {
  account: string;
  /** Resource ID of a cluster or of a compute attached to one. */
  resourceId: string;
}

/** Diagnosis of a cluster: causes and remedies. Runs when shown and on request. */
export function DiagnosisPanel({ account, resourceId }: Props): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["azure", "diagnosis", account, resourceId.toLowerCase()],
    queryFn: () => call("diagnose", { account, resourceId }),
    // Earlier problems may be fixed by now.
    staleTime: 0,
  });
  const again = (
    <Button icon={<ArrowClockwiseRegular />} onClick={() => void refetch()} disabled={isFetching} data-testid="diagnose-again">
      {t("diagnosis:panel.again")}
    </Button>
  );
  const reading = (
    <div className={styles.reading} data-testid="diagnosis-reading">
      <Spinner size="small" label={t("diagnosis:panel.reading")} />
    </div>
  );
  const content = (): ReactNode => {
    if (isFetching) {
      return reading;
    }
    if (error !== null) {
      return <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} testId="diagnosis-failure" />;
    }
    return data !== undefined && <Found report={data} again={again} />;
  };
  return (
    <Section title={t("diagnosis:panel.title")} level={2}>
      <div className={styles.stack} data-testid="diagnosis" aria-busy={isFetching}>
        {content()}
      </div>
    </Section>
  );
}

/** A diagnosis report: causes, unread parts, and how the cluster was read. */
function Found({ report, again }: { report: DiagnosisReport; again: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const cluster = (report.clusterId ?? report.resourceId).split("/").at(-1) ?? "";
  const seconds = useFormat().number(report.tookMs / 1000, 1);
  const { verdict } = report;
  const unread = [...new Set(report.unread.map(({ what }) => t(`diagnosis:unread.${what}`, { defaultValue: what })))].join(", ");
  return (
    <div className={styles.stack} data-testid="diagnosis-report" data-healthy={report.healthy} data-verdict={verdict}>
      {verdict !== "wrong" && (
        <EmptyState
          icon={VERDICT_ICON[verdict]}
          title={t(`diagnosis:panel.${verdict}Title`)}
          text={t(`diagnosis:panel.${verdict}Text`, { cluster, what: unread })}
          action={again}
        />
      )}
      {report.causes.length > 0 && <CauseList causes={report.causes} />}
      {report.unread.length > 0 && (
        <MessageBar intent="warning" layout="multiline" data-testid="diagnosis-unread">
          <MessageBarBody>
            <MessageBarTitle>{t("diagnosis:panel.unread")}</MessageBarTitle> {t("diagnosis:panel.unreadText")}
            <ul className={styles.list}>
              {report.unread.map(({ what, why }) => (
                <li key={`${what} ${why}`} className={styles.why}>
                  {t(`diagnosis:unread.${what}`, { defaultValue: what })}: {why}
                </li>
              ))}
            </ul>
          </MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.foot}>
        {verdict === "wrong" && again}
        {report.via !== null && <Text size={200}>{t(`diagnosis:panel.via_${report.via}`)}</Text>}
        <Text size={200}>{t("diagnosis:panel.took", { count: report.requests, seconds })}</Text>
      </div>
    </div>
  );
}
