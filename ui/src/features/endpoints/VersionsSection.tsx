import { MessageBar, MessageBarBody, MessageBarTitle, Text } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Endpoint } from "../../ipc/generated/Endpoint";
import { AzureLines } from "../../shared/AzureLines";
import { trafficOf } from "../../shared/endpoint/traffic";
import { TrafficBar } from "../../shared/endpoint/TrafficBar";
import { useLayout } from "../../shared/layout";
import { Panel } from "../../shared/Panel";
import { Section } from "../../shared/Section";
import { problemsOf } from "./problems";
import { VersionTable } from "./VersionTable";
import { useProblemWords } from "./words";

/** The versions of an endpoint and how the calls are divided among them. */
export function VersionsSection({ endpoint }: { endpoint: Endpoint }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const words = useProblemWords();
  const { versions, versionsUnread, unassigned } = endpoint;
  const hint = unassigned === null ? t(`endpoints:versions.hint.${endpoint.route}`) : t("endpoints:versions.hint.unassigned", { version: unassigned });
  return (
    <Section level={2} title={t("endpoints:versions.title")} hint={hint}>
      <div className={layout.column}>
        {versionsUnread !== null && (
          <MessageBar intent="warning" layout="multiline" data-testid="versions-unread">
            <MessageBarBody>
              <MessageBarTitle>{t("endpoints:versions.unread")}</MessageBarTitle> {t("endpoints:versions.unreadText")}
              <AzureLines lines={[versionsUnread]} />
            </MessageBarBody>
          </MessageBar>
        )}
        {problemsOf(endpoint)
          .filter(({ kind }) => kind === "no_traffic" || kind === "sum")
          .map((problem) => (
            <MessageBar key={problem.kind} intent="warning" layout="multiline" data-testid={`warning-${problem.kind}`}>
              <MessageBarBody>
                <MessageBarTitle>{words(problem)}</MessageBarTitle> {t(`endpoints:versions.warning.${problem.kind}`)}
              </MessageBarBody>
            </MessageBar>
          ))}
        {versionsUnread === null && versions.length === 0 && <Text className={layout.quiet}>{t("endpoints:versions.none")}</Text>}
        {trafficOf(endpoint) !== "no_versions" && (
          <Panel testId="traffic-panel">
            <TrafficBar endpoint={endpoint} />
          </Panel>
        )}
        {versions.length > 0 && <VersionTable endpoint={endpoint} />}
      </div>
    </Section>
  );
}
