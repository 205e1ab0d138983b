import { Button, Text, makeStyles, tokens } from "@fluentui/react-components";
import { RocketRegular } from "@fluentui/react-icons";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { FailureNotice } from "../FailureNotice";
import { useFindingWords } from "../FindingList";
import { focusField } from "../focus";
import { consentField } from "../plan/consent";
import type { StartView } from "../plan/useStart";
import { StepAction } from "./StepAction";
import { useWizardView } from "./view";

const useStyles = makeStyles({
  root: { display: "flex", alignItems: "center", justifyContent: "flex-end", gap: tokens.spacingHorizontalM },
  why: { color: tokens.colorStatusDangerForeground1, minWidth: 0, overflowWrap: "anywhere" },
  button: { flexShrink: 0 },
});

/** Starts. If something is missing, reports it and focuses it. */
export function StartButton({ start, label }: { start: StartView; label: string }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const words = useFindingWords();
  const { open, review, stepOf, goTo } = useWizardView();
  const [pressed, setPressed] = useState(false);
  const planned = !review.checking && review.present !== null && review.present.review.plan !== null;
  const first = open[0];
  const ready = planned && first === undefined;
  const press = (): void => {
    setPressed(true);
    if (first?.waivable === true) {
      focusField(consentField(first));
    } else if (first !== undefined) {
      goTo(stepOf(first), first.field);
    } else if (ready) {
      start.start();
    }
  };
  const early = review.checking || review.failure === null ? "review:start.stillChecking" : "review:start.notChecked";
  const why = first !== undefined ? words(first).message : pressed && !ready ? t(early) : "";
  return (
    <>
      {start.failure !== null && <FailureNotice failure={start.failure} testId="start-failure" />}
      <StepAction>
        <div className={styles.root}>
          <Text size={200} className={styles.why} aria-live="polite">
            {why}
          </Text>
          <Button
            appearance="primary"
            className={styles.button}
            icon={<RocketRegular />}
            onClick={press}
            disabledFocusable={start.starting}
            data-testid="start-run"
            data-ready={ready}
          >
            {label}
          </Button>
        </div>
      </StepAction>
    </>
  );
}
