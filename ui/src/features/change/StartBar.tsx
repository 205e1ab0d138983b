import { Button, Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Target, useNavigation } from "../../app/navigation";
import { useSignedIn } from "../../app/session";
import { call, toFailure } from "../../ipc/call";
import type { Goal } from "../../ipc/generated/Goal";
import { FailureNotice } from "../../shared/FailureNotice";
import { useFindingWords } from "../../shared/FindingList";
import { useDangerStyles } from "../../shared/dangerStyles";
import { focusField } from "../../shared/focus";
import type { CheckView } from "./useCheck";

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

/** Changes that cannot be taken back. */
const FINAL: readonly Target["kind"][] = ["delete_cluster", "delete_with_cluster", "clear_up"];

interface Props {
  target: Target;
  goal: Goal | null;
  check: CheckView;
  /** What the button does. */
  text: string;
  /** What is still to be decided, and where. */
  open: { words: string; field: string } | null;
  /** Whether it interrupts something and the person has not said to know. */
  unknowing: boolean;
  /** Whether a name is still to be typed. */
  untyped: boolean;
}

/** Does it. Pressed too early it says what stands in the way and goes there. */
export function StartBar({ target, goal, check, text, open, unknowing, untyped }: Props): ReactNode {
  const styles = useStyles();
  const danger = useDangerStyles();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigation = useNavigation();
  const words = useFindingWords();
  const { account } = useSignedIn();
  const [pressed, setPressed] = useState(false);
  const start = useMutation({
    mutationFn: (begun: Goal) => call("start_run", { account: account.id, goal: begun }),
    onSuccess: (run) => {
      void queries.invalidateQueries({ queryKey: ["runs"] });
      navigation.open({ name: "run", run: run.id });
    },
    // What was found in between is on the screen after another look.
    onError: () => check.again(),
  });
  const blocking = check.report?.findings.find((finding) => finding.severity === "blocking");
  const obstacle = ((): { why: string; field: string } | null => {
    if (open !== null) {
      return { why: open.words, field: open.field };
    }
    if (blocking !== undefined) {
      return { why: words(blocking).message, field: blocking.field ?? "" };
    }
    if (check.plan === null) {
      return { why: check.failure === null ? t("review:start.stillChecking") : t("change:notChecked"), field: "" };
    }
    if (unknowing) {
      return { why: t("change:interrupts.first"), field: "interrupts" };
    }
    return untyped ? { why: t("change:confirm.first"), field: "confirm" } : null;
  })();
  const press = (): void => {
    setPressed(true);
    if (obstacle === null && goal !== null) {
      start.mutate(goal);
    } else if (obstacle !== null && obstacle.field !== "") {
      focusField(obstacle.field);
    }
  };
  const leave = (): void => {
    if (target.kind === "clear_up") {
      navigation.open({ name: "run", run: target.run });
    } else {
      navigation.open(target.clusterId === "" ? { name: "clusters" } : { name: "cluster", clusterId: target.clusterId });
    }
  };
  return (
    <div className={styles.bar}>
      {start.error !== null && (
        <div className={styles.failure}>
          <FailureNotice failure={toFailure(start.error)} testId="start-failure" />
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
        disabledFocusable={start.isPending}
        data-testid="start-change"
        data-ready={obstacle === null}
      >
        {text}
      </Button>
    </div>
  );
}
