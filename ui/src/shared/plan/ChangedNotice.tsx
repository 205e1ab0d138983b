import { MessageBar, MessageBarBody, MessageBarTitle, Text, makeStyles, tokens } from "@fluentui/react-components";
import { type ReactNode, useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Difference } from "../../ipc/generated/Difference";
import { useFindingWords } from "../FindingList";
import { usePlanWords } from "../planWords";

const useStyles = makeStyles({
  root: {
    borderRadius: tokens.borderRadiusMedium,
    scrollMarginBlock: tokens.spacingVerticalM,
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "2px" },
  },
  // Paths and values have no spaces to break at.
  words: { overflowWrap: "anywhere" },
  list: { margin: `${tokens.spacingVerticalXS} 0 0`, paddingLeft: tokens.spacingHorizontalL },
});

/** Explains that nothing was started because the plan changed since the review. Takes the focus when it appears. */
export function ChangedNotice({ differences }: { differences: readonly Difference[] }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const words = useDifferenceWords();
  const root = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    root.current?.focus();
    root.current?.scrollIntoView?.({ block: "nearest" });
  }, []);
  return (
    <div ref={root} tabIndex={-1} role="group" aria-labelledby="changed-title" className={styles.root} data-testid="changed">
      <MessageBar intent="warning" layout="multiline" politeness="assertive" role="alert">
        <MessageBarBody className={styles.words}>
          <MessageBarTitle id="changed-title">{t("review:changed.title")}</MessageBarTitle>
          <Text block>{t("review:changed.text")}</Text>
          <ul className={styles.list}>
            {differences.map((difference) => (
              <li key={JSON.stringify(difference)} data-testid={`difference-${difference.code}`}>
                {words(difference)}
              </li>
            ))}
          </ul>
        </MessageBarBody>
      </MessageBar>
    </div>
  );
}

/** The text of a difference from the reviewed plan; mirrors `words::difference` in Rust. */
function useDifferenceWords(): (difference: Difference) => string {
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
