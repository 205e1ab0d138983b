import { makeStyles, tokens } from "@fluentui/react-components";

const hatched = (colour: string): string => `repeating-linear-gradient(-45deg, ${colour} 0 3px, transparent 3px 7px)`;

/** The bars of the time line and the keys of its legend. */
export const useBarStyles = makeStyles({
  bar: {
    position: "absolute",
    top: "50%",
    height: "14px",
    transform: "translateY(-50%)",
    boxSizing: "border-box",
    borderRadius: tokens.borderRadiusSmall,
    "@media (forced-colors: active)": { border: "1px solid CanvasText", forcedColorAdjust: "none" },
  },
  community: { backgroundColor: tokens.colorCompoundBrandBackground },
  lts: {
    backgroundImage: hatched(tokens.colorCompoundBrandBackground),
    boxShadow: `inset 0 0 0 1px ${tokens.colorCompoundBrandBackground}`,
  },
  preview: {
    backgroundColor: tokens.colorNeutralBackground1,
    border: `2px dashed ${tokens.colorCompoundBrandBackground}`,
  },
  ending: { backgroundColor: tokens.colorPaletteMarigoldBackground3 },
  past: { opacity: 0.35 },
});
