import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { CopyButton } from "./CopyButton";

const useStyles = makeStyles({
  root: {
    display: "flex",
    // The button goes below where it would leave the text too little room.
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
    // As low as the words of the button.
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
  /** What the text is, for a screen reader. */
  label: string;
  /** Words of the button that copies it. */
  copy: string;
  testId?: string;
}

/** A text to take along: a command, lines for a form, a request. */
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
