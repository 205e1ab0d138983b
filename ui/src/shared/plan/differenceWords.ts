import { useTranslation } from "react-i18next";
import type { Difference } from "../../ipc/generated/Difference";
import { useFindingWords } from "../FindingList";
import { usePlanWords } from "../planWords";

/** The words of a difference from the plan that was reviewed; as `words::difference` in Rust. */
export function useDifferenceWords(): (difference: Difference) => string {
  const { t } = useTranslation();
  const plan = usePlanWords();
  const words = useFindingWords();
  return ({ code, step, note, finding, params }) =>
    t(`review:changed.${code}`, {
      ...params,
      step: step === null ? "" : plan.note(step),
      note: note === null ? "" : plan.note(note),
      message: finding === null ? "" : words(finding).message,
      defaultValue: code,
    }).trim();
}
