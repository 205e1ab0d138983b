import { Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import type { Lane } from "../../../ipc/generated/Lane";
import { useLayout } from "../../../shared/layout";

const ROW = 34;

const useStyles = makeStyles({
  panel: {
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalL}`,
    backgroundColor: tokens.colorNeutralBackground2,
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalS,
  },
  columns: { display: "grid", gridTemplateColumns: "auto minmax(60px, 140px) auto 1fr", alignItems: "stretch" },
  head: { color: tokens.colorNeutralForeground3, height: "22px" },
  chips: { display: "flex", flexDirection: "column" },
  cell: { height: `${ROW}px`, display: "flex", alignItems: "center" },
  chip: {
    position: "relative",
    display: "inline-flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    boxSizing: "border-box",
    height: "28px",
    padding: `0 ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: `inset 0 0 0 1px ${tokens.colorNeutralStroke1}`,
    fontVariantNumeric: "tabular-nums",
    whiteSpace: "nowrap",
    "@media (forced-colors: active)": { border: "1px solid CanvasText" },
  },
  pick: {
    flex: 1,
    justifyContent: "space-between",
    cursor: "pointer",
    ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover },
    ":has(input:focus-visible)": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "1px" },
  },
  chosen: {
    backgroundColor: tokens.colorBrandBackground2,
    boxShadow: `inset 0 0 0 2px ${tokens.colorCompoundBrandStroke}`,
    "@media (forced-colors: active)": { outline: "2px solid Highlight" },
  },
  target: { color: tokens.colorNeutralForeground2, backgroundColor: "transparent" },
  input: { position: "absolute", inset: 0, width: "100%", height: "100%", margin: 0, opacity: 0, cursor: "inherit" },
  arrows: { display: "block", width: "100%", color: tokens.colorNeutralStrokeAccessible },
  strong: { color: tokens.colorCompoundBrandStroke },
});

interface Props {
  lane: Lane;
  version: string;
  onChoose: (version: string) => void;
}

/** The patch versions of the selected lane, with arrows to their upgrades. */
export function LanePatches({ lane, version, onChoose }: Props): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const name = useId();
  const targets = [...new Set(lane.patches.flatMap((patch) => patch.upgrades))];
  const pick = (value: string, text: string, note?: string): ReactNode => (
    <span className={styles.cell} key={value}>
      <label className={mergeClasses(styles.chip, styles.pick, value === version && styles.chosen)} data-testid={`choice-patch-${value}`}>
        <input
          type="radio"
          className={styles.input}
          name={name}
          value={value}
          checked={value === version}
          onChange={() => onChoose(value)}
        />
        {text}
        {note !== undefined && (
          <Text size={200} className={layout.faint}>
            {note}
          </Text>
        )}
      </label>
    </span>
  );
  return (
    <div className={styles.panel} data-testid="patches">
      <div className={styles.columns}>
        <div className={styles.chips} role="radiogroup" aria-label={t("version:patches", { minor: lane.minor })}>
          <Text size={200} className={styles.head}>
            {t("version:patch")}
          </Text>
          {pick(lane.minor, t("version:newestPatch"))}
          {lane.patches.map((patch) => pick(patch.version, patch.version, patch.newest ? t("version:newest") : undefined))}
        </div>
        <Arrows lane={lane} version={version} targets={targets} />
        {targets.length > 0 && (
          <div className={styles.chips}>
            <Text size={200} className={styles.head}>
              {t("version:upgrades")}
            </Text>
            <span className={styles.cell} />
            {targets.map((target) => (
              <span key={target} className={styles.cell}>
                <span className={mergeClasses(styles.chip, styles.target)}>{target}</span>
              </span>
            ))}
          </div>
        )}
      </div>
    </div>
  );
}

/** Arrows from each patch version to its upgrades; those of the selected one are highlighted. */
function Arrows({ lane, version, targets }: { lane: Lane; version: string; targets: readonly string[] }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const id = useId();
  const height = 22 + ROW * (1 + Math.max(lane.patches.length, targets.length));
  // The first row is Azure's choice of patch; the patch versions start one row below.
  const middle = (row: number): number => 22 + ROW * (row + 1) + ROW / 2;
  const chosen = version === lane.minor ? lane.patches.find((patch) => patch.newest)?.version : version;
  const arrows = lane.patches.flatMap((patch, row) =>
    patch.upgrades.map((target) => ({ from: patch.version, target, row, to: targets.indexOf(target) })),
  );
  const spoken = lane.patches
    .filter((patch) => patch.upgrades.length > 0)
    .map((patch) => t("version:upgradesOf", { version: patch.version, targets: patch.upgrades.join(", ") }));
  return (
    <svg className={styles.arrows} height={height} viewBox={`0 0 100 ${height}`} preserveAspectRatio="none" role="img" aria-label={spoken.join("; ")}>
      <defs>
        <marker id={id} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto" markerUnits="userSpaceOnUse">
          <path d="M0 0L8 4L0 8z" fill="context-stroke" />
        </marker>
      </defs>
      {arrows
        .toSorted((one, other) => Number(one.from === chosen) - Number(other.from === chosen))
        .map(({ from, target, row, to }) => (
          <path
            key={`${from} ${target}`}
            d={`M2 ${middle(row)}C50 ${middle(row)} 50 ${middle(to)} 97 ${middle(to)}`}
            className={from === chosen ? styles.strong : undefined}
            stroke="currentColor"
            strokeWidth={from === chosen ? 2 : 1}
            fill="none"
            vectorEffect="non-scaling-stroke"
            markerEnd={`url(#${id})`}
          />
        ))}
    </svg>
  );
}
