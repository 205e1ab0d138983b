import { Skeleton, SkeletonItem, makeStyles, tokens } from "@fluentui/react-components";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useAnnounce } from "../../app/announce";
import { useNavigation } from "../../app/navigation";
import { FailureNotice } from "../../shared/FailureNotice";
import { usePlanWords } from "../../shared/planWords";
import { MadeList } from "./MadeList";
import { ProofLadder } from "./ProofLadder";
import { ReadyEndpoint } from "./ReadyEndpoint";
import { RunHead } from "./RunHead";
import { StepTimeline } from "./StepTimeline";
import { presentStep } from "./progress";
import { useRun } from "./useRun";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXL, maxWidth: "880px", width: "100%", margin: "0 auto" },
  skeleton: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
});

/** A run from its first step to its proof. Closing it is safe at any time. */
export default function RunPage({ run }: { run: string }): ReactNode {
  const styles = useStyles();
  const { open } = useNavigation();
  const { snapshot, failure, again } = useRun(run);
  useSpokenProgress(snapshot);
  if (snapshot === null) {
    return failure === null ? (
      <Skeleton className={styles.skeleton}>
        <SkeletonItem size={32} />
        <SkeletonItem size={128} />
        <SkeletonItem size={128} />
      </Skeleton>
    ) : (
      <FailureNotice failure={failure} onRetry={again} />
    );
  }
  const { proof, summary } = snapshot;
  return (
    <div className={styles.root} data-testid="run-page">
      <RunHead run={snapshot} />
      {summary.state === "succeeded" && proof !== null && <ReadyEndpoint proof={proof} onAnother={() => open({ name: "setup" })} />}
      {proof !== null && <ProofLadder proof={proof} run={summary.id} busy={summary.state === "running"} />}
      <StepTimeline run={snapshot} />
      {summary.state !== "succeeded" && <MadeList made={snapshot.made} state={summary.state} />}
    </div>
  );
}

/** Says each new step and the end of the run to a screen reader. */
function useSpokenProgress(run: ReturnType<typeof useRun>["snapshot"]): void {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const words = usePlanWords();
  const present = run === null ? null : presentStep(run);
  const state = run?.summary.state;
  const title = present === null ? "" : words.title(present.step);
  const text = state === undefined ? "" : state === "running" ? title : t(`run:state.${state}`);
  const said = useRef("");
  useEffect(() => {
    if (text !== "" && text !== said.current) {
      said.current = text;
      announce(text);
    }
  }, [text, announce]);
}
