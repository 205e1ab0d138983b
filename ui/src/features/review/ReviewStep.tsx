import { Spinner, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { AccessPanel } from "../../app/access/AccessPanel";
import { attachmentOf } from "../../app/access/useAccess";
import { useWizard } from "../../app/wizard/WizardContext";
import { call, toFailure } from "../../ipc/call";
import { FailureNotice } from "../../shared/FailureNotice";
import { Section } from "../../shared/Section";
import { setUp } from "../../shared/goal";
import { FindingsPanel } from "../../shared/plan/FindingsPanel";
import { PlanList } from "../../shared/plan/PlanList";
import { StartButton } from "./StartButton";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXL },
  checking: { justifyContent: "flex-start" },
  figures: { color: tokens.colorNeutralForeground3 },
});

/** The whole before anything is sent: what was found, what will be done, and the button that does it. */
export default function ReviewStep(): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const { account, spec, findings, preflight, goTo, update } = useWizard();
  const attachment = attachmentOf(spec);
  const blocking = findings.filter((finding) => finding.severity === "blocking");
  const settled = preflight.report !== null && !preflight.checking;
  const plan = useQuery({
    queryKey: ["azure", "plan", account, spec],
    queryFn: () => call("make_plan", { account, goal: setUp(spec) }),
    enabled: settled && blocking.length === 0,
    staleTime: 60_000,
  });
  const waive = (rule: string, waived: boolean): void =>
    update((current) => ({
      ...current,
      waived: waived ? [...current.waived, rule] : current.waived.filter((other) => other !== rule),
    }));

  return (
    <div className={styles.root}>
      <Section title={t("review:findings.title")} hint={t("review:findings.hint")}>
        {preflight.failure !== null && <FailureNotice failure={preflight.failure} onRetry={preflight.again} testId="preflight-failure" />}
        {preflight.checking && (
          <Spinner className={styles.checking} size="tiny" labelPosition="after" label={t("review:findings.checking")} />
        )}
        <FindingsPanel
          findings={findings}
          checked={settled}
          waived={spec.waived}
          onWaive={waive}
          onGo={(finding) => goTo(finding.step, finding.field)}
        />
        {settled && preflight.report !== null && (
          <Text size={200} className={styles.figures}>
            {t("review:findings.figures", { count: preflight.report.requests, ms: preflight.report.tookMs })}
          </Text>
        )}
      </Section>
      {attachment !== null && <AccessPanel account={account} attachment={attachment} onGranted={preflight.again} />}
      {blocking.length === 0 && (
        <Section title={t("review:plan.title")} hint={t("review:plan.hint")}>
          {plan.error !== null && <FailureNotice failure={toFailure(plan.error)} onRetry={() => void plan.refetch()} />}
          {plan.isFetching && plan.data === undefined && (
            <Spinner className={styles.checking} size="tiny" labelPosition="after" label={t("review:plan.making")} />
          )}
          {plan.data !== undefined && <PlanList plan={plan.data} />}
        </Section>
      )}
      <StartButton blocking={blocking} ready={settled && plan.data !== undefined} />
    </div>
  );
}
