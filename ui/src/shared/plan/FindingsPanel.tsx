import { Checkbox, MessageBar, MessageBarBody, Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Finding } from "../../ipc/generated/Finding";
import type { Severity } from "../../ipc/generated/Severity";
import { FindingList } from "../FindingList";

const ORDER: readonly Severity[] = ["blocking", "warning", "unknown", "information"];

const useStyles = makeStyles({
  groups: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  group: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalL,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: `inset 0 0 0 1px ${tokens.colorNeutralStroke2}`,
    "@media (forced-colors: active)": { border: "1px solid CanvasText" },
  },
  heading: { margin: 0 },
});

interface Props {
  findings: readonly Finding[];
  /** Whether everything was asked; only then may nothing mean "all is well". */
  checked: boolean;
  waived: readonly string[];
  /** Depth of the headings of the groups. */
  level?: 3 | 4;
  onWaive: (waiver: string, waived: boolean) => void;
  /** Goes to where a finding is mended. Without it the rows have no such button. */
  onGo?: ((finding: Finding) => void) | undefined;
}

/** What lets a finding pass: its rule, or with it the one resource that could not be read. */
function waiverOf({ rule, resource }: Finding): string {
  return resource === undefined ? rule : `${rule}:${resource}`;
}

/** Findings by how much they matter, worst first. */
export function FindingsPanel({ findings, checked, waived, level = 4, onWaive, onGo }: Props): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const groups = ORDER.map((severity) => ({ severity, found: findings.filter((finding) => finding.severity === severity) }));
  const blocked = findings.some((finding) => finding.severity === "blocking");
  const waiver = (finding: Finding): ReactNode =>
    (finding.waivable || waived.includes(waiverOf(finding))) && (
      <Checkbox
        label={finding.resource === undefined ? t("review:findings.waive") : t("review:findings.consent", { name: finding.params["name"] ?? finding.resource })}
        checked={waived.includes(waiverOf(finding))}
        onChange={(_, data) => onWaive(waiverOf(finding), data.checked === true)}
        data-testid={`waive-${waiverOf(finding)}`}
      />
    );
  return (
    <div className={styles.groups} data-testid="findings" data-checked={checked}>
      {checked && !blocked && (
        <MessageBar intent="success" data-testid="nothing-blocks">
          <MessageBarBody>{t("review:findings.nothingBlocks")}</MessageBarBody>
        </MessageBar>
      )}
      {groups
        .filter(({ found }) => found.length > 0)
        .map(({ severity, found }) => (
          <section key={severity} className={styles.group} aria-labelledby={`findings-${severity}`} data-testid={`findings-${severity}`}>
            <Text as={level === 3 ? "h3" : "h4"} id={`findings-${severity}`} weight="semibold" className={styles.heading}>
              {t(`review:findings.group.${severity}`, { count: found.length })}
            </Text>
            <FindingList findings={found} {...(onGo === undefined ? {} : { onGo })} extra={waiver} withSource />
          </section>
        ))}
    </div>
  );
}
