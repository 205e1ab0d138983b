import { Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

const STEPS = ["keep", "detach", "clean", "attach", "prove"] as const;

const useStyles = makeStyles({
  list: { margin: 0, paddingLeft: tokens.spacingHorizontalXXL, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS, maxWidth: "72ch" },
});

/** The five steps of making a classic front end anew. */
export function RefreshSteps(): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <ol className={styles.list} data-testid="refresh-steps">
      {STEPS.map((step) => (
        <li key={step}>
          <Text>{t(`change:refresh.${step}`)}</Text>
        </li>
      ))}
    </ol>
  );
}
