import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const stripes = (angle: string, color: string): { backgroundImage: string; boxShadow: string } => ({
  backgroundImage: `repeating-linear-gradient(${angle}, ${color} 0 3px, transparent 3px 6px)`,
  boxShadow: `inset 0 0 0 1px ${color}`,
});

/** Fills of the parts of a bar. Each differs in pattern, not only in colour. */
export const useFillStyles = makeStyles({
  solid: { backgroundColor: tokens.colorCompoundBrandBackground, forcedColorAdjust: "none" },
  slanted: { ...stripes("-45deg", tokens.colorPaletteTealForeground2), forcedColorAdjust: "none" },
  dark: { backgroundColor: tokens.colorNeutralForeground3, forcedColorAdjust: "none" },
  upright: { ...stripes("90deg", tokens.colorPalettePlumForeground2), forcedColorAdjust: "none" },
  dotted: {
    backgroundImage: `radial-gradient(${tokens.colorCompoundBrandBackground} 1.5px, transparent 2px)`,
    backgroundSize: "5px 5px",
    boxShadow: `inset 0 0 0 1px ${tokens.colorCompoundBrandBackground}`,
    forcedColorAdjust: "none",
  },
  lying: { ...stripes("0deg", tokens.colorNeutralForeground2), forcedColorAdjust: "none" },
});

const FILLS = ["solid", "slanted", "dark", "upright", "dotted", "lying"] as const;

/** The fill of the version at a position. */
export function fillOf(at: number): (typeof FILLS)[number] {
  return FILLS[at % FILLS.length] ?? "solid";
}

const useStyles = makeStyles({
  swatch: { display: "inline-block", width: "12px", height: "12px", borderRadius: tokens.borderRadiusSmall, flexShrink: 0 },
});

/** The fill of a version, next to its name. */
export function Swatch({ at }: { at: number }): ReactNode {
  const styles = useStyles();
  const fills = useFillStyles();
  return <span className={mergeClasses(styles.swatch, fills[fillOf(at)])} aria-hidden />;
}
