import { Button, Text, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowLeftRegular, ArrowRightRegular } from "@fluentui/react-icons";
import { type ReactNode, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAnnounce } from "../announce";
import { ErrorBoundary } from "../ErrorBoundary";
import { FindingList } from "../FindingList";
import { Waiting } from "../Waiting";
import { StepActionSlot, StepActions } from "./StepAction";
import { StepRail } from "./StepRail";
import { useWizardView } from "./view";

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", height: "100%", boxSizing: "border-box" },
  top: {
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXXL}`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  // Without room for three columns (200 % zoom), they stack and scroll together.
  columns: { flex: 1, minHeight: 0, display: "flex", "@media (max-width: 760px)": { display: "block", overflowY: "auto" } },
  middle: { flex: 1, minWidth: 0, display: "flex", flexDirection: "column", backgroundColor: tokens.colorNeutralBackground1 },
  step: {
    flex: 1,
    minHeight: 0,
    overflowY: "auto",
    padding: `${tokens.spacingVerticalXL} ${tokens.spacingHorizontalXXL}`,
    scrollPaddingBlock: tokens.spacingVerticalXXL,
    "@media (max-width: 760px)": { overflowY: "visible", padding: tokens.spacingHorizontalL },
  },
  body: { maxWidth: "920px", display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXL },
  title: { margin: 0, outlineStyle: "none" },
  lead: { color: tokens.colorNeutralForeground2, maxWidth: "72ch", textWrap: "pretty", marginTop: tokens.spacingVerticalXXS },
  action: { flex: 1, order: 1, minWidth: 0, "@media (max-width: 760px)": { flexBasis: "100%" } },
  bar: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    justifyContent: "flex-end",
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXXL}`,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
});

interface Props {
  /** The page header. */
  header: ReactNode;
  /** Title of the step. */
  title: string;
  /** What the step decides, in one sentence. */
  lead: string;
  summary: ReactNode;
  /** The step. */
  children: ReactNode;
}

/** The frame of a wizard: step rail, the step, the summary that grows. */
export function WizardFrame({ header, title, lead, summary, children }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const announce = useAnnounce();
  const { step, steps, nameOf, stepOf, unplaced, goTo } = useWizardView();
  const at = steps.findIndex((candidate) => candidate.id === step);
  const name = nameOf(step);
  useEffect(() => {
    announce(t("common:wizard.stepOf", { at: at + 1, of: steps.length, name }));
  }, [announce, t, at, steps.length, name]);
  return (
    <div className={styles.page}>
      <div className={styles.top}>{header}</div>
      <div className={styles.columns}>
        <StepRail />
        <StepActions>
          <section className={styles.middle} aria-label={name} data-testid={`step-body-${step}`}>
            <div className={styles.step} key={step}>
              <div className={styles.body}>
                <div>
                  <Text as="h2" size={600} weight="semibold" block className={styles.title} tabIndex={-1} data-step-title>
                    {title}
                  </Text>
                  <Text block className={styles.lead}>
                    {lead}
                  </Text>
                </div>
                <ErrorBoundary>
                  <Suspense fallback={<Waiting />}>{children}</Suspense>
                </ErrorBoundary>
                {unplaced.length > 0 && (
                  <div data-field="step-findings" tabIndex={-1} role="alert">
                    <FindingList findings={unplaced} onGo={(finding) => goTo(stepOf(finding), finding.field)} />
                  </div>
                )}
              </div>
            </div>
            <StepButtons />
          </section>
        </StepActions>
        {summary}
      </div>
    </div>
  );
}

function StepButtons(): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { step, steps, nameOf, next, back } = useWizardView();
  const [checking, setChecking] = useState(false);
  const at = steps.findIndex((candidate) => candidate.id === step);
  const following = steps[at + 1];
  const goOn = (): void => {
    setChecking(true);
    void next().finally(() => setChecking(false));
  };
  return (
    <div className={styles.bar}>
      {following === undefined && <StepActionSlot className={styles.action} />}
      {at > 0 && (
        <Button icon={<ArrowLeftRegular />} onClick={back} data-testid="back">
          {t("common:back")}
        </Button>
      )}
      {following !== undefined && (
        <Button
          appearance="primary"
          icon={<ArrowRightRegular />}
          iconPosition="after"
          onClick={goOn}
          aria-busy={checking}
          data-testid="next"
        >
          {nameOf(following.id)}
        </Button>
      )}
    </div>
  );
}
