import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, Badge, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { DeploySpec } from "../../../ipc/generated/DeploySpec";
import { FieldFindings } from "../../../shared/fields";
import { NamedValues } from "../../../shared/NamedValues";
import { Section } from "../../../shared/Section";
import { useDeploy } from "../wizard/DeployContext";
import { MonitoringFields } from "./MonitoringFields";
import { ProbeFields } from "./ProbeFields";
import { LimitFields, RequestFields } from "./RequestFields";

const useStyles = makeStyles({
  // Aligns the chevrons with the content.
  list: { margin: `0 calc(-1 * ${tokens.spacingHorizontalM})` },
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS },
  panel: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM, paddingBottom: tokens.spacingVerticalM },
});

/** A part that most people leave at its defaults. */
interface Part {
  /** Path of the field that it edits; the focus of a finding falls back to its header. */
  field: string;
  /** Whether it differs from the defaults. */
  changed: (spec: DeploySpec) => boolean;
  /** Whether what is deployed has it; always if absent. */
  applies?: (spec: DeploySpec) => boolean;
}

const hasAny = (values: object): boolean => Object.values(values).some((value) => value !== null && value !== "");

const PARTS = [
  { field: "requests", changed: ({ requests }) => hasAny(requests) },
  { field: "resources", changed: ({ resources }) => resources.cpuLimit !== "" || resources.memoryLimit !== "" },
  { field: "liveness", changed: ({ liveness }) => liveness !== null },
  { field: "readiness", changed: ({ readiness }) => readiness !== null, applies: ({ route }) => route === "extension" },
  { field: "appInsights", changed: ({ appInsights, dataCollection }) => appInsights || dataCollection },
  {
    field: "environmentVariables",
    changed: ({ environmentVariables }) => hasAny(environmentVariables),
    // On the classic route, an environment brings its variables. What was typed before can be removed.
    applies: ({ route, serving, environmentVariables }) => route === "extension" || serving.kind === "script" || hasAny(environmentVariables),
  },
  { field: "tags", changed: ({ tags }) => hasAny(tags) },
] as const satisfies readonly Part[];

/** What most people leave at its defaults. */
export function Advanced(): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { spec } = useDeploy();
  return (
    <Section title={t("deploy:advanced.title")} hint={t("deploy:advanced.hint")}>
      <Accordion collapsible multiple className={styles.list}>
        {PARTS.filter((part) => !("applies" in part) || part.applies(spec)).map(({ field, changed }) => (
          <AccordionItem key={field} value={field} data-field={`${field}`}>
            <AccordionHeader data-testid={`advanced-${field}`}>
              <span className={styles.head}>
                {t(`deploy:advanced.${field}`)}
                {changed(spec) && (
                  <Badge appearance="tint" color="brand">
                    {t("deploy:advanced.changed")}
                  </Badge>
                )}
              </span>
            </AccordionHeader>
            <AccordionPanel className={styles.panel}>
              <PartFields field={field} />
            </AccordionPanel>
          </AccordionItem>
        ))}
      </Accordion>
    </Section>
  );
}

function PartFields({ field }: { field: (typeof PARTS)[number]["field"] }): ReactNode {
  const { spec, update } = useDeploy();
  switch (field) {
    case "requests":
      return <RequestFields />;
    case "resources":
      return <LimitFields />;
    case "liveness":
    case "readiness":
      return <ProbeFields name={field} />;
    case "appInsights":
      return <MonitoringFields />;
    case "environmentVariables":
      return (
        <>
          <NamedValues
            field={field}
            testId="variable"
            texts="deploy:variables"
            first={spec.environmentVariables}
            ignoresCase={false}
            onChange={(values) => values !== null && update((before) => ({ ...before, environmentVariables: values }))}
          />
          <FieldFindings path={field} />
        </>
      );
    case "tags":
      return <NamedValues field={field} testId="tag" texts="change:tags" first={spec.tags} ignoresCase onChange={(tags) => tags !== null && update((before) => ({ ...before, tags }))} />;
  }
}
