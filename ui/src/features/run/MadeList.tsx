import { Badge, Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MadeResource } from "../../ipc/generated/MadeResource";
import type { RunState } from "../../ipc/generated/RunState";
import { useLayout } from "../../shared/layout";
import { titleOf } from "../../shared/resources";

const useStyles = makeStyles({
  heading: { margin: `0 0 ${tokens.spacingVerticalS} 0` },
  row: { display: "flex", alignItems: "center", flexWrap: "wrap", gap: `0 ${tokens.spacingHorizontalS}` },
  id: { overflowWrap: "anywhere", color: tokens.colorNeutralForeground3, width: "100%" },
});

interface Props {
  made: readonly MadeResource[];
  state: RunState;
  /** Whether the run was meant to create something, so that "Nothing was created" is worth showing. */
  makes: boolean;
}

/** What an unfinished run has created, and its cost. */
export function MadeList({ made, state, makes }: Props): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const layout = useLayout();
  const ended = state === "failed" || state === "cancelled";
  if (made.length === 0) {
    return ended && makes ? <Text className={layout.quiet}>{t("run:made.none")}</Text> : null;
  }
  return (
    <section aria-labelledby="made" data-testid="made">
      <Text as="h2" id="made" size={400} weight="semibold" block className={styles.heading}>
        {t("run:made.title")}
      </Text>
      <ul className={layout.list}>
        {made.map((resource) => (
          <li key={resource.resourceId} className={styles.row}>
            <Text weight="semibold">{titleOf(resource.resourceId)}</Text>
            <Badge appearance="tint" color={resource.certain ? "informative" : "warning"}>
              {resource.certain ? t("run:made.exists") : t("run:made.mayExist")}
            </Badge>
            {resource.costs && (
              <Badge appearance="tint" color="warning">
                {t("run:made.costs")}
              </Badge>
            )}
            <Text size={200} className={styles.id}>
              {resource.resourceId}
            </Text>
          </li>
        ))}
      </ul>
    </section>
  );
}
