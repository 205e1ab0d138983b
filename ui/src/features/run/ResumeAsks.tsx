import { Button, MessageBar, MessageBarBody, Text, makeStyles, tokens } from "@fluentui/react-components";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { consentTo, openFindings } from "../../shared/plan/consent";
import { FindingsPanel } from "../../shared/plan/FindingsPanel";
import { useAsked, useResumeRun } from "../../shared/useRun";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL, alignItems: "flex-start" },
  title: { margin: 0 },
  wide: { width: "100%" },
});

/** What is new since the run started: each item needs consent by name before the run resumes. */
export function ResumeAsks({ run }: { run: string }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const findings = useAsked(run);
  const resume = useResumeRun(run);
  const [consents, setConsents] = useState<readonly string[]>([]);
  if (findings.length === 0) {
    return null;
  }
  const agreed = findings.map(consentTo).filter((consent) => consents.includes(consent));
  const open = openFindings(findings, consents).length;
  return (
    <section className={styles.root} aria-labelledby="resume-asks-title" data-testid="resume-asks">
      <Text as="h2" id="resume-asks-title" size={400} weight="semibold" className={styles.title}>
        {t("run:asks.title")}
      </Text>
      <MessageBar intent="warning" layout="multiline" politeness="assertive" className={styles.wide}>
        <MessageBarBody>{t("run:asks.text")}</MessageBarBody>
      </MessageBar>
      <div className={styles.wide}>
        <FindingsPanel
          findings={findings}
          checked={false}
          unread={0}
          consents={consents}
          level={3}
          onAgree={(finding, yes) => setConsents((before) => [...before.filter((one) => one !== consentTo(finding)), ...(yes ? [consentTo(finding)] : [])])}
        />
      </div>
      <Button appearance="primary" disabledFocusable={open > 0 || resume.isPending} onClick={() => resume.mutate(agreed)} data-testid="resume-agreed">
        {t("run:asks.goOn")}
      </Button>
    </section>
  );
}
