import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { AccessPanel } from "../../../shared/access/AccessPanel";
import { attachmentOf } from "../../../shared/access/useAccess";
import { useNavigation } from "../../../shared/navigation";
import { ReviewPanel } from "../../../shared/plan/ReviewPanel";
import { useStart } from "../../../shared/plan/useStart";
import { StartButton } from "../../../shared/wizard/StartButton";
import { useWizard } from "../wizard/WizardContext";

/** The review before anything is sent: findings, plan and start button. */
export default function ReviewStep(): ReactNode {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigation = useNavigation();
  const { account, spec, findings, review, goTo, dropDraft } = useWizard();
  const attachment = attachmentOf(spec);
  const start = useStart(review, async (run) => {
    // The run has started, so a failure to delete the draft must not look like a failed run.
    await dropDraft().catch(() => undefined);
    queries.removeQueries({ queryKey: ["draft"] });
    navigation.open({ name: "run", run });
  });
  return (
    <>
      <ReviewPanel review={review} start={start} findings={findings} level={3} onGo={(finding) => goTo(finding.step, finding.field)}>
        {attachment !== null && <AccessPanel account={account} attachment={attachment} onGranted={review.again} />}
      </ReviewPanel>
      <StartButton start={start} label={t(`review:start.${spec.cluster.kind}`)} />
    </>
  );
}
