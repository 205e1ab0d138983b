import { Badge, Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { CheckmarkCircleFilled, CircleRegular, DismissCircleFilled, type FluentIcon, WarningFilled } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CertificateFacts } from "../../ipc/generated/CertificateFacts";
import type { ChainCertificate } from "../../ipc/generated/ChainCertificate";
import { useFormat } from "../format";
import { Section } from "../Section";
import { type Check, type CheckState, checksOf, shortSubject } from "./checks";

const ICONS: Record<CheckState, FluentIcon> = {
  good: CheckmarkCircleFilled,
  warning: WarningFilled,
  bad: DismissCircleFilled,
  open: CircleRegular,
};

const useStyles = makeStyles({
  box: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 280px), 1fr))",
    gap: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalXXL}`,
    padding: tokens.spacingHorizontalL,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: `inset 0 0 0 1px ${tokens.colorNeutralStroke2}`,
    "@media (forced-colors: active)": { border: "1px solid CanvasText" },
  },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", minWidth: 0 },
  checks: { gap: tokens.spacingVerticalS },
  check: { display: "grid", gridTemplateColumns: "20px 1fr", columnGap: tokens.spacingHorizontalS, alignItems: "start" },
  link: {
    display: "grid",
    gridTemplateColumns: "20px 1fr",
    columnGap: tokens.spacingHorizontalS,
    paddingBottom: tokens.spacingVerticalM,
    position: "relative",
    ":not(:last-child)::before": {
      content: '""',
      position: "absolute",
      left: "9px",
      top: "24px",
      bottom: 0,
      width: "2px",
      backgroundColor: tokens.colorNeutralStroke1,
    },
  },
  icon: { width: "20px", height: "20px" },
  good: { color: tokens.colorStatusSuccessForeground1 },
  warning: { color: tokens.colorStatusWarningForeground3 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  open: { color: tokens.colorNeutralForeground3 },
  words: { display: "flex", flexDirection: "column", minWidth: 0, overflowWrap: "anywhere" },
  head: { display: "flex", alignItems: "center", flexWrap: "wrap", gap: tokens.spacingHorizontalXS },
  quiet: { color: tokens.colorNeutralForeground2 },
});

interface Props {
  facts: CertificateFacts;
  /** Depth of the heading. */
  level?: 2 | 3;
  /** The certificate was observed, so there is no key to check. */
  seen?: boolean;
}

/** The chain from the server certificate to its root, and all checks with their remedies. */
export function CertificateChecks({ facts, level = 3, seen = false }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const checks = checksOf(facts).filter(({ id }) => id !== "key" || facts.keyGiven || !seen);
  const bad = checks.some((check) => check.state === "bad");
  return (
    <Section level={level} title={t("tls:checked.title")}>
      <div className={styles.box} data-testid="certificate-checks" data-good={!bad} role="group" aria-label={t("tls:checked.title")}>
        <ul className={mergeClasses(styles.list, styles.checks)} aria-label={t("tls:checked.checks")}>
          {checks.map((check) => (
            <CheckRow key={check.id} check={check} />
          ))}
        </ul>
        <div>
          <ol className={styles.list} aria-label={t("tls:checked.chain")}>
            {facts.chain.map((link) => (
              <ChainRow key={link.sha256} link={link} />
            ))}
          </ol>
          {facts.missingIssuer !== null && !facts.selfSigned && facts.complete && (
            <Text size={200} className={styles.quiet} block>
              {t("tls:checked.rootElsewhere", { issuer: shortSubject(facts.missingIssuer) })}
            </Text>
          )}
          {facts.leftOut.length > 0 && (
            <Text size={200} className={styles.quiet} block>
              {t("tls:checked.leftOut", { names: facts.leftOut.map(shortSubject).join(", ") })}
            </Text>
          )}
        </div>
      </div>
    </Section>
  );
}

function StateIcon({ state }: { state: CheckState }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const Icon = ICONS[state];
  return <Icon className={mergeClasses(styles.icon, styles[state])} aria-label={t(`tls:state.${state}`)} role="img" />;
}

function CheckRow({ check: { id, state, words, values } }: { check: Check }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const format = useFormat();
  const dated = format.withDays(values);
  const mend = t(`tls:mend.${id}.${words}`, { ...dated, defaultValue: "" });
  return (
    <li className={styles.check} data-testid={`check-${id}`} data-state={state}>
      <StateIcon state={state} />
      <span className={styles.words}>
        <Text>{t(`tls:check.${id}.${words}`, dated)}</Text>
        {mend !== "" && (
          <Text size={200} className={styles.quiet}>
            {mend}
          </Text>
        )}
      </span>
    </li>
  );
}

function ChainRow({ link }: { link: ChainCertificate }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const format = useFormat();
  const state: CheckState = link.problems.length === 0 ? "good" : link.problems.every((problem) => problem === "issuer_missing") ? "warning" : "bad";
  return (
    <li className={styles.link} data-testid={`chain-${link.role}`} data-state={state}>
      <StateIcon state={state} />
      <span className={styles.words}>
        <span className={styles.head}>
          <Text weight="semibold">{shortSubject(link.subject)}</Text>
          <Badge appearance="tint" color="informative">
            {t(`tls:role.${link.role}`, { defaultValue: link.role })}
          </Badge>
        </span>
        <Text size={200} className={styles.quiet}>
          {t("tls:checked.until", { date: format.day(link.notAfter), issuer: shortSubject(link.issuer) })}
        </Text>
        {link.problems.map((problem) => (
          <Text key={problem} size={200} className={state === "bad" ? styles.bad : styles.warning}>
            {t(`tls:problem.${problem}`)}
          </Text>
        ))}
      </span>
    </li>
  );
}
