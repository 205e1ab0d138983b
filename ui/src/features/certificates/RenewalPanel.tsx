import { Button, Text, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowRightRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { EndpointCertificates } from "../../ipc/generated/EndpointCertificates";
import { FailureNotice } from "../../shared/FailureNotice";
import { useFormat } from "../../shared/format";
import { useLayout } from "../../shared/layout";
import { type Target, useNavigation } from "../../shared/navigation";
import { Panel } from "../../shared/Panel";
import { Section } from "../../shared/Section";
import { useNow } from "../../shared/time";
import { RenewButton, useRenew } from "./RenewButton";
import { RenewedList } from "./RenewedList";
import { canRenew } from "./rows";

const useStyles = makeStyles({
  panel: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}` },
  words: { flex: "1 1 320px", display: "flex", flexDirection: "column", minWidth: 0 },
});

/** How to renew an endpoint's certificate, with a button to do it or to open the change. */
export function RenewalPanel({ endpoint }: { endpoint: EndpointCertificates }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const format = useFormat();
  const { open } = useNavigation();
  const { renew, renewing, renewed, failure } = useRenew();
  const { renewal, renewAt, tls } = endpoint;
  const now = useNow(false);
  const key = tls === "off" ? "off" : renewal;
  return (
    <>
      <Section level={2} title={tls === "off" ? t("certificates:renewal.offTitle") : t("certificates:renewal.title")}>
        <Panel className={styles.panel} testId="renewal">
          <span className={styles.words}>
            <Text>{t(`certificates:renewal.${key}.text`)}</Text>
            {renewAt !== null && (
              <Text size={200} className={layout.quiet}>
                {Date.parse(renewAt) > now
                  ? t("certificates:renewal.from", { date: format.day(renewAt) })
                  : t("certificates:renewal.since", { date: format.day(renewAt) })}
              </Text>
            )}
          </span>
          {canRenew(endpoint) ? (
            <RenewButton endpoints={[endpoint]} text={t("certificates:renewal.now")} busy={renewing} onRenew={renew} primary />
          ) : (
            <Button
              appearance="primary"
              icon={<ArrowRightRegular />}
              iconPosition="after"
              onClick={() => open({ name: "change", target: replacing(endpoint) })}
              data-testid="replace"
            >
              {t(`certificates:renewal.${key}.do`)}
            </Button>
          )}
        </Panel>
      </Section>
      {failure !== null && <FailureNotice failure={failure} testId="renew-failure" />}
      {renewed !== null && <RenewedList renewed={renewed} endpoints={[endpoint]} />}
    </>
  );
}

/** The change that replaces an endpoint's certificate, or renews its Microsoft label. */
function replacing({ clusterId, computeId, renewal }: EndpointCertificates): Target {
  return { kind: renewal === "microsoft" ? "renew_label" : "tls", clusterId, computeId };
}
