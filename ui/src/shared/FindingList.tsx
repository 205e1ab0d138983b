import { Button, Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import {
  ErrorCircleFilled,
  type FluentIcon,
  InfoFilled,
  QuestionCircleFilled,
  WarningFilled,
} from "@fluentui/react-icons";
import { type ReactNode, useContext } from "react";
import { useTranslation } from "react-i18next";
import type { Finding } from "../ipc/generated/Finding";
import type { Severity } from "../ipc/generated/Severity";
import { useFormat } from "./format";
import { WizardViewContext } from "./wizard/view";

const ICONS: Record<Severity, FluentIcon> = {
  blocking: ErrorCircleFilled,
  warning: WarningFilled,
  unknown: QuestionCircleFilled,
  information: InfoFilled,
};

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  row: { display: "grid", gridTemplateColumns: "20px 1fr auto", columnGap: tokens.spacingHorizontalS, alignItems: "start" },
  words: { display: "flex", flexDirection: "column", minWidth: 0, overflowWrap: "anywhere" },
  remedy: { color: tokens.colorNeutralForeground2 },
  source: { color: tokens.colorNeutralForeground3 },
  icon: { width: "16px", height: "16px", marginTop: "2px" },
  blocking: { color: tokens.colorStatusDangerForeground1 },
  warning: { color: tokens.colorStatusWarningForeground3 },
  unknown: { color: tokens.colorNeutralForeground3 },
  information: { color: tokens.colorBrandForeground1 },
});

/** The icon of a severity. Always used next to text. */
export function SeverityIcon({ severity }: { severity: Severity }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const Icon = ICONS[severity];
  return <Icon className={mergeClasses(styles.icon, styles[severity])} aria-label={t(`common:severity.${severity}`)} role="img" />;
}

/** The text of a finding in the current language. */
export function useFindingWords(): (finding: Finding) => { message: string; remedy: string } {
  const { t } = useTranslation();
  const format = useFormat();
  return (finding) => {
    const values = format.withDays(finding.params);
    const part = (name: string, otherwise: string): string => t(`findings:${finding.code}.${name}`, { ...values, defaultValue: otherwise });
    const others = (finding.params.rules ?? "").split(", ").filter((rule) => rule !== "" && rule !== finding.rule);
    const also = others.length > 0 ? ` ${t("review:findings.notChecked", { rules: others.join(", ") })}` : "";
    return { message: part("message", finding.code) + also, remedy: finding.params.signIn === undefined ? part("remedy", "") : t("review:findings.signIn") };
  };
}

/** The name of the step where a finding can be fixed; `null` if that is no other step. */
function useStepNames(): (finding: Finding) => string | null {
  const { t } = useTranslation();
  const wizard = useContext(WizardViewContext);
  return (finding) => {
    const step = wizard === null ? finding.step : wizard.stepOf(finding);
    return step === "review" ? null : (wizard?.nameOf(step) ?? t(`common:step.${step}`));
  };
}

interface Props {
  findings: readonly Finding[];
  /** The effective severity of a finding, if lower than the rule's. */
  severityOf?: (finding: Finding) => Severity;
  /** Navigates to the field that fixes a finding. If absent, rows have no such button. */
  onGo?: (finding: Finding) => void;
  /** Further actions of a row, such as waiving it. */
  extra?: (finding: Finding) => ReactNode;
  /** Shows the rule and its documentation link. */
  withSource?: boolean;
}

/** Findings with their remedies. */
export function FindingList({ findings, severityOf = ({ severity }) => severity, onGo, extra, withSource = false }: Props): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const words = useFindingWords();
  const stepName = useStepNames();
  return (
    <ul className={styles.list}>
      {findings.map((finding) => {
        const { message, remedy } = words(finding);
        const place = stepName(finding);
        return (
          <li key={`${finding.code} ${finding.field ?? ""} ${finding.resource ?? ""} ${message}`} className={styles.row} data-testid={`finding-${finding.code}`}>
            <SeverityIcon severity={severityOf(finding)} />
            <span className={styles.words}>
              <Text>{message}</Text>
              {remedy !== "" && (
                <Text size={200} className={styles.remedy}>
                  {remedy}
                </Text>
              )}
              {withSource && (
                <Text size={100} className={styles.source}>
                  {finding.rule} · {finding.source}
                </Text>
              )}
              {extra?.(finding)}
            </span>
            {onGo !== undefined && place !== null && (
              <Button size="small" appearance="subtle" onClick={() => onGo(finding)} data-testid={`go-${finding.code}`}>
                {t("common:goToStep", { step: place })}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
