import { Badge, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import { useAzureState } from "../../shared/azureState";
import { useLocationNames } from "../../shared/catalogues";
import { type Fact, FactList } from "../../shared/FactList";
import { useFormat } from "../../shared/format";
import { Panel } from "../../shared/Panel";
import { nodesOf, vcpusOf } from "../../shared/resources";
import { Section } from "../../shared/Section";
import { useAccount } from "../../shared/session";

/** Product names of the network plugins; Azure's word for the others. */
const PLUGINS: Readonly<Record<string, string>> = { azure: "Azure CNI", kubenet: "kubenet" };

/** What the cluster is. */
export function OverviewSection({ details: { cluster, vcpus, extensions } }: { details: ClusterDetails }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const azureState = useAzureState();
  const { account } = useAccount();
  const locationName = useLocationNames(account, cluster.subscriptionId);
  const nodes = nodesOf(cluster.pools);
  const total = vcpusOf(cluster.pools, vcpus);
  const longTerm = cluster.supportPlan === "AKSLongTermSupport";
  const tags = Object.entries(cluster.tags);
  const ranges = cluster.authorizedRanges.join(", ");
  const reach = cluster.privateCluster ? t("clusters:api.private") : ranges === "" ? t("clusters:api.public") : t("clusters:api.ranges", { ranges });
  const plugin = cluster.networkPlugin.toLowerCase();
  const size = t("clusters:nodes", { count: nodes, nodes: format.number(nodes) });
  const facts: (Fact | false)[] = [
    { term: t("clusters:fact.version"), value: longTerm ? t("clusters:longTerm", { version: cluster.kubernetesVersion }) : cluster.kubernetesVersion },
    { term: t("clusters:fact.size"), value: total === null ? size : `${size}, ${t("clusters:vcpu", { vcpus: format.number(total) })}` },
    { term: t("clusters:fact.location"), value: locationName(cluster.location) },
    { term: t("clusters:fact.group"), value: cluster.resourceGroup },
    { term: t("clusters:fact.nodeGroup"), value: cluster.nodeResourceGroup },
    { term: t("clusters:fact.tier"), value: cluster.tier },
    { term: t("clusters:fact.api"), value: reach },
    { term: t("clusters:fact.localAccounts"), value: cluster.localAccountsDisabled ? t("clusters:off") : t("clusters:on") },
    { term: t("clusters:fact.network"), value: plugin === "none" ? t("clusters:noPlugin") : (PLUGINS[plugin] ?? cluster.networkPlugin) },
    ...extensions.map((extension) => ({ term: t("clusters:fact.extension"), value: [extension.name, extension.version, azureState(extension.provisioningState)].filter((part) => part !== null).join(" · ") })),
    tags.length > 0 && { term: t("clusters:fact.tags"), value: <TagList tags={tags} />, wide: true },
  ];
  return (
    <Section level={2} title={t("clusters:section.overview")}>
      <Panel testId="overview">
        <FactList facts={facts.filter((fact) => fact !== false)} />
      </Panel>
    </Section>
  );
}

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalXS },
  // A tag name can have 512 characters.
  tag: { height: "auto", minHeight: "20px", overflowWrap: "anywhere", fontWeight: tokens.fontWeightRegular },
});

/** Tags of a resource. */
function TagList({ tags }: { tags: readonly (readonly [string, string])[] }): ReactNode {
  const styles = useStyles();
  return (
    <ul className={styles.list}>
      {tags.map(([name, value]) => (
        <li key={name}>
          <Badge appearance="outline" color="informative" className={styles.tag}>
            {value === "" ? name : `${name}: ${value}`}
          </Badge>
        </li>
      ))}
    </ul>
  );
}
