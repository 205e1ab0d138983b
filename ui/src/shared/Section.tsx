import { Text, makeStyles, tokens } from "@fluentui/react-components";
import { type ReactNode, useId } from "react";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS, minWidth: 0 },
  hint: { color: tokens.colorNeutralForeground2, display: "block", maxWidth: "100ch", textWrap: "pretty" },
});

interface Props {
  title: string;
  hint?: ReactNode;
  /** Heading level: 3 inside a step, 2 on its own page. */
  level?: 2 | 3;
  children: ReactNode;
}

/** A section with a heading. */
export function Section({ title, hint, level = 3, children }: Props): ReactNode {
  const styles = useStyles();
  const id = useId();
  return (
    <section className={styles.root} aria-labelledby={id}>
      <div>
        <Text as={level === 2 ? "h2" : "h3"} id={id} size={400} weight="semibold" block style={{ margin: 0 }}>
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
