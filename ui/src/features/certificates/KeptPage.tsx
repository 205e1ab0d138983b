import { Button, Skeleton, SkeletonItem, Text } from "@fluentui/react-components";
import { DeleteRegular, SaveRegular } from "@fluentui/react-icons";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { KeptCertificate } from "../../ipc/generated/KeptCertificate";
import { FactList } from "../../shared/FactList";
import { FailureNotice } from "../../shared/FailureNotice";
import { useFormat } from "../../shared/format";
import { useInventory, usePresentSubscription } from "../../shared/inventory";
import { useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { PageHeader } from "../../shared/PageHeader";
import { Panel } from "../../shared/Panel";
import { nameOf } from "../../shared/resources";
import { Section } from "../../shared/Section";
import { CertificateChecks } from "../../shared/tls/CertificateChecks";
import { RemoveDialog, SaveFilesDialog, keptName } from "./KeptDialogs";
import { useOriginWords } from "./KeptView";
import { spaced } from "./rows";
import { StateLabel } from "./StateWords";
import { UseIt } from "./UseIt";

/** The current certificate page. */
export default function KeptPage(): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const { page, open } = useNavigation();
  const [subscriptionId] = usePresentSubscription();
  const { inventory, waiting, failure, again } = useInventory(subscriptionId);
  const id = page.name === "kept_certificate" ? page.id : "";
  const pair = inventory?.kept.find((one) => one.id === id);
  return (
    <div className={layout.page} data-testid="kept-page">
      <PageHeader
        title={pair === undefined ? t("certificates:kept.title") : keptName(pair)}
        trail={[{ text: t("certificates:title"), onOpen: () => open({ name: "certificates", view: "kept" }) }]}
      />
      {failure !== null && <FailureNotice failure={failure} onRetry={again} />}
      {waiting && (
        <Skeleton className={layout.column} aria-label={t("common:loading")}>
          <SkeletonItem size={128} />
          <SkeletonItem size={128} />
        </Skeleton>
      )}
      {inventory !== null && pair === undefined && <Text>{t("certificates:kept.gone")}</Text>}
      {pair !== undefined && <Kept pair={pair} />}
    </div>
  );
}

function Kept({ pair }: { pair: KeptCertificate }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const format = useFormat();
  const words = useOriginWords();
  const { open } = useNavigation();
  const [asked, ask] = useState<"save" | "remove" | null>(null);
  const { certificate, usedBy } = pair;
  const facts = [
    { term: t("certificates:kept.origin"), value: words(pair.origin) },
    ...(pair.keptAt === null ? [] : [{ term: t("certificates:kept.since"), value: format.moment(pair.keptAt) }]),
    {
      term: t("certificates:kept.usedBy"),
      value: [...usedBy.map(nameOf), ...(pair.inDraft ? [t("certificates:kept.inDraft")] : [])].join(", ") || t("certificates:kept.unused"),
    },
    ...(certificate === null
      ? []
      : [{ term: t("certificates:fact.fingerprint"), value: <span className={layout.mono}>{spaced(certificate.sha256)}</span>, wide: true }]),
  ];
  return (
    <>
      <div className={layout.bar}>
        <StateLabel state={pair.due} />
        {pair.why === null && (
          <Button appearance="subtle" icon={<SaveRegular />} onClick={() => ask("save")} data-testid="do-save-files">
            {t("certificates:save.open")}
          </Button>
        )}
        <Button appearance="subtle" icon={<DeleteRegular />} onClick={() => ask("remove")} data-testid="do-remove">
          {t("certificates:remove.open")}
        </Button>
      </div>
      <div className={layout.sections}>
        {pair.why !== null && <Text>{pair.why}</Text>}
        <Section level={2} title={t("certificates:kept.about")}>
          <Panel>
            <FactList facts={facts} />
          </Panel>
        </Section>
        {certificate !== null && <UseIt id={pair.id} names={certificate.names} />}
        {certificate !== null && <CertificateChecks facts={certificate} level={2} />}
      </div>
      <SaveFilesDialog pair={pair} open={asked === "save"} onClose={() => ask(null)} />
      <RemoveDialog pair={pair} open={asked === "remove"} onClose={() => ask(null)} onRemoved={() => open({ name: "certificates", view: "kept" })} />
    </>
  );
}
