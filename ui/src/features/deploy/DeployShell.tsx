import { type ComponentType, type LazyExoticComponent, type ReactNode, lazy } from "react";
import { useTranslation } from "react-i18next";
import { PageHeader } from "../../shared/PageHeader";
import { useNavigation } from "../../shared/navigation";
import { Summary } from "../../shared/wizard/Summary";
import { WizardFrame } from "../../shared/wizard/WizardFrame";
import { useDeploy } from "./wizard/DeployContext";
import type { DeployStep } from "./wizard/steps";
import { useSummaryLines } from "./wizard/summaryLines";

/** What each step shows. It reads and changes the draft through `useDeploy`. */
const VIEWS: Record<DeployStep, LazyExoticComponent<ComponentType>> = {
  where: lazy(() => import("./where/WhereStep")),
  model: lazy(() => import("./model/ModelStep")),
  code: lazy(() => import("./code/CodeStep")),
  size: lazy(() => import("./size/SizeStep")),
  review: lazy(() => import("./review/ReviewStep")),
};

/** The Deploy wizard in its frame. */
export function DeployShell(): ReactNode {
  const { t } = useTranslation();
  const { open } = useNavigation();
  const { spec, step } = useDeploy();
  const View = VIEWS[step];
  const lines = useSummaryLines(spec);
  return (
    <WizardFrame
      header={
        <PageHeader
          title={t("deploy:title")}
          trail={[{ text: t("endpoints:title"), onOpen: () => open({ name: "endpoints" }) }]}
          subscriptionId={spec.workspace.subscriptionId}
        />
      }
      title={t(`deploy:${step}.title`)}
      lead={t(`deploy:${step}.lead`)}
      summary={<Summary name={spec.endpoint.name} lines={lines} />}
    >
      <View />
    </WizardFrame>
  );
}
