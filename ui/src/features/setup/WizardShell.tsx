import { Button, Text, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowLeftRegular, ArrowRightRegular } from "@fluentui/react-icons";
import { type ComponentType, type LazyExoticComponent, type ReactNode, Suspense, lazy, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { WizardStep } from "../../ipc/generated/WizardStep";
import { useAnnounce } from "../../shared/announce";
import { ErrorBoundary } from "../../shared/ErrorBoundary";
import { FindingList } from "../../shared/FindingList";
import { PageHeader } from "../../shared/PageHeader";
import { Waiting } from "../../shared/Waiting";
import { StepActionSlot, StepActions } from "./wizard/StepAction";
import { StepRail } from "./wizard/StepRail";
import { Summary } from "./wizard/Summary";
import { useWizard } from "./wizard/WizardContext";

/** What each step shows. It reads and changes the draft through `useWizard`. */
const VIEWS: Record<WizardStep, LazyExoticComponent<ComponentType>> = {
  purpose: lazy(() => import("./purpose/PurposeStep")),
  place: lazy(() => import("./place/PlaceStep")),
  version: lazy(() => import("./version/VersionStep")),
  size: lazy(() => import("./size/SizeStep")),
  network: lazy(() => import("./network/NetworkStep")),
  tls: lazy(() => import("./tls/TlsStep")),
  review: lazy(() => import("./review/ReviewStep")),
};

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

/** The wizard: step rail, the step, the summary that grows. */
export function WizardShell(): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const announce = useAnnounce();
  const { spec, step, steps, unplaced, goTo } = useWizard();
  const at = steps.findIndex((candidate) => candidate.id === step);
  const name = t(`common:step.${step}`);
  useEffect(() => {
    announce(t("common:wizard.stepOf", { at: at + 1, of: steps.length, name }));
  }, [announce, t, at, steps.length, name]);
  const View = VIEWS[step];
  return (
    <div className={styles.page}>
      <div className={styles.top}>
        <PageHeader title={t("common:setup.title")} subscriptionId={spec.place.subscriptionId} />
      </div>
      <div className={styles.columns}>
        <StepRail />
        <StepActions>
          <section className={styles.middle} aria-label={name} data-testid={`step-body-${step}`}>
            <div className={styles.step} key={step}>
              <div className={styles.body}>
                <div>
                  <Text as="h2" size={600} weight="semibold" block className={styles.title} tabIndex={-1} data-step-title>
                    {t(`${step}:title`)}
                  </Text>
                  <Text block className={styles.lead}>
                    {t(`${step}:lead`)}
                  </Text>
                </div>
                <ErrorBoundary>
                  <Suspense fallback={<Waiting />}><View /></Suspense>
                </ErrorBoundary>
                {unplaced.length > 0 && (
                  <div data-field="step-findings" tabIndex={-1} role="alert">
                    <FindingList findings={unplaced} onGo={(finding) => goTo(finding.step, finding.field)} />
                  </div>
                )}
              </div>
            </div>
            <StepButtons />
          </section>
        </StepActions>
        <Summary />
      </div>
    </div>
  );
}

function StepButtons(): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { step, steps, next, back } = useWizard();
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
          {t(`common:step.${following.id}`)}
        </Button>
      )}
    </div>
  );
}
