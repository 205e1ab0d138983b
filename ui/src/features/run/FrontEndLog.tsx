import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, Spinner, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { ContainerLog } from "../../ipc/generated/ContainerLog";
import type { FrontEndLogs } from "../../ipc/generated/FrontEndLogs";
import type { RunSnapshot } from "../../ipc/generated/RunSnapshot";
import { FailureNotice } from "../../shared/FailureNotice";
import { useFormat } from "../../shared/format";
import { useLayout } from "../../shared/layout";
import { LogLines } from "../../shared/LogLines";
import { ReadAge } from "../../shared/ReadAge";

/** Lines to read of each container. */
const LINES = 100;
/** Time between two reads while the run is in progress, in milliseconds. */
const PAUSE = 10_000;

const useStyles = makeStyles({
  root: { borderRadius: tokens.borderRadiusLarge, boxShadow: `inset 0 0 0 1px ${tokens.colorNeutralStroke2}`, padding: `0 ${tokens.spacingHorizontalS}`, marginTop: tokens.spacingVerticalS },
  panel: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM, paddingBottom: tokens.spacingVerticalM, minWidth: 0 },
  container: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS, minWidth: 0 },
  name: { overflowWrap: "anywhere" },
});

/** The log of the front end that divides the calls: read while it is open, and again and again during the canary. */
export function FrontEndLog({ run }: { run: RunSnapshot }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { account, state } = run.summary;
  const endpointId = endpointOf(run);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["azure", "frontEndLogs", account, endpointId.toLowerCase()],
    queryFn: () => call("read_front_end_logs", { account, endpointId, lines: LINES }),
    enabled: open && endpointId !== "",
    staleTime: 0,
    refetchInterval: state === "running" ? PAUSE : false,
  });
  if (endpointId === "") {
    return null;
  }
  return (
    <Accordion collapsible className={styles.root} openItems={open ? ["log"] : []} onToggle={(_, { openItems }) => setOpen(openItems.includes("log"))} data-testid="front-end-log">
      <AccordionItem value="log">
        <AccordionHeader as="h3" data-testid="open-front-end-log">
          {t("run:canary.log.title")}
        </AccordionHeader>
        <AccordionPanel>
          <div className={styles.panel} aria-busy={isFetching}>
            <Hint />
            {data === undefined && error === null && <Spinner size="small" label={t("run:canary.log.reading")} labelPosition="after" />}
            {error !== null && <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} testId="front-end-log-failure" />}
            {data !== undefined && <Found found={data} reading={isFetching} />}
          </div>
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  );
}

/** The endpoint of a canary; `""` for another run. */
function endpointOf({ plan: { goal } }: RunSnapshot): string {
  return goal.kind === "change" && goal.change.kind === "canary" ? goal.change.endpointId : "";
}

function Hint(): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  return (
    <Text size={200} className={layout.quiet}>
      {t("run:canary.log.hint")}
    </Text>
  );
}

function Found({ found: { logs, leftOut, unread, readAt }, reading }: { found: FrontEndLogs; reading: boolean }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <>
      <div className={layout.buttons}>
        <ReadAge readAt={readAt} reading={reading} testId="front-end-log-age" />
      </div>
      {unread !== null && <Text>{t("run:canary.log.unread", { why: unread })}</Text>}
      {unread === null && logs.length === 0 && <Text>{t("run:canary.log.noPods")}</Text>}
      {logs.map((log) => (
        <Container key={`${log.pod} ${log.container}`} log={log} />
      ))}
      {leftOut > 0 && <Text className={layout.quiet}>{t("run:canary.log.leftOut", { count: leftOut, number: number(leftOut) })}</Text>}
    </>
  );
}

function Container({ log: { pod, container, lines, unread } }: { log: ContainerLog }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const name = `${pod} · ${container}`;
  return (
    <div className={styles.container}>
      <Text size={200} weight="semibold" className={styles.name}>
        {name}
      </Text>
      {unread !== null ? (
        <Text className={layout.quiet}>{t("run:canary.log.unread", { why: unread })}</Text>
      ) : lines.length === 0 ? (
        <Text className={layout.quiet}>{t("run:canary.log.none")}</Text>
      ) : (
        <LogLines lines={lines} label={t("run:canary.log.lines", { name })} follows testId="front-end-log-lines" />
      )}
    </div>
  );
}
