import { Badge, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalXS },
  // A tag may be as long as 512 characters.
  tag: { height: "auto", minHeight: "20px", overflowWrap: "anywhere", fontWeight: tokens.fontWeightRegular },
});

/** Tags of a resource. */
export function TagList({ tags }: { tags: readonly (readonly [string, string])[] }): ReactNode {
  const styles = useStyles();
  return (
    <ul className={styles.list}>
      {tags.map(([name, value]) => (
        <li key={name}>
          <Badge appearance="outline" color="informative" className={styles.tag}>
            {value === "" ? name : `${name}: ${value}`}
          </Badge>
        </li>
      ))}
    </ul>
  );
}
