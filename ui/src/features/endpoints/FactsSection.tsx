import { Text, Tooltip } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ComputeFacts } from "../../ipc/generated/ComputeFacts";
import type { Endpoint } from "../../ipc/generated/Endpoint";
import { useLocationNames } from "../../shared/catalogues";
import { type Fact, FactList } from "../../shared/FactList";
import { useFormat } from "../../shared/format";
import { useLayout } from "../../shared/layout";
import { Panel } from "../../shared/Panel";
import { subscriptionIn } from "../../shared/resources";
import { Section } from "../../shared/Section";
import { useAccount } from "../../shared/session";
import { rowOf } from "./rows";

interface Props {
  endpoint: Endpoint;
  /** Its compute; `null` while it is not known. */
  compute: ComputeFacts | null;
  /** The workspace's location; `null` while it is not known. */
  location: string | null;
}

/** What the endpoint is, where it runs, and how callers reach it. */
export function FactsSection({ endpoint, compute: facts, location }: Props): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const { account } = useAccount();
  const locationName = useLocationNames(account, subscriptionIn(endpoint.workspaceId));
  const { workspace, compute, cluster } = rowOf(endpoint);
  const { url, auth, route, createdAt, changedAt } = endpoint;
  const unknown = (why: string): ReactNode => <Explained value={t("endpoints:unknown")} text={t(`endpoints:why.${why}`)} />;
  const namespace = facts?.namespace ?? null;
  const shown: Fact[] = [
    {
      term: t("endpoints:fact.address"),
      wide: true,
      value:
        url === null ? (
          <Explained value={t("endpoints:noAddress")} text={t("endpoints:why.address")} />
        ) : (
          <>
            <span className={layout.mono}>{url}</span>
            {/^http:/i.test(url) && (
              <Text size={200} block className={layout.faint}>
                {t("endpoints:plainText")}
              </Text>
            )}
          </>
        ),
    },
    { term: t("endpoints:fact.auth"), value: <Explained value={auth === "unknown" ? t("endpoints:unknown") : t(`endpoints:auth.${auth}`)} text={t(`endpoints:authMeans.${auth}`)} /> },
    { term: t("endpoints:fact.route"), value: <Explained value={t(`common:route.${route}`)} text={t(`endpoints:routeMeans.${route}`)} /> },
    { term: t("endpoints:fact.workspace"), value: location === null ? workspace : <Explained value={workspace} text={locationName(location)} /> },
    { term: t("endpoints:fact.compute"), value: compute === null ? unknown("compute") : namespace === null ? compute : <Explained value={compute} text={t("endpoints:inNamespace", { namespace })} /> },
    { term: t("endpoints:fact.cluster"), value: cluster ?? unknown("cluster") },
    { term: t("endpoints:fact.created"), value: createdAt === null ? unknown("time") : <Moment iso={createdAt} /> },
    { term: t("endpoints:fact.changed"), value: changedAt === null ? unknown("time") : <Moment iso={changedAt} /> },
  ];
  return (
    <Section level={2} title={t("endpoints:section.overview")}>
      <Panel testId="facts">
        <FactList facts={shown} />
      </Panel>
    </Section>
  );
}

function Explained({ value, text }: { value: string; text: string }): ReactNode {
  const layout = useLayout();
  return (
    <>
      {value}
      <Text size={200} block className={layout.faint}>
        {text}
      </Text>
    </>
  );
}

function Moment({ iso }: { iso: string }): ReactNode {
  const format = useFormat();
  return (
    <Tooltip content={format.moment(iso)} relationship="description">
      <Text>{format.relative(iso)}</Text>
    </Tooltip>
  );
}
