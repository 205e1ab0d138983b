import { Button, MessageBar, MessageBarBody, SearchBox, Select, Spinner, Switch, Text, makeStyles } from "@fluentui/react-components";
import { ArrowClockwiseRegular, DocumentTextRegular, SaveRegular } from "@fluentui/react-icons";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { Endpoint } from "../../ipc/generated/Endpoint";
import type { LogContainer } from "../../ipc/generated/LogContainer";
import type { VersionLog } from "../../ipc/generated/VersionLog";
import { CopyButton } from "../../shared/CopyButton";
import { FailureNotice } from "../../shared/FailureNotice";
import { useLayout } from "../../shared/layout";
import { LogLines } from "../../shared/LogLines";
import { ReadAge } from "../../shared/ReadAge";
import { Section } from "../../shared/Section";
import { useSignedIn } from "../../shared/session";

const CONTAINERS: readonly LogContainer[] = ["inference_server", "storage_initializer"];
/** Lines to read. */
const LINES = 1000;
/** Time between two reads while following, in milliseconds. */
const PAUSE = 5000;

const useStyles = makeStyles({
  search: { flex: "1 1 160px", minWidth: "140px", maxWidth: "280px" },
  choice: { maxWidth: "260px", minWidth: 0 },
});

/** The log of a version's containers: read when asked for, searched, followed and saved. */
export function LogsSection({ endpoint }: { endpoint: Endpoint }): ReactNode {
  const layout = useLayout();
  const styles = useStyles();
  const { t } = useTranslation();
  const { account } = useSignedIn();
  const names = endpoint.versions.map(({ name }) => name);
  const [chosen, choose] = useState<string | null>(null);
  const [container, setContainer] = useState<LogContainer>("inference_server");
  const [search, setSearch] = useState("");
  const [follows, follow] = useState(false);
  const [asked, ask] = useState(false);
  const version = names.find((name) => name === chosen) ?? names[0] ?? "";
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["azure", "log", account.id, endpoint.id.toLowerCase(), version, container],
    queryFn: () => call("read_log", { account: account.id, endpointId: endpoint.id, version, container, lines: LINES }),
    enabled: asked && version !== "",
    staleTime: 0,
    refetchInterval: follows ? PAUSE : false,
  });
  if (names.length === 0) {
    return null;
  }
  const wanted = search.trim().toLowerCase();
  const lines = data?.lines.filter((line) => line.toLowerCase().includes(wanted)) ?? [];
  const read = (): void => {
    ask(true);
    if (asked) {
      void refetch();
    }
  };
  return (
    <Section level={2} title={t("endpoints:logs.title")} hint={t("endpoints:logs.hint")}>
      <div className={layout.column} data-testid="logs" aria-busy={isFetching}>
        <div className={layout.buttons} role="group" aria-label={t("endpoints:logs.choice")}>
          <Select className={styles.choice} aria-label={t("endpoints:logs.version")} value={version} onChange={(_, { value }) => choose(value)} data-testid="log-version">
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
          <Select
            className={styles.choice}
            aria-label={t("endpoints:logs.container")}
            value={container}
            onChange={(_, { value }) => setContainer(CONTAINERS.find((one) => one === value) ?? "inference_server")}
            data-testid="log-container"
          >
            {CONTAINERS.map((one) => (
              <option key={one} value={one}>
                {t(`endpoints:logs.containers.${one}`)}
              </option>
            ))}
          </Select>
          <Button icon={asked ? <ArrowClockwiseRegular /> : <DocumentTextRegular />} onClick={read} disabledFocusable={isFetching} data-testid="read-log">
            {t(asked ? "endpoints:refresh" : "endpoints:logs.read")}
          </Button>
          <Switch
            label={t("endpoints:logs.follow")}
            checked={follows}
            onChange={(_, { checked }) => {
              follow(checked);
              ask(asked || checked);
            }}
            data-testid="follow-log"
          />
        </div>
        {asked && data === undefined && error === null && <Spinner size="small" label={t("endpoints:logs.reading")} labelPosition="after" />}
        {error !== null && <FailureNotice failure={toFailure(error)} onRetry={read} testId="log-failure" />}
        {data !== undefined && (
          <>
            <Notes log={data} />
            <div className={layout.buttons}>
              <SearchBox
                className={styles.search}
                placeholder={t("endpoints:logs.search")}
                aria-label={t("endpoints:logs.search")}
                value={search}
                onChange={(_, { value }) => setSearch(value)}
                data-testid="log-search"
              />
              <Text size={200} role="status" data-testid="log-count">
                {t("endpoints:logs.count", { shown: lines.length, all: data.lines.length })}
              </Text>
              <ReadAge readAt={data.readAt} reading={isFetching} testId="log-age" />
            </div>
            {lines.length === 0 ? (
              <Text className={layout.quiet}>{t(data.lines.length === 0 ? "endpoints:logs.none" : "endpoints:logs.noMatch")}</Text>
            ) : (
              <Kept name={`${endpoint.name}-${version}.log`} lines={lines} follows={follows} />
            )}
          </>
        )}
      </div>
    </Section>
  );
}

/** What to know about a log besides its lines. */
function Notes({ log }: { log: VersionLog }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  return (
    <>
      {log.instance.length > 0 && <Text className={layout.quiet}>{t("endpoints:logs.instance", { states: log.instance.join(", ") })}</Text>}
      {log.ofAllVersions && (
        <MessageBar intent="info" data-testid="log-of-all">
          <MessageBarBody>{t("endpoints:logs.ofAllVersions")}</MessageBarBody>
        </MessageBar>
      )}
      {log.cut && (
        <MessageBar intent="info" data-testid="log-cut">
          <MessageBarBody>{t("endpoints:logs.cut")}</MessageBarBody>
        </MessageBar>
      )}
    </>
  );
}

/** The lines, which can be copied or saved; the last one stays visible while following. */
function Kept({ name, lines, follows }: { name: string; lines: readonly string[]; follows: boolean }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const save = useMutation({ mutationFn: () => call("save_log", { name, lines: [...lines] }) });
  return (
    <>
      <LogLines lines={lines} label={t("endpoints:logs.lines")} follows={follows} testId="log-lines" />
      <div className={layout.buttons}>
        <CopyButton text={lines.join("\n")} label={t("endpoints:logs.copy")} />
        <Button appearance="subtle" size="small" icon={<SaveRegular />} onClick={() => save.mutate()} disabledFocusable={save.isPending} data-testid="save-log">
          {t("endpoints:logs.save")}
        </Button>
        {save.data !== undefined && save.data !== null && (
          <Text size={200} role="status" data-testid="log-saved">
            {t("endpoints:logs.saved", { path: save.data })}
          </Text>
        )}
      </div>
      {save.error !== null && <FailureNotice failure={toFailure(save.error)} testId="save-log-failure" />}
    </>
  );
}
