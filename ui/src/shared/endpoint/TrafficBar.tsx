import { Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Endpoint } from "../../ipc/generated/Endpoint";
import { useLayout } from "../layout";
import { Swatch, fillOf, useFillStyles } from "./fills";
import { type Share, percentOf, sharesOf, trafficOf } from "./traffic";
import { useShareWords } from "./words";

/** Versions named below the bar in a table; the page of the endpoint names all. */
const MOST_IN_TABLE = 3;

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS, minWidth: 0 },
  track: {
    display: "flex",
    gap: "2px",
    height: "20px",
    borderRadius: tokens.borderRadiusMedium,
    overflow: "hidden",
    backgroundColor: tokens.colorNeutralBackground5,
    "@media (forced-colors: active)": { border: "1px solid CanvasText" },
  },
  thin: { height: "8px" },
  empty: { backgroundColor: "transparent", border: `1px solid ${tokens.colorNeutralStroke1}`, boxSizing: "border-box" },
  unknown: { border: `1px dashed ${tokens.colorNeutralStroke1}` },
  // A version with little traffic stays visible.
  part: { minWidth: "3px", height: "100%" },
  legend: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexWrap: "wrap", gap: `0 ${tokens.spacingHorizontalM}` },
  entry: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS, minWidth: 0, overflowWrap: "anywhere" },
});

interface Props {
  endpoint: Pick<Endpoint, "versions" | "versionsUnread" | "unassigned">;
  /** In a row of a table: a thin bar, and only the versions with most traffic by name. */
  compact?: boolean;
}

/** How the calls are divided among the versions. Without a split, why there is none. */
export function TrafficBar({ endpoint, compact = false }: Props): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const words = useShareWords();
  const kind = trafficOf(endpoint);
  const shares = sharesOf(endpoint);
  const named = kind === "split" || kind === "zero";
  const unknown = kind === "unread" || kind === "unknown";
  const text = named ? t("endpoints:traffic.label", { shares: shares.map(words).join(", ") }) : unknown ? t("endpoints:unknown") : t("endpoints:traffic.none");
  return (
    <div className={styles.root} data-testid="traffic" data-traffic={kind}>
      <div className={mergeClasses(styles.track, compact && styles.thin, kind !== "split" && styles.empty, unknown && styles.unknown)} role="img" aria-label={text}>
        {kind === "split" && <Parts shares={shares} />}
      </div>
      {named ? (
        <Legend shares={shares} compact={compact} />
      ) : (
        <Text size={200} className={layout.quiet} aria-hidden>
          {text}
        </Text>
      )}
    </div>
  );
}

/** The known shares, to scale. */
function Parts({ shares }: { shares: readonly Share[] }): ReactNode {
  const styles = useStyles();
  const fills = useFillStyles();
  const sum = shares.reduce((sum, share) => sum + (percentOf(share) ?? 0), 0);
  return shares.map((share, at) => {
    const percent = percentOf(share) ?? 0;
    const width = `${(percent / Math.max(sum, 100)) * 100}%`;
    return percent > 0 && <span key={share.version} className={mergeClasses(styles.part, fills[fillOf(at)])} style={{ width }} />;
  });
}

/** The names of the parts. The bar says the same to a screen reader. */
function Legend({ shares, compact }: { shares: readonly Share[]; compact: boolean }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const words = useShareWords();
  const numbered = shares.map((share, at) => ({ share, at }));
  const bySize = numbered.toSorted((one, other) => (percentOf(other.share) ?? -1) - (percentOf(one.share) ?? -1));
  const named = compact && shares.length > MOST_IN_TABLE ? bySize.slice(0, MOST_IN_TABLE - 1) : numbered;
  const more = shares.length - named.length;
  return (
    <ul className={styles.legend} aria-hidden>
      {named.map(({ share, at }) => (
        <li key={share.version} className={styles.entry}>
          <Swatch at={at} />
          <Text size={200}>{words(share)}</Text>
        </li>
      ))}
      {more > 0 && (
        <li>
          <Text size={200} className={layout.faint}>
            {t("endpoints:traffic.more", { count: more })}
          </Text>
        </li>
      )}
    </ul>
  );
}
