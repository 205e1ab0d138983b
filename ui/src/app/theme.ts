import { type BrandVariants, type Theme, createDarkTheme, createLightTheme } from "@fluentui/react-components";
import { useMedia } from "../shared/media";

/** Harbour blue: #0B5C8A at 80, its hue held over the ramp (OKLCH), AA on white from 90 down and on dark from 110 up. */
const harbour: BrandVariants = {
  10: "#000D18",
  20: "#00182A",
  30: "#002741",
  40: "#003455",
  50: "#004168",
  60: "#004C78",
  70: "#005481",
  80: "#0B5C8A",
  90: "#156FA5",
  100: "#2E81B8",
  110: "#4794C9",
  120: "#62A6D7",
  130: "#80B8E3",
  140: "#9FCAEC",
  150: "#BEDCF3",
  160: "#DFEDF9",
};

const lightTheme: Theme = createLightTheme(harbour);

const dark = createDarkTheme(harbour);
/** The dark theme with brand text light enough to be read on its greys. */
const darkTheme: Theme = {
  ...dark,
  colorBrandBackground2: harbour[40],
  colorBrandBackground2Hover: harbour[50],
  colorBrandForeground1: harbour[130],
  colorBrandForeground2: harbour[140],
  colorBrandForegroundLink: harbour[130],
  colorBrandForegroundLinkHover: harbour[140],
  colorBrandForegroundLinkPressed: harbour[120],
  colorBrandForegroundLinkSelected: harbour[130],
  colorCompoundBrandForeground1: harbour[130],
  colorCompoundBrandForeground1Hover: harbour[140],
  colorCompoundBrandForeground1Pressed: harbour[120],
  colorNeutralForeground2BrandHover: harbour[130],
  colorNeutralForeground2BrandPressed: harbour[120],
  colorNeutralForeground2BrandSelected: harbour[130],
  colorBrandStroke1: harbour[120],
  colorCompoundBrandStroke: harbour[120],
  colorCompoundBrandBackground: harbour[120],
};

/** The theme for a setting: `light`, `dark` or `system`. */
export function useTheme(setting: string): { theme: Theme; isDark: boolean } {
  const systemIsDark = useMedia("(prefers-color-scheme: dark)");
  const isDark = setting === "dark" || (setting !== "light" && systemIsDark);
  return { theme: isDark ? darkTheme : lightTheme, isDark };
}
