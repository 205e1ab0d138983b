import { makeStyles, tokens } from "@fluentui/react-components";

/** Keeps a marker visible in high-contrast mode. */
const SEEN = { "@media (forced-colors: active)": { backgroundColor: "CanvasText", forcedColorAdjust: "none" } } as const;

/** Styles of a vCPU bar: track, parts, required marker and legend. */
export const useMeterStyles = makeStyles({
  bars: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  line: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXS },
  head: { display: "flex", justifyContent: "space-between", gap: tokens.spacingHorizontalM, flexWrap: "wrap" },
  quiet: { color: tokens.colorNeutralForeground2 },
  short: { color: tokens.colorStatusDangerForeground1 },
  track: {
    position: "relative",
    display: "flex",
    height: "20px",
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground5,
    overflow: "hidden",
    "@media (forced-colors: active)": { border: "1px solid CanvasText" },
  },
  thin: { height: "10px" },
  part: { height: "100%", transitionProperty: "width", transitionDuration: tokens.durationNormal, forcedColorAdjust: "none" },
  overhead: {
    backgroundImage: `repeating-linear-gradient(-45deg, ${tokens.colorCompoundBrandBackground} 0 3px, transparent 3px 7px)`,
    boxShadow: `inset 0 0 0 1px ${tokens.colorCompoundBrandBackground}`,
  },
  free: { backgroundColor: tokens.colorCompoundBrandBackground },
  used: { backgroundColor: tokens.colorNeutralStroke1 },
  over: { backgroundColor: tokens.colorStatusDangerBackground3 },
  mark: { position: "absolute", top: 0, bottom: 0, width: "3px", marginLeft: "-3px", backgroundColor: tokens.colorNeutralForeground1, ...SEEN },
  legend: { display: "flex", flexWrap: "wrap", gap: `0 ${tokens.spacingHorizontalL}` },
  entry: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
  key: { width: "12px", height: "12px", borderRadius: tokens.borderRadiusSmall, flexShrink: 0, forcedColorAdjust: "none" },
  markKey: { width: "3px", height: "14px", backgroundColor: tokens.colorNeutralForeground1, ...SEEN },
});
