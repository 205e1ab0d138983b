import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  lines: { whiteSpace: "pre-wrap", overflowWrap: "anywhere", color: tokens.colorNeutralForeground2 },
});

/** Azure's own words, line by line. */
export function AzureLines({ lines }: { lines: readonly string[] }): ReactNode {
  const styles = useStyles();
  return (
    <div className={styles.lines} data-testid="azure-words">
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </div>
  );
}
