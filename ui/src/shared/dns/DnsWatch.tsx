import { Spinner, Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { CheckmarkCircleFilled, ClockRegular, type FluentIcon, QuestionCircleRegular, WarningFilled } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { DnsRecord } from "../../ipc/generated/DnsRecord";
import type { DnsSeen } from "../../ipc/generated/DnsSeen";
import { FailureNotice } from "../FailureNotice";
import { useDuration, useNow } from "../time";
import { type DnsState, keptUntil, dnsStateOf } from "./record";

/** Polling interval until DNS returns the expected value. */
const EVERY_MS = 5000;

const ICONS: Record<Exclude<DnsState, "looking">, FluentIcon> = {
  answers: CheckmarkCircleFilled,
  missing: ClockRegular,
  other: WarningFilled,
  problem: QuestionCircleRegular,
};

const useStyles = makeStyles({
  // Reserves two lines to avoid layout shifts between checks.
  root: { display: "grid", gridTemplateColumns: "20px 1fr", columnGap: tokens.spacingHorizontalS, alignItems: "start", minHeight: "40px" },
  icon: { width: "20px", height: "20px" },
  answers: { color: tokens.colorStatusSuccessForeground1 },
  other: { color: tokens.colorStatusWarningForeground3 },
  missing: { color: tokens.colorNeutralForeground3 },
  problem: { color: tokens.colorNeutralForeground3 },
  words: { display: "flex", flexDirection: "column", minWidth: 0, overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** The DNS status of a record, polled until it is as expected. */
export function DnsWatch({ record }: { record: DnsRecord }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const { data, error, refetch } = useQuery({
    queryKey: ["dns", record],
    queryFn: () => call("look_up_dns", record),
    refetchInterval: ({ state }) => (state.data?.agrees === true || state.error !== null ? false : EVERY_MS),
    // The user creates the record in another window; keep polling in the background.
    refetchIntervalInBackground: true,
    staleTime: 0,
  });
  const state = dnsStateOf(data);
  if (error !== null) {
    return <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} testId="dns-failure" />;
  }
  const Icon = state === "looking" ? null : ICONS[state];
  return (
    <div className={styles.root} data-testid="dns-watch" data-state={state}>
      {Icon === null || state === "looking" ? <Spinner size="tiny" aria-hidden /> : <Icon className={mergeClasses(styles.icon, styles[state])} aria-hidden />}
      <span className={styles.words}>
        <Text role="status">
          {t(`dns:watch.${state}`, { name: record.name, values: data?.values.join(", ") ?? "", problem: data?.problem ?? "" })}
        </Text>
        <Former seen={data} />
      </span>
    </div>
  );
}

/** How long resolvers may still cache the wrong value; counts down without announcing every second. */
function Former({ seen }: { seen: DnsSeen | undefined }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const duration = useDuration();
  const until = seen === undefined ? null : keptUntil(seen);
  const [last, setLast] = useState<number | null>(null);
  if (until !== null && until !== last) {
    setLast(until);
  }
  const now = useNow(last !== null);
  const left = last === null ? 0 : Math.ceil((last - now) / 1000);
  const agrees = seen?.agrees === true;
  return (
    <Text size={200} className={styles.quiet} data-testid="dns-kept">
      {left > 0 ? t(agrees ? "dns:watch.formerLeft" : "dns:watch.mayKeep", { left: duration(left) }) : agrees ? "" : t("dns:watch.every")}
    </Text>
  );
}
