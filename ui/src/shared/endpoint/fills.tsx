import { type GriffelStyle, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const CONTRAST = "@media (forced-colors: active)";

/** A fill in a colour, and in a colour of the system where the system chooses the colours. */
const fill = (style: (color: string) => GriffelStyle, color: string, system = "CanvasText"): GriffelStyle => ({
  ...style(color),
  [CONTRAST]: { ...style(system), forcedColorAdjust: "none" },
});

const solid = (color: string): GriffelStyle => ({ backgroundColor: color });

const stripes = (angle: string) => (color: string): GriffelStyle => ({
  backgroundImage: `repeating-linear-gradient(${angle}, ${color} 0 3px, transparent 3px 6px)`,
  boxShadow: `inset 0 0 0 1px ${color}`,
});

const dots = (color: string): GriffelStyle => ({
  backgroundImage: `radial-gradient(${color} 1.5px, transparent 2px)`,
  backgroundSize: "5px 5px",
  boxShadow: `inset 0 0 0 1px ${color}`,
});

/** Fills of the parts of a bar. Neighbours differ in pattern, not only in colour. */
export const useFillStyles = makeStyles({
  solid: fill(solid, tokens.colorCompoundBrandBackground),
  slanted: fill(stripes("-45deg"), tokens.colorPaletteTealForeground2),
  dark: fill(solid, tokens.colorNeutralForeground3, "Highlight"),
  upright: fill(stripes("90deg"), tokens.colorPalettePlumForeground2),
  dotted: fill(dots, tokens.colorCompoundBrandBackground),
  lying: fill(stripes("0deg"), tokens.colorNeutralForeground2),
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
