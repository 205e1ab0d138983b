import { Button, Skeleton, SkeletonItem, Text } from "@fluentui/react-components";
import { ArrowClockwiseRegular, ServerRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { EndpointCertificates } from "../../ipc/generated/EndpointCertificates";
import { DnsRecordCard } from "../../shared/dns/DnsRecordCard";
import { addressRecord } from "../../shared/dns/record";
import { FailureNotice } from "../../shared/FailureNotice";
import { endpointName, inForce, useInventory } from "../../shared/inventory";
import { useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { PageHeader } from "../../shared/PageHeader";
import { nameOf, sameResource, subscriptionIn } from "../../shared/resources";
import { Section } from "../../shared/Section";
import { CertificateChecks } from "../../shared/tls/CertificateChecks";
import { Ends } from "./Ends";
import { PlaceList } from "./PlaceList";
import { RenewalPanel } from "./RenewalPanel";
import { stateOf } from "./rows";
import { AgreementLabel, StateLabel } from "./StateWords";

/** The current endpoint page. */
export default function EndpointPage(): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const { page, open } = useNavigation();
  const computeId = page.name === "endpoint_certificates" ? page.computeId : "";
  const subscriptionId = subscriptionIn(computeId);
  const { inventory, waiting, reading, failure, again } = useInventory(subscriptionId);
  const endpoint = inventory?.endpoints.find((one) => sameResource(computeId, one.computeId));
  return (
    <div className={layout.page} data-testid="endpoint-page" aria-busy={reading}>
      <PageHeader
        title={endpoint === undefined ? nameOf(computeId) : endpointName(endpoint)}
        trail={[{ text: t("certificates:title"), onOpen: () => open({ name: "certificates" }) }]}
        subscriptionId={subscriptionId}
      />
      {failure !== null && <FailureNotice failure={failure} onRetry={again} />}
      {waiting && (
        <Skeleton className={layout.column} aria-label={t("common:loading")}>
          <SkeletonItem size={32} />
          <SkeletonItem size={128} />
          <SkeletonItem size={128} />
        </Skeleton>
      )}
      {inventory !== null && endpoint === undefined && <Text>{t("certificates:endpointGone")}</Text>}
      {endpoint !== undefined && <Endpoint key={computeId} endpoint={endpoint} reading={reading} onAgain={again} />}
    </div>
  );
}

function Endpoint({ endpoint, reading, onAgain }: { endpoint: EndpointCertificates; reading: boolean; onAgain: () => void }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const { open } = useNavigation();
  const found = inForce(endpoint);
  const { name, address, clusterId, computeId } = endpoint;
  return (
    <>
      <div className={layout.bar}>
        <StateLabel state={stateOf(endpoint)} alone />
        {endpoint.tls !== "off" && <AgreementLabel agreement={endpoint.agreement} alone />}
        {found !== null && <Ends certificate={found} />}
        <Button appearance="subtle" icon={<ServerRegular />} onClick={() => open({ name: "cluster", clusterId })} data-testid="open-cluster">
          {t("certificates:ofCluster", { compute: nameOf(computeId), cluster: nameOf(clusterId) })}
        </Button>
        <Button appearance="subtle" icon={<ArrowClockwiseRegular />} onClick={onAgain} disabledFocusable={reading} data-testid="refresh">
          {t("certificates:refresh")}
        </Button>
      </div>
      <div className={layout.sections}>
        <RenewalPanel endpoint={endpoint} />
        {endpoint.tls !== "off" && <PlaceList endpoint={endpoint} />}
        {found !== null && <CertificateChecks facts={found} level={2} seen />}
        {name !== null && address !== null && (
          <Section level={2} title={t("certificates:dns.title")} hint={t("certificates:dns.hint")}>
            <DnsRecordCard record={addressRecord(name, address)} />
          </Section>
        )}
      </div>
    </>
  );
}
