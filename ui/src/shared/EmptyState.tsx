import { Text, makeStyles, tokens } from "@fluentui/react-components";
import type { FluentIcon } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useLayout } from "./layout";

const useStyles = makeStyles({
  root: {
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    textAlign: "center",
    gap: tokens.spacingVerticalM,
    padding: `${tokens.spacingVerticalXXXL} ${tokens.spacingHorizontalL}`,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow2,
  },
  icon: { width: "48px", height: "48px", color: tokens.colorBrandForeground1 },
  text: { color: tokens.colorNeutralForeground2, maxWidth: "52ch", textWrap: "balance", marginBottom: tokens.spacingVerticalS },
});

/** What would appear here, with one button to create it. */
export function EmptyState({ icon: Icon, title, text, action }: { icon: FluentIcon; title: string; text: string; action: ReactNode }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  return (
    <section className={styles.root}>
      <Icon className={styles.icon} aria-hidden />
      <Text as="h2" size={500} weight="semibold" className={layout.noMargin}>
        {title}
      </Text>
      <Text align="center" className={styles.text}>{text}</Text>
      {action}
    </section>
  );
}
