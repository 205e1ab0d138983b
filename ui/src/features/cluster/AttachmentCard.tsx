import { Badge, Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import type { ComputeDetails } from "../../ipc/generated/ComputeDetails";
import { useAzureState } from "../../shared/azureState";
import { type Fact, FactList } from "../../shared/FactList";
import { useLayout } from "../../shared/layout";
import { Panel } from "../../shared/Panel";
import { isMoved, routeOf } from "../../shared/resources";
import { AttachmentMenu } from "./AttachmentMenu";

const useStyles = makeStyles({
  head: { display: "flex", alignItems: "center", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  gap: { flex: 1 },
});

interface Props {
  compute: ComputeDetails;
  details: ClusterDetails;
}

/** A compute: workspace, endpoint and actions. */
export function AttachmentCard({ compute: attached, details }: Props): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const azureState = useAzureState();
  const { compute, loadBalancer, tls, name } = attached;
  const route = routeOf(compute);
  const settled = compute.provisioningState === "Succeeded";
  const subnet = loadBalancer.kind === "internal" ? loadBalancer.subnet : null;
  const secured = t(`clusters:tls.${tls}`, { defaultValue: tls });
  const facts: (Fact | false)[] = [
    { term: t("clusters:fact.workspace"), value: compute.workspace },
    compute.namespace !== null && { term: t("clusters:fact.namespace"), value: compute.namespace },
    compute.purpose !== null && { term: t("clusters:fact.purpose"), value: t(`clusters:purpose.${compute.purpose}`, { defaultValue: compute.purpose }) },
    {
      term: t("clusters:fact.address"),
      value: subnet === null ? t(`common:loadBalancer.${loadBalancer.kind}`) : t("clusters:internalIn", { subnet }),
    },
    { term: t("clusters:fact.tls"), value: name === null ? secured : `${secured} · ${name}` },
  ];
  return (
    <Panel className={layout.column} testId={`attachment-${compute.name}`}>
      <div className={styles.head}>
        <Text as="h3" weight="semibold" size={400} style={{ margin: 0 }}>
          {compute.name}
        </Text>
        <Badge appearance="tint" color={route === "classic" ? "informative" : "brand"}>
          {t(`common:route.${route}`)}
        </Badge>
        {isMoved(compute) && details.computes.some((other) => routeOf(other.compute) === "classic") && (
          <Badge appearance="tint" color="success">
            {t("clusters:movedHere")}
          </Badge>
        )}
        {compute.isAttached === false && (
          <Badge appearance="tint" color="warning">
            {t("clusters:madeByAml")}
          </Badge>
        )}
        {!settled && (
          <Badge appearance="tint" color={compute.provisioningState === "Failed" ? "danger" : "informative"}>
            {azureState(compute.provisioningState)}
          </Badge>
        )}
        <span className={styles.gap} />
        <AttachmentMenu compute={compute} details={details} />
      </div>
      <FactList facts={facts.filter((fact) => fact !== false)} />
    </Panel>
  );
}
