import { Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Cause } from "../../ipc/generated/Cause";
import { SeverityIcon } from "../FindingList";
import { FoldedText } from "../FoldedText";
import { useFormat } from "../format";
import { useLayout } from "../layout";

const useStyles = makeStyles({
  cause: {
    display: "grid",
    gridTemplateColumns: "20px 1fr",
    columnGap: tokens.spacingHorizontalS,
    padding: tokens.spacingHorizontalL,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: `inset 0 0 0 1px ${tokens.colorNeutralStroke2}`,
  },
  words: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS, minWidth: 0, overflowWrap: "anywhere" },
  remedy: { fontWeight: tokens.fontWeightSemibold },
});

/** Causes with remedies; the evidence is collapsed below. */
export function CauseList({ causes }: { causes: readonly Cause[] }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  return (
    <ul className={layout.list}>
      {causes.map((cause) => (
        <li key={`${cause.code} ${cause.evidence.join(" ")}`} className={styles.cause} data-testid={`cause-${cause.code}`} data-severity={cause.severity}>
          <SeverityIcon severity={cause.severity} />
          <Words cause={cause} />
        </li>
      ))}
    </ul>
  );
}

function Words({ cause }: { cause: Cause }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const layout = useLayout();
  const values = useFormat().withDays(cause.params);
  const say = (key: string, otherwise: string): string => t(`diagnosis:${key}`, { ...values, defaultValue: otherwise });
  const evidence = cause.evidence.join("\n");
  return (
    <div className={styles.words}>
      <Text as="h3" size={400} weight="semibold" className={layout.noMargin}>
        {say(`cause.${cause.code}.title`, cause.code)}
      </Text>
      <Text>{say(`cause.${cause.code}.explanation`, "")}</Text>
      <Text className={styles.remedy}>{say(`remedy.${cause.remedy}`, "")}</Text>
      <Text size={200} className={layout.faint}>
        {cause.code} · {t("diagnosis:panel.source", { source: cause.source })}
      </Text>
      {evidence !== "" && <FoldedText title={t("diagnosis:panel.evidence")} text={evidence} />}
    </div>
  );
}
