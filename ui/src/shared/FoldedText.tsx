import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "./CopyButton";

const useStyles = makeStyles({
  text: {
    margin: 0,
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
  },
});

/** Collapsed details that can be copied. */
export function FoldedText({ title, text }: { title: string; text: string }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <Accordion collapsible>
      <AccordionItem value="text">
        <AccordionHeader size="small">{title}</AccordionHeader>
        <AccordionPanel>
          <pre className={styles.text}>{text}</pre>
          <CopyButton text={text} label={t("common:copyDetails")} />
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  );
}
