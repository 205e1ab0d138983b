import { Badge, Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { CheckmarkCircleFilled, CircleRegular, DismissCircleFilled, type FluentIcon, WarningFilled } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CertificateFacts } from "../../ipc/generated/CertificateFacts";
import type { ChainRung } from "../../ipc/generated/ChainRung";
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
  rung: {
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
export function CertificateLadder({ facts, level = 3, seen = false }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const checks = checksOf(facts).filter(({ id }) => id !== "key" || facts.keyGiven || !seen);
  const bad = checks.some((check) => check.state === "bad");
  return (
    <Section level={level} title={t("tls:ladder.title")}>
      <div className={styles.box} data-testid="certificate-ladder" data-good={!bad} role="group" aria-label={t("tls:ladder.title")}>
        <ul className={mergeClasses(styles.list, styles.checks)} aria-label={t("tls:ladder.checks")}>
          {checks.map((check) => (
            <CheckRow key={check.id} check={check} />
          ))}
        </ul>
        <div>
          <ol className={styles.list} aria-label={t("tls:ladder.chain")}>
            {facts.chain.map((rung) => (
              <RungRow key={rung.sha256} rung={rung} />
            ))}
          </ol>
          {facts.missingIssuer !== null && !facts.selfSigned && facts.complete && (
            <Text size={200} className={styles.quiet} block>
              {t("tls:ladder.rootElsewhere", { issuer: shortSubject(facts.missingIssuer) })}
            </Text>
          )}
          {facts.leftOut.length > 0 && (
            <Text size={200} className={styles.quiet} block>
              {t("tls:ladder.leftOut", { names: facts.leftOut.map(shortSubject).join(", ") })}
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

function RungRow({ rung }: { rung: ChainRung }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const format = useFormat();
  const state: CheckState = rung.problems.length === 0 ? "good" : rung.problems.every((problem) => problem === "issuer_missing") ? "warning" : "bad";
  return (
    <li className={styles.rung} data-testid={`rung-${rung.role}`} data-state={state}>
      <StateIcon state={state} />
      <span className={styles.words}>
        <span className={styles.head}>
          <Text weight="semibold">{shortSubject(rung.subject)}</Text>
          <Badge appearance="tint" color="informative">
            {t(`tls:role.${rung.role}`, { defaultValue: rung.role })}
          </Badge>
        </span>
        <Text size={200} className={styles.quiet}>
          {t("tls:ladder.until", { date: format.day(rung.notAfter), issuer: shortSubject(rung.issuer) })}
        </Text>
        {rung.problems.map((problem) => (
          <Text key={problem} size={200} className={state === "bad" ? styles.bad : styles.warning}>
            {t(`tls:problem.${problem}`)}
          </Text>
        ))}
      </span>
    </li>
  );
}
