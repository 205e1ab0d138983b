import { Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Problem, ProblemKind } from "./problems";
import { useProblemWords } from "./words";

/** Problems named in a row; the page of the endpoint names all. */
const MOST = 2;

const useStyles = makeStyles({
  line: { display: "block", overflowWrap: "anywhere" },
  bad: { color: tokens.colorStatusDangerForeground1 },
  warning: { color: tokens.colorStatusWarningForeground3 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** How bad a problem is. What is unknown is neither good nor bad. */
const TONE: Record<ProblemKind, "bad" | "warning" | "quiet"> = {
  failed: "bad",
  version_failed: "bad",
  reported: "warning",
  no_traffic: "warning",
  sum: "warning",
  no_versions: "warning",
  unread: "quiet",
  unknown: "quiet",
};

/** The problems of an endpoint in its row, worst first. Its own failure is its state, to which only another code adds something. */
export function ProblemLines({ problems, state }: { problems: readonly Problem[]; state: string }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const words = useProblemWords();
  const told = problems.filter(({ kind, code }) => kind !== "failed" || !["", state.toLowerCase()].includes(code.toLowerCase()));
  return (
    <>
      {told.slice(0, MOST).map((problem) => (
        <Text key={`${problem.kind} ${problem.version} ${problem.code}`} size={200} className={mergeClasses(styles.line, styles[TONE[problem.kind]])} data-testid={`problem-${problem.kind}`}>
          {problem.kind === "failed" ? problem.code : words(problem)}
        </Text>
      ))}
      {told.length > MOST && (
        <Text size={200} className={mergeClasses(styles.line, styles.quiet)}>
          {t("endpoints:problem.more", { count: told.length - MOST })}
        </Text>
      )}
    </>
  );
}
