import { Spinner, Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { FailureNotice } from "../../shared/FailureNotice";
import { FindingsPanel } from "../../shared/plan/FindingsPanel";
import { PlanList } from "../../shared/plan/PlanList";
import { Section } from "../../shared/Section";
import type { CheckView } from "./useCheck";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXL, minWidth: 0 },
  checking: { justifyContent: "flex-start" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

interface Props {
  check: CheckView;
  /** What is still to be decided before anything can be checked. */
  open: string | null;
  waived: readonly string[];
  onWaive: (waiver: string, waived: boolean) => void;
}

/** What was found, and what would be done; both follow the form. */
export function CheckPanel({ check, open, waived, onWaive }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { report, plan, checking, failure, again } = check;
  return (
    <div className={styles.root} aria-busy={checking} data-testid="check">
      <Section level={2} title={t("review:findings.title")}>
        {open !== null && <Text className={styles.quiet}>{open}</Text>}
        {failure !== null && <FailureNotice failure={failure} onRetry={again} testId="preflight-failure" />}
        {checking && report === null && <Spinner className={styles.checking} size="tiny" labelPosition="after" label={t("review:findings.checking")} />}
        {report !== null && <FindingsPanel findings={report.findings} checked waived={waived} level={3} onWaive={onWaive} />}
      </Section>
      {plan !== null && (
        <Section level={2} title={t("review:plan.title")} hint={t("review:plan.hint")}>
          <PlanList plan={plan} />
        </Section>
      )}
    </div>
  );
}
