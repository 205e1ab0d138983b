import { Button, Popover, PopoverSurface, PopoverTrigger, Text, makeStyles } from "@fluentui/react-components";
import {
  AddSquareRegular,
  ArchiveRegular,
  BeakerRegular,
  PlugConnectedRegular,
  PuzzlePieceRegular,
  QuestionCircleRegular,
  RocketRegular,
  ServerLinkRegular,
} from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ClusterChoice } from "../../../ipc/generated/ClusterChoice";
import type { Purpose } from "../../../ipc/generated/Purpose";
import type { Route } from "../../../ipc/generated/Route";
import { ChoiceCards } from "../../../shared/ChoiceCards";
import { FieldFindings } from "../../../shared/fields";
import { Section } from "../../../shared/Section";
import { useWizard } from "../wizard/WizardContext";
import { withClusterKind, withPurpose, withRoute } from "./choices";

const useStyles = makeStyles({
  advice: { maxWidth: "360px" },
});

/** Purpose, origin and route of the cluster. */
export default function PurposeStep(): ReactNode {
  const { t } = useTranslation();
  const { spec, update } = useWizard();
  return (
    <>
      <Section title={t("purpose:purposeLabel")}>
        <ChoiceCards<Purpose>
          field="purpose"
          label={t("purpose:purposeLabel")}
          value={spec.purpose}
          onChange={(purpose) => update((before) => withPurpose(before, purpose))}
          choices={[
            { value: "production", icon: RocketRegular, title: t("purpose:production.title"), text: t("purpose:production.text") },
            { value: "dev_test", icon: BeakerRegular, title: t("purpose:dev_test.title"), text: t("purpose:dev_test.text") },
          ]}
        />
        <FieldFindings path="purpose" />
      </Section>
      <Section title={t("purpose:clusterLabel")}>
        <ChoiceCards<ClusterChoice["kind"]>
          field="cluster"
          label={t("purpose:clusterLabel")}
          value={spec.cluster.kind}
          onChange={(kind) => update((before) => withClusterKind(before, kind))}
          choices={[
            { value: "create", icon: AddSquareRegular, title: t("purpose:create.title"), text: t("purpose:create.text") },
            { value: "existing", icon: PlugConnectedRegular, title: t("purpose:existing.title"), text: t("purpose:existing.text") },
            ...(spec.route === "classic"
              ? [{ value: "create_through_aml" as const, icon: ArchiveRegular, title: t("purpose:aml.title"), text: t("purpose:aml.text") }]
              : []),
          ]}
        />
        <FieldFindings path="cluster" />
      </Section>
      <Section title={t("purpose:routeLabel")}>
        <ChoiceCards<Route>
          field="route"
          label={t("purpose:routeLabel")}
          value={spec.route}
          onChange={(route) => update((before) => withRoute(before, route))}
          choices={[
            {
              value: "extension",
              icon: PuzzlePieceRegular,
              title: t("purpose:extension.title"),
              text: t("purpose:extension.text"),
              badge: t("purpose:extension.badge"),
            },
            { value: "classic", icon: ServerLinkRegular, title: t("purpose:classic.title"), text: t("purpose:classic.text") },
          ]}
        />
        <FieldFindings path="route" />
        <WhichRoute />
      </Section>
    </>
  );
}

function WhichRoute(): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <div>
      <Popover withArrow positioning="above-start">
        <PopoverTrigger disableButtonEnhancement>
          <Button size="small" appearance="subtle" icon={<QuestionCircleRegular />} data-testid="which-route">
            {t("purpose:routeWhich")}
          </Button>
        </PopoverTrigger>
        <PopoverSurface className={styles.advice} aria-label={t("purpose:routeWhich")}>
          <Text>{t("purpose:routeAdvice")}</Text>
        </PopoverSurface>
      </Popover>
    </div>
  );
}
