import { Text, Tooltip, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useFormat } from "../../shared/format";
import { useLayout } from "../../shared/layout";
import { Panel } from "../../shared/Panel";

const useStyles = makeStyles({
  card: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM, minWidth: 0 },
  words: { flex: "1 1 240px", display: "flex", flexDirection: "column", minWidth: 0 },
  title: { margin: 0, overflowWrap: "anywhere" },
});

interface Props {
  title: string;
  /** Since when it is pending, as text. */
  since: string;
  text: string;
  /** Buttons next to the title. */
  actions: ReactNode;
  testId: string;
  children: ReactNode;
}

/** A pending request or order. */
export function WaitingCard({ title, since, text, actions, testId, children }: Props): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const format = useFormat();
  return (
    <Panel className={styles.card} testId={testId}>
      <div className={layout.buttons}>
        <span className={styles.words}>
          <Text as="h3" weight="semibold" className={styles.title}>
            {title}
          </Text>
          <Tooltip content={format.moment(since)} relationship="description">
            <Text size={200} className={layout.quiet}>
              {text}
            </Text>
          </Tooltip>
        </span>
        {actions}
      </div>
      {children}
    </Panel>
  );
}
