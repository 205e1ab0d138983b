import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigation } from "../../../shared/navigation";
import { ReviewPanel } from "../../../shared/plan/ReviewPanel";
import { useStart } from "../../../shared/plan/useStart";
import { StartButton } from "../../../shared/wizard/StartButton";
import { useDeploy } from "../wizard/DeployContext";
import { goalOf } from "../wizard/queries";
import { replacesService, targetOf } from "../wizard/target";

/** The review before anything is sent: findings, plan and start button. */
export default function ReviewStep(): ReactNode {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigation = useNavigation();
  const { spec, findings, review, goTo, stepOf, dropDraft } = useDeploy();
  const start = useStart(review, async (run) => {
    // The run has started, so a failure to delete the draft must not look like a failed run.
    await dropDraft().catch(() => undefined);
    queries.removeQueries({ queryKey: ["draft"] });
    navigation.open({ name: "run", run });
  });
  return (
    <>
      <ReviewPanel
        review={review}
        start={start}
        findings={findings}
        level={3}
        undecided={goalOf(spec) === null ? t("deploy:review.undecided") : null}
        onGo={(finding) => goTo(stepOf(finding), finding.field)}
      />
      <StartButton start={start} label={t(`deploy:start.${replacesService(spec) ? "replace" : targetOf(spec)}`)} />
    </>
  );
}
