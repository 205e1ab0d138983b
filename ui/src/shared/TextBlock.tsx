import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { CopyButton } from "./CopyButton";

const useStyles = makeStyles({
  root: {
    display: "flex",
    // Wraps the button below if the text would get too narrow.
    flexWrap: "wrap",
    justifyContent: "flex-end",
    alignItems: "flex-start",
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    minWidth: 0,
  },
  text: {
    flex: "1 1 220px",
    minWidth: 0,
    margin: 0,
    // As high as the button label.
    paddingBlock: "2px",
    maxHeight: "240px",
    overflow: "auto",
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase300,
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
  },
});

interface Props {
  text: string;
  /** Accessible name of the text. */
  label: string;
  /** Label of the copy button. */
  copy: string;
  testId?: string;
}

/** A text to copy: a command, form values, a request. */
export function TextBlock({ text, label, copy, testId }: Props): ReactNode {
  const styles = useStyles();
  return (
    <div className={styles.root} role="group" aria-label={label} data-testid={testId}>
      <pre className={styles.text} tabIndex={0}>
        {text}
      </pre>
      <CopyButton text={text} label={copy} />
    </div>
  );
}
