import { Button, Text, makeStyles, mergeClasses } from "@fluentui/react-components";
import { DeleteRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import { useDangerStyles, useLayout } from "../../shared/layout";
import { type Target, useNavigation } from "../../shared/navigation";
import { Panel } from "../../shared/Panel";
import { Section } from "../../shared/Section";

const useStyles = makeStyles({
  words: { flex: "1 1 320px", minWidth: 0, overflowWrap: "anywhere" },
});

/** Destructive changes. A cluster created by Azure ML is deleted through its compute. */
export function DangerSection({ details: { cluster, computes } }: { details: ClusterDetails }): ReactNode {
  const layout = useLayout();
  const danger = useDangerStyles();
  const { t } = useTranslation();
  const made = computes.filter(({ compute }) => compute.isAttached === false);
  return (
    <Section level={2} title={t("clusters:section.danger")}>
      <Panel className={mergeClasses(layout.column, danger.part)} testId="danger">
        {made.map(({ compute }) => (
          <DeleteRow
            key={compute.id}
            words={t("clusters:deleteWith", { compute: compute.name, cluster: cluster.name })}
            text={t("clusters:do.delete_with_cluster")}
            name={t("clusters:deleteWithNamed", { name: compute.name })}
            target={{ kind: "delete_with_cluster", clusterId: cluster.id, computeId: compute.id }}
          />
        ))}
        <DeleteRow
          words={t("clusters:deleteHint", { group: cluster.nodeResourceGroup })}
          text={t("clusters:do.delete_cluster")}
          target={{ kind: "delete_cluster", clusterId: cluster.id }}
        />
      </Panel>
    </Section>
  );
}

function DeleteRow({ words, text, name, target }: { words: string; text: string; name?: string; target: Target }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const danger = useDangerStyles();
  const { open } = useNavigation();
  return (
    <div className={layout.bar}>
      <Text className={styles.words}>{words}</Text>
      <Button className={danger.button} icon={<DeleteRegular />} onClick={() => open({ name: "change", target })} aria-label={name} data-testid={`do-${target.kind}`}>
        {text}
      </Button>
    </div>
  );
}
