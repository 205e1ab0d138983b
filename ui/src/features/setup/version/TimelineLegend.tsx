import { Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

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

const useStyles = makeStyles({
  legend: {
    display: "flex",
    flexWrap: "wrap",
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalL}`,
    paddingTop: tokens.spacingVerticalS,
    color: tokens.colorNeutralForeground2,
  },
  entry: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalSNudge },
  key: { position: "static", transform: "none", display: "inline-block", width: "24px", height: "10px" },
  bracket: {
    display: "inline-block",
    boxSizing: "border-box",
    width: "8px",
    height: "14px",
    borderTop: `2px solid ${tokens.colorCompoundBrandStroke}`,
    borderRight: `2px solid ${tokens.colorCompoundBrandStroke}`,
    borderBottom: `2px solid ${tokens.colorCompoundBrandStroke}`,
    borderRadius: "0 4px 4px 0",
  },
});

/** The legend of the timeline. */
export function TimelineLegend(): ReactNode {
  const styles = useStyles();
  const bars = useBarStyles();
  const { t } = useTranslation();
  return (
    <div className={styles.legend}>
      {(["community", "lts"] as const).map((kind) => (
        <span key={kind} className={styles.entry}>
          <span className={mergeClasses(bars.bar, bars[kind], styles.key)} aria-hidden />
          <Text size={200}>{t(`version:legend.${kind}`)}</Text>
        </span>
      ))}
      <span className={styles.entry}>
        <span className={styles.bracket} aria-hidden />
        <Text size={200}>{t("version:legend.aml")}</Text>
      </span>
    </div>
  );
}
