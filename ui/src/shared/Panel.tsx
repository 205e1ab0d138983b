import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  panel: {
    padding: tokens.spacingHorizontalL,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow4,
    "@media (forced-colors: active)": { border: "1px solid CanvasText" },
  },
});

/** A card on a page. */
export function Panel({ className, testId, children }: { className?: string; testId?: string; children: ReactNode }): ReactNode {
  const styles = useStyles();
  return (
    <div className={mergeClasses(styles.panel, className)} data-testid={testId}>
      {children}
    </div>
  );
}
