import { Button, Text, makeStyles, tokens } from "@fluentui/react-components";
import { RocketRegular } from "@fluentui/react-icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigation } from "../../app/navigation";
import { StepAction } from "../../app/wizard/StepAction";
import { useWizard } from "../../app/wizard/WizardContext";
import { call, toFailure } from "../../ipc/call";
import type { Finding } from "../../ipc/generated/Finding";
import { FailureNotice } from "../../shared/FailureNotice";
import { useFindingWords } from "../../shared/FindingList";
import { setUp } from "../../shared/goal";

const useStyles = makeStyles({
  root: { display: "flex", alignItems: "center", justifyContent: "flex-end", gap: tokens.spacingHorizontalM },
  why: { color: tokens.colorStatusDangerForeground1, minWidth: 0, overflowWrap: "anywhere" },
});

/** Does it. Pressed too early it says what stands in the way and goes there. */
export function StartButton({ blocking, ready }: { blocking: readonly Finding[]; ready: boolean }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const words = useFindingWords();
  const queries = useQueryClient();
  const { open } = useNavigation();
  const { account, spec, goTo, preflight, dropDraft } = useWizard();
  const [pressedEarly, setPressedEarly] = useState(false);
  const start = useMutation({
    mutationFn: () => call("start_run", { account, goal: setUp(spec) }),
    onSuccess: async (run) => {
      // The run is under way whatever becomes of the draft, so a draft that stays must not look like a run that failed.
      await dropDraft().catch(() => undefined);
      queries.removeQueries({ queryKey: ["draft"] });
      void queries.invalidateQueries({ queryKey: ["runs"] });
      open({ name: "run", run: run.id });
    },
    // What was found in between is on the screen after another look.
    onError: () => preflight.again(),
  });
  const press = (): void => {
    const first = blocking[0];
    if (first !== undefined) {
      goTo(first.step, first.field);
    } else if (ready) {
      start.mutate();
    } else {
      setPressedEarly(true);
    }
  };
  const first = blocking[0];
  const why = first !== undefined ? words(first).message : pressedEarly && !ready ? t("review:start.stillChecking") : "";
  return (
    <>
      {start.error !== null && <FailureNotice failure={toFailure(start.error)} testId="start-failure" />}
      <StepAction>
        <div className={styles.root}>
          <Text size={200} className={styles.why} aria-live="polite">
            {why}
          </Text>
          <Button
            appearance="primary"
            icon={<RocketRegular />}
            onClick={press}
            disabledFocusable={start.isPending}
            data-testid="start-run"
            data-ready={ready && blocking.length === 0}
          >
            {t(`review:start.${spec.cluster.kind}`)}
          </Button>
        </div>
      </StepAction>
    </>
  );
}
