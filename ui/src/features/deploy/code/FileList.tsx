import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, Button, Text, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowClockwiseRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CodeListing } from "../../../ipc/generated/CodeListing";
import { useFormat } from "../../../shared/format";
import { useLayout } from "../../../shared/layout";
import { useBytes } from "../bytes";

const useStyles = makeStyles({
  root: { borderRadius: tokens.borderRadiusLarge, boxShadow: `inset 0 0 0 1px ${tokens.colorNeutralStroke2}`, padding: `0 ${tokens.spacingHorizontalS}` },
  files: { maxHeight: "240px", overflowY: "auto" },
  list: { listStyleType: "none", margin: 0, padding: `0 0 ${tokens.spacingVerticalS}` },
  file: { display: "flex", justifyContent: "space-between", gap: tokens.spacingHorizontalL, overflowWrap: "anywhere" },
  size: { flexShrink: 0, color: tokens.colorNeutralForeground2 },
  head: { minWidth: 0, overflowWrap: "anywhere" },
  again: { marginBottom: tokens.spacingVerticalS },
});

interface Props {
  listing: CodeListing;
  reading: boolean;
  onAgain: () => void;
}

/** The files of a folder that are uploaded, and how many are ignored. */
export function FileList({ listing, reading, onAgain }: Props): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const format = useFormat();
  const bytes = useBytes();
  const { files, more, ignored, ignoredBy } = listing;
  const count = files.length + more;
  const uploaded = t("deploy:files.uploaded", { count, files: format.number(count), size: bytes(listing.bytes) });
  const left = ignored === 0 || ignoredBy === null ? "" : t("deploy:files.ignoredBy", { count: ignored, file: ignoredBy });
  return (
    <Accordion collapsible className={styles.root} data-testid="code-files">
      <AccordionItem value="files">
        <AccordionHeader>
          <span className={styles.head} role="status">
            {[uploaded, left].filter((part) => part !== "").join(" ")}
          </span>
        </AccordionHeader>
        <AccordionPanel>
          <div className={styles.files} role="region" aria-label={t("deploy:files.label")} tabIndex={0}>
            <ul className={styles.list}>
              {files.map((file) => (
                <li key={file.path} className={styles.file}>
                  <span className={layout.mono}>{file.path}</span>
                  <Text size={200} className={styles.size}>
                    {bytes(file.size)}
                  </Text>
                </li>
              ))}
              {more > 0 && <li className={layout.quiet}>{t("deploy:files.more", { count: more, files: format.number(more) })}</li>}
            </ul>
          </div>
          <Button size="small" appearance="subtle" icon={<ArrowClockwiseRegular />} className={styles.again} onClick={onAgain} disabledFocusable={reading} data-testid="read-folder">
            {t("deploy:files.again")}
          </Button>
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  );
}
