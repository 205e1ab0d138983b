import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { AccessPanel } from "../../../shared/access/AccessPanel";
import { attachmentOf } from "../../../shared/access/useAccess";
import { useNavigation } from "../../../shared/navigation";
import { ReviewPanel } from "../../../shared/plan/ReviewPanel";
import { useStart } from "../../../shared/plan/useStart";
import { useWizard } from "../wizard/WizardContext";
import { StartButton } from "./StartButton";

/** The whole before anything is sent: what was found, what will be done, and the button that does it. */
export default function ReviewStep(): ReactNode {
  const queries = useQueryClient();
  const navigation = useNavigation();
  const { account, spec, findings, review, goTo, dropDraft } = useWizard();
  const attachment = attachmentOf(spec);
  const start = useStart(review, async (run) => {
    // The run is under way whatever becomes of the draft, so a draft that stays must not look like a run that failed.
    await dropDraft().catch(() => undefined);
    queries.removeQueries({ queryKey: ["draft"] });
    navigation.open({ name: "run", run });
  });
  return (
    <>
      <ReviewPanel review={review} start={start} findings={findings} level={3} onGo={(finding) => goTo(finding.step, finding.field)}>
        {attachment !== null && <AccessPanel account={account} attachment={attachment} onGranted={review.again} />}
      </ReviewPanel>
      <StartButton start={start} />
    </>
  );
}
