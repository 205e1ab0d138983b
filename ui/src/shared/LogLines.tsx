import { makeStyles, tokens } from "@fluentui/react-components";
import { type ReactNode, useEffect, useRef } from "react";

const useStyles = makeStyles({
  log: {
    margin: 0,
    padding: tokens.spacingVerticalM,
    maxHeight: "420px",
    overflow: "auto",
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground3,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase300,
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
  },
});

interface Props {
  lines: readonly string[];
  /** Accessible name. */
  label: string;
  /** Keeps the last line visible. */
  follows: boolean;
  testId: string;
}

/** The lines of a log. */
export function LogLines({ lines, label, follows, testId }: Props): ReactNode {
  const styles = useStyles();
  const place = useRef<HTMLPreElement>(null);
  const text = lines.join("\n");
  useEffect(() => {
    if (follows && text !== "" && place.current !== null) {
      place.current.scrollTop = place.current.scrollHeight;
    }
  }, [follows, text]);
  return (
    <pre ref={place} className={styles.log} tabIndex={0} role="region" aria-label={label} data-testid={testId}>
      {text}
    </pre>
  );
}
