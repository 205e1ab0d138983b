import { Button, Divider, Popover, PopoverSurface, PopoverTrigger, Spinner, Text, makeStyles, tokens } from "@fluentui/react-components";
import { CheckmarkRegular, ChevronRightRegular } from "@fluentui/react-icons";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Finding } from "../../ipc/generated/Finding";
import { FailureNotice } from "../FailureNotice";
import { FindingList, SeverityIcon } from "../FindingList";
import { useLayout } from "../layout";
import { useWizardView } from "./view";

const useStyles = makeStyles({
  panel: {
    width: "236px",
    flexShrink: 0,
    boxSizing: "border-box",
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalM,
    padding: `${tokens.spacingVerticalXL} ${tokens.spacingHorizontalL}`,
    borderLeft: `1px solid ${tokens.colorNeutralStroke2}`,
    overflowY: "auto",
    "@media (min-width: 761px) and (max-width: 999px)": { width: "188px", padding: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalM}` },
    "@media (max-width: 760px)": { width: "auto", borderLeft: "none", borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  },
  name: { overflowWrap: "anywhere" },
  lines: { margin: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  line: { display: "flex", flexDirection: "column", overflowWrap: "anywhere" },
  row: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalXS, minHeight: "24px" },
  count: { justifyContent: "flex-start", paddingLeft: 0, minWidth: 0 },
  surface: { maxWidth: "460px", maxHeight: "60vh", overflowY: "auto" },
});

/** One thing that has been decided. */
export interface SummaryLine {
  term: string;
  value: string;
}

interface Props {
  /** Name of what is made; empty while it has none. */
  name: string;
  lines: readonly SummaryLine[];
}

/** The choices so far, the number of findings, and the save state of the draft. */
export function Summary({ name, lines }: Props): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const { findings, open, review, saving } = useWizardView();
  return (
    <aside className={styles.panel} aria-label={t("common:summary.label")} aria-busy={review.checking} data-testid="summary">
      <Text size={400} weight="semibold" className={name === "" ? layout.faint : styles.name}>
        {name === "" ? t("common:summary.noName") : name}
      </Text>
      <dl className={styles.lines}>
        {lines.map(({ term, value }) => (
          <div key={term} className={styles.line}>
            <dt>
              <Text size={200} className={layout.faint}>
                {term}
              </Text>
            </dt>
            <dd className={layout.noMargin}>{value}</dd>
          </div>
        ))}
      </dl>
      <Divider style={{ flexGrow: 0 }} />
      <FindingCount findings={open} severity="blocking" />
      <FindingCount findings={findings} severity="warning" />
      <div className={styles.row}>
        {review.checking && review.last !== null ? (
          <Spinner size="extra-tiny" label={<Text size={200}>{t("common:summary.checking")}</Text>} />
        ) : null}
      </div>
      {saving.state === "failed" ? (
        <FailureNotice failure={saving.failure} />
      ) : (
        <div className={styles.row} data-testid="saving" data-state={saving.state}>
          {saving.state === "saved" && <CheckmarkRegular className={layout.faint} aria-hidden />}
          <Text size={200} className={layout.faint}>
            {t(`common:summary.${saving.state}`)}
          </Text>
        </div>
      )}
    </aside>
  );
}

function FindingCount({ findings, severity }: { findings: readonly Finding[]; severity: "blocking" | "warning" }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { goTo, steps, stepOf } = useWizardView();
  const [open, setOpen] = useState(false);
  const seen = steps.filter((step) => step.status !== "todo").map((step) => step.id);
  const counted = findings.filter((finding) => finding.severity === severity && seen.includes(stepOf(finding)));
  if (counted.length === 0) {
    return null;
  }
  const go = (finding: Finding): void => {
    setOpen(false);
    goTo(stepOf(finding), finding.field);
  };
  return (
    <Popover open={open} onOpenChange={(_, data) => setOpen(data.open)} positioning="before" withArrow trapFocus>
      <PopoverTrigger disableButtonEnhancement>
        <Button appearance="subtle" className={styles.count} icon={<SeverityIcon severity={severity} />} data-testid={`count-${severity}`}>
          {t(`common:summary.${severity}`, { count: counted.length })} <ChevronRightRegular aria-hidden />
        </Button>
      </PopoverTrigger>
      <PopoverSurface className={styles.surface} aria-label={t(`common:summary.${severity}`, { count: counted.length })}>
        <FindingList findings={counted} onGo={go} />
      </PopoverSurface>
    </Popover>
  );
}
