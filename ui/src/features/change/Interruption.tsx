import { Checkbox, Text, makeStyles, tokens } from "@fluentui/react-components";
import { WarningRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Note } from "../../ipc/generated/Note";
import { usePlanWords } from "../../shared/planWords";

const useStyles = makeStyles({
  box: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXS,
    padding: tokens.spacingHorizontalL,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorStatusWarningBackground1,
    boxShadow: `inset 0 0 0 1px ${tokens.colorStatusWarningBorder1}`,
    "@media (forced-colors: active)": { border: "1px solid CanvasText" },
  },
  head: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS, margin: 0 },
  icon: { color: tokens.colorStatusWarningForeground3, width: "20px", height: "20px", flexShrink: 0 },
  list: { margin: 0, paddingLeft: tokens.spacingHorizontalXXL, overflowWrap: "anywhere" },
});

interface Props {
  notes: readonly Note[];
  agreed: boolean;
  onAgree: (agreed: boolean) => void;
}

/** The interruptions, which must be confirmed before the start. */
export function Interruption({ notes, agreed, onAgree }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const words = usePlanWords();
  return (
    <section className={styles.box} aria-labelledby="interrupts" data-field="interrupts" data-testid="interrupts">
      <Text as="h3" id="interrupts" weight="semibold" className={styles.head}>
        <WarningRegular className={styles.icon} aria-hidden />
        {t("change:interrupts.title")}
      </Text>
      <ul className={styles.list}>
        {notes.map((note) => (
          <li key={JSON.stringify(note)}>{words.note(note)}</li>
        ))}
      </ul>
      <Checkbox label={t("change:interrupts.know")} checked={agreed} onChange={(_, data) => onAgree(data.checked === true)} data-testid="know-interrupts" />
    </section>
  );
}
