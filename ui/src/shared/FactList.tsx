import { Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useLayout } from "./layout";

/** A term with its value. */
export interface Fact {
  term: string;
  value: ReactNode;
  /** Uses the full width. */
  wide?: boolean;
}

const useStyles = makeStyles({
  list: {
    margin: 0,
    display: "grid",
    gridTemplateColumns: "repeat(auto-fill, minmax(min(100%, 220px), 1fr))",
    gap: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXL}`,
  },
  fact: { display: "flex", flexDirection: "column", minWidth: 0, overflowWrap: "anywhere" },
  wide: { gridColumn: "1 / -1" },
});

/** Terms and values in as many columns as fit. */
export function FactList({ facts }: { facts: readonly Fact[] }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  return (
    <dl className={styles.list}>
      {facts.map(({ term, value, wide = false }) => (
        <div key={term} className={mergeClasses(styles.fact, wide && styles.wide)}>
          <dt>
            <Text size={200} className={layout.faint}>
              {term}
            </Text>
          </dt>
          <dd className={layout.noMargin}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
