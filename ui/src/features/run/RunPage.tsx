import { Skeleton, SkeletonItem, makeStyles, tokens } from "@fluentui/react-components";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { RunSnapshot } from "../../ipc/generated/RunSnapshot";
import { AccessPanel } from "../../shared/access/AccessPanel";
import { useAnnounce } from "../../shared/announce";
import { FailureNotice } from "../../shared/FailureNotice";
import { subscriptionOf } from "../../shared/goal";
import { useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { PageHeader } from "../../shared/PageHeader";
import { usePlanWords, useRunTitle } from "../../shared/planWords";
import { useSignedIn } from "../../shared/session";
import { useRun } from "../../shared/useRun";
import { failedAttachment } from "./about";
import { ClearUp } from "./ClearUp";
import { MadeList } from "./MadeList";
import { presentStep } from "./progress";
import { ProofChecks } from "./ProofChecks";
import { ReadyEndpoint } from "./ReadyEndpoint";
import { ResumeAsks } from "./ResumeAsks";
import { RunActions } from "./RunActions";
import { RunHead } from "./RunHead";
import { StepTimeline } from "./StepTimeline";

const useStyles = makeStyles({
  page: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXL,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXXL} ${tokens.spacingVerticalXXL}`,
  },
  body: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXL, maxWidth: "880px", width: "100%" },
});

/** The current run. */
export default function RunPage(): ReactNode {
  const { page } = useNavigation();
  return page.name === "run" ? <Run key={page.run} run={page.run} /> : null;
}

/** The run page, from the first step to the verification. It can be closed at any time. */
function Run({ run }: { run: string }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const { open } = useNavigation();
  const title = useRunTitle();
  const { snapshot, failure, again } = useRun(run);
  useSpokenProgress(snapshot);
  return (
    <div className={styles.page} data-testid="run-page">
      <PageHeader
        title={snapshot === null ? t("run:title") : title(snapshot.plan)}
        trail={[{ text: t("activity:title"), onOpen: () => open({ name: "activity" }) }]}
        subscriptionId={snapshot === null ? undefined : subscriptionOf(snapshot.plan.goal)}
        action={snapshot === null ? undefined : <RunActions run={snapshot} />}
      />
      <div className={styles.body}>
        {failure !== null && <FailureNotice failure={failure} onRetry={again} />}
        {snapshot === null && failure === null && (
          <Skeleton className={layout.column}>
            <SkeletonItem size={32} />
            <SkeletonItem size={128} />
            <SkeletonItem size={128} />
          </Skeleton>
        )}
        {snapshot !== null && <RunBody run={snapshot} />}
      </div>
    </div>
  );
}

function RunBody({ run }: { run: RunSnapshot }): ReactNode {
  const { proof, summary, made } = run;
  const { account } = useSignedIn();
  const ready = summary.state === "succeeded" && proof !== null && proof.url !== null;
  const attachment = failedAttachment(run);
  return (
    <>
      <RunHead run={run} />
      {summary.state !== "running" && <ResumeAsks run={summary.id} />}
      {ready && <ReadyEndpoint run={run} proof={proof} />}
      {proof !== null && <ProofChecks proof={proof} run={summary.id} busy={summary.state === "running"} />}
      <StepTimeline run={run} />
      {attachment !== null && summary.account === account.id && <AccessPanel account={account.id} attachment={attachment} level={2} />}
      {summary.state !== "succeeded" && summary.state !== "taken_back" && <MadeList made={made} state={summary.state} makes={run.plan.goal.kind === "set_up"} />}
      <ClearUp run={run} />
    </>
  );
}

/** Says each new step and the end of the run to a screen reader. */
function useSpokenProgress(run: RunSnapshot | null): void {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const words = usePlanWords();
  const present = run === null ? null : presentStep(run);
  const state = run?.summary.state;
  const title = present === null ? "" : words.title(present.step);
  const text = state === undefined ? "" : state === "running" ? title : t(`common:runState.${state}`);
  const said = useRef("");
  useEffect(() => {
    if (text !== "" && text !== said.current) {
      said.current = text;
      announce(text);
    }
  }, [text, announce]);
}
