import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  list: {
    margin: 0,
    paddingLeft: tokens.spacingHorizontalXL,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase300,
    overflowWrap: "anywhere",
  },
});

/** A list of cluster objects or resources by name. */
export function ObjectList({ objects, testId }: { objects: readonly string[]; testId?: string }): ReactNode {
  const styles = useStyles();
  return (
    <ul className={styles.list} data-testid={testId}>
      {objects.map((object) => (
        <li key={object}>{object}</li>
      ))}
    </ul>
  );
}
