import { useTranslation } from "react-i18next";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
const STEP = 1_000;

/** Sizes of files in the current language: `1.2 MB`. */
export function useBytes(): (bytes: number) => string {
  const { i18n } = useTranslation();
  const language = i18n.resolvedLanguage ?? "en";
  return (bytes) => {
    const at = bytes < STEP ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log(bytes) / Math.log(STEP)));
    const unit = UNITS[at] ?? "byte";
    return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: at === 0 ? "long" : "short", maximumFractionDigits: at === 0 ? 0 : 1 }).format(bytes / STEP ** at);
  };
}
