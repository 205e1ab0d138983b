import { Button, Text, makeStyles, mergeClasses } from "@fluentui/react-components";
import { DeleteRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useDangerStyles, useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { Panel } from "../../shared/Panel";
import { Section } from "../../shared/Section";

const useStyles = makeStyles({
  words: { flex: "1 1 320px", minWidth: 0, overflowWrap: "anywhere" },
});

/** Deleting an endpoint or a service. */
export function DangerSection({ endpointId }: { endpointId: string }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const danger = useDangerStyles();
  const { t } = useTranslation();
  const { open } = useNavigation();
  return (
    <Section level={2} title={t("endpoints:section.danger")}>
      <Panel className={mergeClasses(layout.bar, danger.part)} testId="danger">
        <Text className={styles.words}>{t("endpoints:deleteHint")}</Text>
        <Button className={danger.button} icon={<DeleteRegular />} onClick={() => open({ name: "change", target: { kind: "delete_endpoint", endpointId } })} data-testid="delete-endpoint">
          {t("endpoints:deleteEndpoint")}
        </Button>
      </Panel>
    </Section>
  );
}
