import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { OpenRegular } from "@fluentui/react-icons";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { FailureNotice } from "../FailureNotice";
import { useNavigation } from "../navigation";
import { RunStateLabel } from "../RunStateLabel";
import { useRun } from "../useRun";

const useStyles = makeStyles({
  root: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  failure: { flexBasis: "100%" },
});

/** Progress of a role assignment, shown where it was started. */
export function GrantProgress({ run, onGranted }: { run: string; onGranted: () => void }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { open } = useNavigation();
  const { snapshot, failure, again } = useRun(run);
  const state = snapshot?.summary.state ?? "running";
  const told = useRef(false);
  useEffect(() => {
    if (state === "succeeded" && !told.current) {
      told.current = true;
      onGranted();
    }
  }, [state, onGranted]);
  const failed = failure ?? snapshot?.steps.find((step) => step.failure !== null)?.failure ?? null;
  return (
    <>
      <span className={styles.root} data-testid="grant-state" data-state={state}>
        <RunStateLabel state={state} />
        <Button size="small" appearance="subtle" icon={<OpenRegular />} onClick={() => open({ name: "run", run })}>
          {t("clusters:access.openRun")}
        </Button>
      </span>
      {failed !== null && (
        <div className={styles.failure}>
          <FailureNotice failure={failed} {...(failure === null ? {} : { onRetry: again })} testId="grant-failure" />
        </div>
      )}
    </>
  );
}
