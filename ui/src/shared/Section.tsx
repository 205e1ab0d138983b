import { Text, makeStyles, tokens } from "@fluentui/react-components";
import { type ReactNode, useId } from "react";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS, minWidth: 0 },
  hint: { color: tokens.colorNeutralForeground2, display: "block", maxWidth: "72ch" },
});

/** A part of a step under its own heading. */
export function Section({ title, hint, children }: { title: string; hint?: ReactNode; children: ReactNode }): ReactNode {
  const styles = useStyles();
  const id = useId();
  return (
    <section className={styles.root} aria-labelledby={id}>
      <div>
        <Text as="h3" id={id} size={400} weight="semibold" block style={{ margin: 0 }}>
          {title}
        </Text>
        {hint !== undefined && (
          <Text size={200} className={styles.hint}>
            {hint}
          </Text>
        )}
      </div>
      {children}
    </section>
  );
}
