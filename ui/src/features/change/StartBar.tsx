import { Button, Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { FailureNotice } from "../../shared/FailureNotice";
import { useFindingWords } from "../../shared/FindingList";
import { focusField } from "../../shared/focus";
import { useDangerStyles } from "../../shared/layout";
import { type Target, useNavigation } from "../../shared/navigation";
import { consentField } from "../../shared/plan/consent";
import type { ReviewView } from "../../shared/plan/useReview";
import type { StartView } from "../../shared/plan/useStart";

const useStyles = makeStyles({
  bar: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    justifyContent: "flex-end",
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXXL}`,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  failure: { flexBasis: "100%" },
  why: { flex: 1, textAlign: "end", color: tokens.colorStatusDangerForeground1, minWidth: 0, overflowWrap: "anywhere" },
});

/** Destructive changes. */
const FINAL: readonly Target["kind"][] = ["delete_cluster", "delete_with_cluster", "clear_up", "delete_version", "delete_endpoint"];

interface Props {
  target: Target;
  review: ReviewView;
  start: StartView;
  /** What the button does. */
  text: string;
  /** The missing choice and its field. */
  open: { words: string; field: string } | null;
  /** Whether an interruption is not yet confirmed. */
  unknowing: boolean;
  /** Whether a name is still to be typed. */
  untyped: boolean;
  /** The typed name, if one is required. */
  typed: string | undefined;
}

/** Starts. If something is missing, reports it and focuses it. */
export function StartBar({ target, review, start, text, open, unknowing, untyped, typed }: Props): ReactNode {
  const styles = useStyles();
  const danger = useDangerStyles();
  const { t } = useTranslation();
  const navigation = useNavigation();
  const words = useFindingWords();
  const [pressed, setPressed] = useState(false);
  const blocking = review.open[0];
  const obstacle = ((): { why: string; field: string } | null => {
    if (open !== null) {
      return { why: open.words, field: open.field };
    }
    if (blocking !== undefined) {
      return { why: words(blocking).message, field: blocking.waivable ? consentField(blocking) : (blocking.field ?? "") };
    }
    if (review.checking || review.present === null || review.present.review.plan === null) {
      return { why: review.checking || review.failure === null ? t("review:start.stillChecking") : t("review:start.notChecked"), field: "" };
    }
    if (unknowing) {
      return { why: t("change:interrupts.first"), field: "interrupts" };
    }
    return untyped ? { why: t("change:confirm.first"), field: "confirm" } : null;
  })();
  const press = (): void => {
    setPressed(true);
    if (obstacle === null) {
      start.start(typed);
    } else if (obstacle.field !== "") {
      focusField(obstacle.field);
    }
  };
  const leave = (): void => {
    if (target.kind === "clear_up") {
      navigation.open({ name: "run", run: target.run });
    } else if ("endpointId" in target) {
      navigation.open({ name: "endpoint", endpointId: target.endpointId });
    } else {
      navigation.open(target.clusterId === "" ? { name: "clusters" } : { name: "cluster", clusterId: target.clusterId });
    }
  };
  return (
    <div className={styles.bar}>
      {start.failure !== null && (
        <div className={styles.failure}>
          <FailureNotice failure={start.failure} testId="start-failure" />
        </div>
      )}
      <Text size={200} className={styles.why} aria-live="polite">
        {pressed ? obstacle?.why : ""}
      </Text>
      <Button onClick={leave} data-testid="cancel-change">
        {t("common:cancel")}
      </Button>
      <Button
        appearance="primary"
        className={mergeClasses(FINAL.includes(target.kind) && danger.primary)}
        onClick={press}
        disabledFocusable={start.starting}
        data-testid="start-change"
        data-ready={obstacle === null}
      >
        {text}
      </Button>
    </div>
  );
}
