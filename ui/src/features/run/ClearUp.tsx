import { Button } from "@fluentui/react-components";
import { BroomRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { RunSnapshot } from "../../ipc/generated/RunSnapshot";
import { useDangerStyles } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";

/** Cleans up an unfinished setup: a change with its own review. */
export function ClearUp({ run: { summary, plan, made } }: { run: RunSnapshot }): ReactNode {
  const { t } = useTranslation();
  const { open } = useNavigation();
  const danger = useDangerStyles();
  const ended = summary.state === "failed" || summary.state === "cancelled";
  if (plan.goal.kind !== "set_up" || !ended || made.length === 0) {
    return null;
  }
  const resources = made.map(({ resourceId }) => resourceId);
  return (
    <div>
      <Button
        className={danger.button}
        icon={<BroomRegular />}
        onClick={() => open({ name: "change", target: { kind: "clear_up", run: summary.id, resources } })}
        data-testid="clear-up"
      >
        {t("run:clearUp")}
      </Button>
    </div>
  );
}
