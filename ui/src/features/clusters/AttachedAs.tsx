import { Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ComputeFacts } from "../../ipc/generated/ComputeFacts";
import { useLayout } from "../../shared/layout";
import { routeOf } from "../../shared/resources";

/** Computes shown in a row; the cluster page shows all. */
const MOST = 2;

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXS },
});

/** The computes of a cluster. */
export function AttachedAs({ computes }: { computes: readonly ComputeFacts[] }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  if (computes.length === 0) {
    return (
      <Text size={200} className={layout.faint}>
        {t("clusters:notAttached")}
      </Text>
    );
  }
  return (
    <ul className={styles.list}>
      {computes.slice(0, MOST).map((compute) => (
        <li key={compute.id}>
          {compute.name}{" "}
          <Text size={200} className={layout.faint}>
            {t("clusters:attachedIn", { route: t(`common:route.${routeOf(compute)}`), workspace: compute.workspace })}
          </Text>
        </li>
      ))}
      {computes.length > MOST && (
        <li>
          <Text size={200} className={layout.faint}>
            {t("clusters:more", { count: computes.length - MOST })}
          </Text>
        </li>
      )}
    </ul>
  );
}
