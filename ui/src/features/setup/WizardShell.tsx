import { type ComponentType, type LazyExoticComponent, type ReactNode, lazy } from "react";
import { useTranslation } from "react-i18next";
import type { WizardStep } from "../../ipc/generated/WizardStep";
import { PageHeader } from "../../shared/PageHeader";
import { Summary } from "../../shared/wizard/Summary";
import { WizardFrame } from "../../shared/wizard/WizardFrame";
import { useSummaryLines } from "./wizard/summaryLines";
import { useWizard } from "./wizard/WizardContext";

/** What each step shows. It reads and changes the draft through `useWizard`. */
const VIEWS: Record<WizardStep, LazyExoticComponent<ComponentType>> = {
  purpose: lazy(() => import("./purpose/PurposeStep")),
  place: lazy(() => import("./place/PlaceStep")),
  version: lazy(() => import("./version/VersionStep")),
  size: lazy(() => import("./size/SizeStep")),
  network: lazy(() => import("./network/NetworkStep")),
  tls: lazy(() => import("./tls/TlsStep")),
  review: lazy(() => import("./review/ReviewStep")),
};

/** The wizard in its frame. */
export function WizardShell(): ReactNode {
  const { t } = useTranslation();
  const { account, spec, step } = useWizard();
  const View = VIEWS[step];
  const lines = useSummaryLines(account, spec);
  return (
    <WizardFrame
      header={<PageHeader title={t("common:setup.title")} subscriptionId={spec.place.subscriptionId} />}
      title={t(`${step}:title`)}
      lead={t(`${step}:lead`)}
      summary={<Summary name={spec.place.clusterName} lines={lines} />}
    >
      <View />
    </WizardFrame>
  );
}
