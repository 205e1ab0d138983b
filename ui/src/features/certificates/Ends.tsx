import { Text, Tooltip, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CertificateFacts } from "../../ipc/generated/CertificateFacts";
import { useFormat } from "../../shared/format";
import { elapsedOf, renewMarkOf } from "./rows";

const SEEN = { "@media (forced-colors: active)": { backgroundColor: "CanvasText", forcedColorAdjust: "none" } } as const;

const useStyles = makeStyles({
  root: { display: "inline-flex", flexDirection: "column", gap: tokens.spacingVerticalXXS, width: "fit-content", minWidth: "min(100px, 100%)", maxWidth: "100%" },
  track: {
    position: "relative",
    height: "4px",
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.colorNeutralBackground5,
    "@media (forced-colors: active)": { border: "1px solid CanvasText" },
  },
  life: { height: "100%", borderRadius: tokens.borderRadiusCircular, backgroundColor: tokens.colorCompoundBrandBackground, ...SEEN },
  late: { backgroundColor: tokens.colorStatusWarningBackground3 },
  over: { backgroundColor: tokens.colorStatusDangerBackground3 },
  mark: { position: "absolute", top: "-2px", bottom: "-2px", width: "2px", backgroundColor: tokens.colorNeutralForeground2, ...SEEN },
});

/** The expiry and elapsed lifetime of a certificate; the marker shows when renewal is recommended. */
export function Ends({ certificate }: { certificate: CertificateFacts }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const format = useFormat();
  const { daysLeft, expired, notAfter } = certificate;
  const elapsed = elapsedOf(certificate);
  const mark = renewMarkOf(certificate);
  return (
    <span className={styles.root}>
      <Tooltip content={format.moment(notAfter)} relationship="description">
        <Text>{expired ? t("certificates:ended", { count: Math.max(0, -daysLeft) }) : t("certificates:daysLeft", { count: daysLeft })}</Text>
      </Tooltip>
      <span className={styles.track} aria-hidden data-testid="life" data-elapsed={elapsed.toFixed(2)}>
        <span
          className={mergeClasses(styles.life, elapsed >= mark && styles.late, expired && styles.over)}
          style={{ width: `${elapsed * 100}%`, display: "block" }}
        />
        <span className={styles.mark} style={{ left: `${mark * 100}%` }} />
      </span>
    </span>
  );
}
