import { Button, Text, makeStyles, tokens } from "@fluentui/react-components";
import { PlugDisconnectedRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ComputeFacts } from "../../ipc/generated/ComputeFacts";
import { useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { nameOf, routeOf } from "../../shared/resources";
import { Section } from "../../shared/Section";

const useStyles = makeStyles({
  list: {
    listStyleType: "none",
    margin: 0,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    backgroundColor: tokens.colorNeutralBackground1,
    borderRadius: tokens.borderRadiusXLarge,
    boxShadow: tokens.shadow4,
  },
  row: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalM, padding: `${tokens.spacingVerticalXS} 0` },
  words: { display: "flex", flexDirection: "column", flex: 1, minWidth: 0, overflowWrap: "anywhere" },
});

/** Computes whose cluster no longer exists. */
export function OrphanList({ orphans }: { orphans: readonly ComputeFacts[] }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const { open } = useNavigation();
  return (
    <Section level={2} title={t("clusters:orphans.title")} hint={t("clusters:orphans.hint")}>
      <ul className={styles.list}>
        {orphans.map((compute) => (
          <li key={compute.id} className={styles.row} data-testid={`orphan-${compute.name}`}>
            <span className={styles.words}>
              <Text weight="semibold">{compute.name}</Text>
              <Text size={200} className={layout.faint}>
                {t("clusters:orphans.about", {
                  route: t(`common:route.${routeOf(compute)}`),
                  workspace: compute.workspace,
                  cluster: nameOf(compute.clusterId ?? ""),
                })}
              </Text>
            </span>
            <Button
              icon={<PlugDisconnectedRegular />}
              onClick={() => open({ name: "change", target: { kind: "detach", clusterId: "", computeId: compute.id } })}
              aria-label={t("clusters:orphans.detachNamed", { name: compute.name })}
              data-testid={`detach-${compute.name}`}
            >
              {t("clusters:do.detach")}
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
