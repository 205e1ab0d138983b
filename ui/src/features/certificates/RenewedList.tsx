import { Link, Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { ErrorCircleFilled, PlayCircleRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { EndpointCertificates } from "../../ipc/generated/EndpointCertificates";
import type { Renewed } from "../../ipc/generated/Renewed";
import { FailureNotice } from "../../shared/FailureNotice";
import { FindingList } from "../../shared/FindingList";
import { endpointName } from "../../shared/inventory";
import { useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { Panel } from "../../shared/Panel";
import { nameOf, sameResource } from "../../shared/resources";
import { Section } from "../../shared/Section";

const useStyles = makeStyles({
  row: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS, minWidth: 0 },
  head: { display: "flex", alignItems: "flex-start", gap: tokens.spacingHorizontalS },
  icon: { width: "16px", height: "16px", flexShrink: 0, marginTop: "2px" },
  words: { minWidth: 0, overflowWrap: "anywhere" },
  // Below the text of its endpoint.
  why: { marginLeft: `calc(16px + ${tokens.spacingHorizontalS})` },
  begun: { color: tokens.colorBrandForeground1 },
  stuck: { color: tokens.colorStatusDangerForeground1 },
});

/** Renewal results by endpoint: a run, what blocks it, or why it was not attempted. */
export function RenewedList({ renewed, endpoints }: { renewed: readonly Renewed[]; endpoints: readonly EndpointCertificates[] }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const named = (id: string): string => {
    const endpoint = endpoints.find(({ computeId }) => sameResource(id, computeId));
    return endpoint === undefined ? nameOf(id) : endpointName(endpoint);
  };
  return (
    <Section level={2} title={t("certificates:renewed.title")}>
      <Panel>
        <ul className={layout.list} data-testid="renewed">
          {renewed.map((one) => (
            <li key={one.computeId} className={styles.row} data-testid={`renewed-${nameOf(one.computeId)}`}>
              <Outcome renewed={one} name={named(one.computeId)} />
            </li>
          ))}
        </ul>
      </Panel>
    </Section>
  );
}

function Outcome({ renewed: { computeId, run, findings, failure }, name }: { renewed: Renewed; name: string }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { open } = useNavigation();
  if (run !== null) {
    return (
      <span className={styles.head}>
        <PlayCircleRegular className={mergeClasses(styles.icon, styles.begun)} aria-hidden />
        <span className={styles.words}>
          <Text>{t("certificates:renewed.begun", { name })}</Text>{" "}
          <Link as="button" onClick={() => open({ name: "run", run: run.id })} aria-label={t("certificates:renewed.openRunOf", { name })} data-testid={`open-run-of-${nameOf(computeId)}`}>
            {t("certificates:renewed.openRun")}
          </Link>
        </span>
      </span>
    );
  }
  return (
    <>
      <span className={styles.head}>
        <ErrorCircleFilled className={mergeClasses(styles.icon, styles.stuck)} aria-hidden />
        <Text className={styles.words}>{t(failure === null ? "certificates:renewed.blocked" : "certificates:renewed.failed", { name })}</Text>
      </span>
      <div className={styles.why}>{failure === null ? <FindingList findings={findings} /> : <FailureNotice failure={failure} testId={`renewal-failure-${nameOf(computeId)}`} />}</div>
    </>
  );
}
