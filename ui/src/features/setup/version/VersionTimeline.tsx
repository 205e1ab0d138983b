import { Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import type { Lane } from "../../../ipc/generated/Lane";
import type { VersionCatalogue } from "../../../ipc/generated/VersionCatalogue";
import { useFormat } from "../../../shared/format";
import { useLayout } from "../../../shared/layout";
import { LaneBadges } from "./LaneBadges";
import { LanePatches } from "./LanePatches";
import { amlWindow, barsOf, canChoose, endOf, minorOf, positionOf, quartersOf, spanAround } from "./timeline";
import { TimelineLegend, useBarStyles } from "./TimelineLegend";

export interface VersionViewProps {
  catalogue: VersionCatalogue;
  version: string;
  longTermSupport: boolean;
  onChoose: (version: string) => void;
}

const LANE_COLUMNS = "112px minmax(120px, 1fr) 148px";

const useStyles = makeStyles({
  room: { containerType: "inline-size", minWidth: 0 },
  grid: {
    display: "grid",
    gridTemplateColumns: "1fr 30px",
    borderRadius: tokens.borderRadiusXLarge,
    boxShadow: `inset 0 0 0 1px ${tokens.colorNeutralStroke2}`,
    overflow: "hidden",
    position: "relative",
  },
  columns: {
    display: "grid",
    gridTemplateColumns: LANE_COLUMNS,
    columnGap: tokens.spacingHorizontalM,
    alignItems: "center",
    padding: `0 ${tokens.spacingHorizontalM}`,
    "@container (max-width: 560px)": { gridTemplateColumns: "92px minmax(90px, 1fr) 110px", columnGap: tokens.spacingHorizontalS },
  },
  axis: { gridColumn: "1", gridRow: "1", height: "44px", borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  corner: { gridColumn: "2", gridRow: "1", borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  track: { gridColumn: "2", position: "relative", alignSelf: "stretch", minWidth: 0 },
  tick: {
    position: "absolute",
    top: 0,
    bottom: 0,
    borderLeft: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  year: { borderLeftColor: tokens.colorNeutralStroke1 },
  axisText: { position: "absolute", bottom: "4px", paddingLeft: tokens.spacingHorizontalXS, color: tokens.colorNeutralForeground3, whiteSpace: "nowrap" },
  today: { position: "absolute", top: 0, bottom: 0, marginLeft: "-1px", borderLeft: `2px solid ${tokens.colorPaletteRedForeground1}` },
  todayText: {
    position: "absolute",
    top: "2px",
    transform: "translateX(-50%)",
    color: tokens.colorPaletteRedForeground1,
    fontWeight: tokens.fontWeightSemibold,
    whiteSpace: "nowrap",
  },
  lane: {
    gridColumn: "1",
    minWidth: 0,
    ":not(:last-child)": { borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  },
  row: {
    position: "relative",
    minHeight: "42px",
    cursor: "pointer",
    ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover },
    ":has(input:focus-visible)": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "-2px" },
  },
  chosen: {
    backgroundColor: tokens.colorBrandBackground2,
    boxShadow: `inset 3px 0 0 ${tokens.colorCompoundBrandStroke}`,
    ":hover": { backgroundColor: tokens.colorBrandBackground2Hover },
    "@media (forced-colors: active)": { borderLeft: "4px solid Highlight" },
  },
  off: { cursor: "not-allowed", color: tokens.colorNeutralForeground3 },
  input: { position: "absolute", inset: 0, width: "100%", height: "100%", margin: 0, opacity: 0, cursor: "inherit" },
  words: { display: "flex", flexDirection: "column", minWidth: 0 },
  minor: { fontVariantNumeric: "tabular-nums" },
  faded: { opacity: 0.45 },
  bracket: {
    gridColumn: "2",
    margin: "4px 10px 4px 0",
    borderTop: `2px solid ${tokens.colorCompoundBrandStroke}`,
    borderRight: `2px solid ${tokens.colorCompoundBrandStroke}`,
    borderBottom: `2px solid ${tokens.colorCompoundBrandStroke}`,
    borderRadius: "0 6px 6px 0",
    display: "grid",
    placeItems: "center",
    overflow: "hidden",
  },
  bracketText: { writingMode: "vertical-rl", color: tokens.colorBrandForeground1, whiteSpace: "nowrap", fontSize: "11px" },
});

/** Minor versions as lanes on a support time line, newest on top. A group of native radios: arrow keys move between lanes. */
export function VersionTimeline({ catalogue, version, longTermSupport, onChoose }: VersionViewProps): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const name = useId();
  const { lanes, today } = catalogue;
  const span = spanAround(today);
  const aml = amlWindow(lanes);
  return (
    <div className={styles.room}>
      <div className={styles.grid} role="radiogroup" aria-label={t("version:title")} data-field="version" data-testid="version-line">
        <Axis today={today} />
        <span className={styles.corner} aria-hidden />
        {lanes.map((lane, at) => {
          const chosen = minorOf(version) === lane.minor;
          return (
            <div key={lane.minor} className={styles.lane} style={{ gridRow: at + 2 }}>
              <LaneRow
                lane={lane}
                name={name}
                today={today}
                span={span}
                chosen={chosen}
                longTermSupport={longTermSupport}
                onChoose={() => onChoose(lane.minor)}
              />
              {chosen && <LanePatches lane={lane} version={version} onChoose={onChoose} />}
            </div>
          );
        })}
        {aml !== null && (
          <span className={styles.bracket} style={{ gridRow: `${aml.first + 2} / ${aml.last + 3}` }} aria-hidden>
            <span className={styles.bracketText}>Azure ML</span>
          </span>
        )}
      </div>
      <TimelineLegend />
    </div>
  );
}

function Axis({ today }: { today: string }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const span = spanAround(today);
  return (
    <div className={mergeClasses(styles.columns, styles.axis)} aria-hidden>
      <span className={styles.track}>
        {quartersOf(span).map(({ at, quarter, year }) => (
          <span key={`${year} ${quarter}`}>
            <span className={mergeClasses(styles.tick, quarter === 1 && styles.year)} style={{ left: `${at}%`, top: quarter === 1 ? "22px" : "38px" }} />
            {quarter === 1 && (
              <Text size={200} className={styles.axisText} style={{ left: `${at}%` }}>
                {year}
              </Text>
            )}
          </span>
        ))}
        <Text size={200} className={styles.todayText} style={{ left: `${positionOf(today, span)}%` }}>
          {t("version:today")}
        </Text>
      </span>
    </div>
  );
}

interface LaneRowProps {
  lane: Lane;
  name: string;
  today: string;
  span: { from: number; to: number };
  chosen: boolean;
  longTermSupport: boolean;
  onChoose: () => void;
}

function LaneRow({ lane, name, today, span, chosen, longTermSupport, onChoose }: LaneRowProps): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const bars = useBarStyles();
  const { t } = useTranslation();
  const format = useFormat();
  const id = useId();
  const possible = canChoose(lane, longTermSupport);
  const end = endOf(lane, longTermSupport);
  const reason = possible ? null : (lane.reason ?? "no_lts");
  return (
    <label
      className={mergeClasses(styles.columns, styles.row, chosen && styles.chosen, !possible && styles.off)}
      data-testid={`choice-version-${lane.minor}`}
    >
      <input
        type="radio"
        className={styles.input}
        name={name}
        value={lane.minor}
        checked={chosen}
        disabled={!possible}
        onChange={onChoose}
        aria-labelledby={`${id}minor`}
        aria-describedby={`${id}end ${id}badges${lane.inAmlWindow ? ` ${id}aml` : ""}`}
      />
      <span className={styles.words}>
        <Text weight="semibold" className={styles.minor} id={`${id}minor`}>
          {lane.minor}
        </Text>
        <Text size={200} className={layout.faint} id={`${id}end`}>
          {reason === null ? (end === null ? t("version:noDates") : t("version:until", { month: format.month(end) })) : t(`version:reason.${reason}`)}
        </Text>
        <span id={`${id}aml`} hidden>
          {t("version:inWindow")}
        </span>
      </span>
      <span className={mergeClasses(styles.track, !possible && styles.faded)} aria-hidden>
        {quartersOf(span)
          .filter(({ quarter }) => quarter === 1)
          .map(({ at, year }) => (
            <span key={year} className={styles.tick} style={{ left: `${at}%` }} />
          ))}
        {barsOf(lane, today, span).map((bar) => (
          <span
            key={`${bar.kind} ${bar.past}`}
            className={mergeClasses(
              bars.bar,
              bars[bar.kind],
              lane.phase === "ending" && bar.kind === "community" && bars.ending,
              bar.past && bars.past,
            )}
            style={{ left: `${bar.from}%`, width: `${bar.to - bar.from}%` }}
          />
        ))}
        <span className={styles.today} style={{ left: `${positionOf(today, span)}%` }} />
      </span>
      <span id={`${id}badges`}>
        <LaneBadges lane={lane} withLts={longTermSupport} />
      </span>
    </label>
  );
}
