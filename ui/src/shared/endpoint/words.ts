import { useTranslation } from "react-i18next";
import { useFormat } from "../format";
import { type Share, percentOf } from "./traffic";

/** `blue 90 %`. */
export function useShareWords(): (share: Share) => string {
  const percent = usePercentWords();
  return (share) => `${share.version} ${percent(share)}`;
}

/** `90 %`, or that it is unknown. */
export function usePercentWords(): (share: Share) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (share) => {
    const percent = percentOf(share);
    return percent === null ? t("endpoints:unknown") : format.percent(percent);
  };
}
