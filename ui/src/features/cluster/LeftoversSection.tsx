import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { BroomRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import { useNavigation } from "../../shared/navigation";
import { ObjectList } from "../../shared/ObjectList";
import { Panel } from "../../shared/Panel";
import { Section } from "../../shared/Section";
import { hasClassic } from "./changesOf";

const useStyles = makeStyles({
  panel: { display: "flex", flexDirection: "column", alignItems: "flex-start", gap: tokens.spacingVerticalM },
});

/** Leftovers of an earlier classic front end. They block the next attachment. */
export function LeftoversSection({ details }: { details: ClusterDetails }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { open } = useNavigation();
  if (details.leftovers.length === 0) {
    return null;
  }
  return (
    <Section level={2} title={t("clusters:section.leftovers")} hint={t("clusters:leftoversHint")}>
      <Panel className={styles.panel} testId="leftovers">
        <ObjectList objects={details.leftovers} />
        {!hasClassic(details) && (
          <Button icon={<BroomRegular />} onClick={() => open({ name: "change", target: { kind: "clean_up", clusterId: details.cluster.id } })} data-testid="do-clean_up">
            {t("clusters:do.clean_up")}
          </Button>
        )}
      </Panel>
    </Section>
  );
}
