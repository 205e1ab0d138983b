import { Checkbox, MessageBar, MessageBarBody, Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Finding } from "../../ipc/generated/Finding";
import type { Severity } from "../../ipc/generated/Severity";
import { FindingList } from "../FindingList";
import { useLayout } from "../layout";
import { consentField, consentTo, isAgreed, openFindings } from "./consent";

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
  // The checkbox goes below the text.
  consent: { marginLeft: `calc(-1 * ${tokens.spacingHorizontalS})` },
});

interface Props {
  findings: readonly Finding[];
  /** Whether all checks ran; only then does an empty list mean "no problems". */
  checked: boolean;
  /** The number of items that could not be read. */
  unread: number;
  /** The user's consents. */
  consents: readonly string[];
  /** Heading level of the groups. */
  level?: 3 | 4;
  onAgree: (finding: Finding, agreed: boolean) => void;
  /** Navigates to the field that fixes a finding. If absent, rows have no such button. */
  onGo?: ((finding: Finding) => void) | undefined;
}

/** Findings grouped by severity, worst first. A finding with consent stays in place but no longer blocks. */
export function FindingsPanel({ findings, checked, unread, consents, level = 4, onAgree, onGo }: Props): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const layout = useLayout();
  const groups = ORDER.map((severity) => ({ severity, found: findings.filter((finding) => finding.severity === severity) }));
  const open = openFindings(findings, consents).length;
  const label = (finding: Finding): string => {
    const { resource, params } = finding;
    if (resource === undefined) {
      return t("review:findings.waive");
    }
    const name = params["name"] ?? resource;
    return params["why"] === undefined ? t("review:findings.affected", { name }) : t("review:findings.consent", { name });
  };
  const agreement = (finding: Finding): ReactNode =>
    finding.waivable &&
    finding.severity === "blocking" && (
      <Checkbox
        className={styles.consent}
        label={label(finding)}
        checked={isAgreed(finding, consents)}
        onChange={(_, data) => onAgree(finding, data.checked === true)}
        data-testid={`waive-${consentTo(finding)}`}
        data-field={consentField(finding)}
      />
    );
  const heading = (severity: Severity, count: number): string => {
    const blocks = severity === "blocking";
    return blocks && open === 0 ? t("review:findings.group.agreed", { count }) : t(`review:findings.group.${severity}`, { count: blocks ? open : count });
  };
  return (
    <div className={styles.groups} data-testid="findings" data-checked={checked}>
      {checked && open === 0 && (
        <MessageBar intent={unread === 0 ? "success" : "warning"} layout="multiline" data-testid="nothing-blocks" data-unread={unread}>
          <MessageBarBody>{unread === 0 ? t("review:findings.nothingBlocks") : t("review:findings.nothingKnownBlocks", { count: unread })}</MessageBarBody>
        </MessageBar>
      )}
      {groups
        .filter(({ found }) => found.length > 0)
        .map(({ severity, found }) => (
          <section key={severity} className={styles.group} aria-labelledby={`findings-${severity}`} data-testid={`findings-${severity}`}>
            <Text as={level === 3 ? "h3" : "h4"} id={`findings-${severity}`} weight="semibold" className={layout.noMargin}>
              {heading(severity, found.length)}
            </Text>
            <FindingList
              findings={found}
              severityOf={(finding) => (isAgreed(finding, consents) ? "warning" : finding.severity)}
              {...(onGo === undefined ? {} : { onGo })}
              extra={agreement}
              withSource
            />
          </section>
        ))}
    </div>
  );
}
