import { Spinner, Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Finding } from "../../ipc/generated/Finding";
import { FailureNotice } from "../FailureNotice";
import { useLayout } from "../layout";
import { Section } from "../Section";
import { ChangedNotice } from "./ChangedNotice";
import { FindingsPanel } from "./FindingsPanel";
import { PlanList } from "./PlanList";
import type { ReviewView } from "./useReview";
import type { StartView } from "./useStart";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXL, minWidth: 0 },
  checking: { justifyContent: "flex-start" },
});

interface Props {
  review: ReviewView;
  start: StartView;
  /** The findings to list; none until they are known. */
  findings: readonly Finding[] | null;
  /** Level of the two headings. */
  level: 2 | 3;
  /** What is missing before anything can be checked. */
  undecided?: string | null;
  /** Navigates to the field that fixes a finding. */
  onGo?: (finding: Finding) => void;
  /** Content between findings and plan. */
  children?: ReactNode;
}

/** A review: changes since the last one, findings, and the plan. */
export function ReviewPanel({ review, start, findings, level, undecided = null, onGo, children }: Props): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const { present, checking, failure, again, consents, agree } = review;
  const { differences } = start;
  const shown = present?.review ?? null;
  return (
    <div className={styles.root} aria-busy={checking} data-testid="check">
      {differences.length > 0 && <ChangedNotice key={shown?.id} differences={differences} />}
      <Section level={level} title={t("review:findings.title")} hint={t("review:findings.hint")}>
        {undecided !== null && <Text className={layout.quiet}>{undecided}</Text>}
        {failure !== null && <FailureNotice failure={failure} onRetry={again} testId="review-failure" />}
        {checking && <Spinner className={styles.checking} size="tiny" labelPosition="after" label={t("review:findings.checking")} />}
        {findings !== null && (
          <FindingsPanel
            findings={findings}
            checked={shown !== null && !checking}
            unread={shown?.unread.length ?? 0}
            consents={consents}
            level={level === 2 ? 3 : 4}
            onAgree={agree}
            onGo={onGo}
          />
        )}
        {shown !== null && !checking && (
          <Text size={200} className={layout.faint}>
            {t("review:findings.figures", { count: shown.requests, ms: shown.tookMs })}
          </Text>
        )}
      </Section>
      {children}
      {shown !== null && shown.plan !== null && (
        <Section level={level} title={t("review:plan.title")} hint={t("review:plan.hint")}>
          <PlanList plan={shown.plan} />
        </Section>
      )}
    </div>
  );
}
