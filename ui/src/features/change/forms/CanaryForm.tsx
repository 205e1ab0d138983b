import { Select, Text, makeStyles, tokens } from "@fluentui/react-components";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Change } from "../../../ipc/generated/Change";
import type { Endpoint } from "../../../ipc/generated/Endpoint";
import { FieldFindings, FormField, NumberField, TextField } from "../../../shared/fields";
import { useFormat } from "../../../shared/format";
import { PathField } from "../../../shared/PathField";
import { parseSteps } from "../canarySteps";

const useStyles = makeStyles({
  fields: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  limits: { margin: 0, paddingLeft: tokens.spacingHorizontalXXL, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS, maxWidth: "72ch" },
});

type Canary = Extract<Change, { kind: "canary" }>;

interface Props {
  endpoint: Endpoint;
  first: Canary;
  set: (change: Canary | null) => void;
}

const LIMITS = ["errors", "slow", "pods", "unsure"] as const;

/** The version, steps, time and sample of a canary, and when Berth stops it. */
export function CanaryForm({ endpoint, first, set }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const [typed, setTyped] = useState(first.canary.steps.join(", "));
  const [change, setChange] = useState(first);
  const keep = (next: Canary, text: string): void => {
    const steps = parseSteps(text);
    setChange(next);
    setTyped(text);
    set(steps === null ? null : { ...next, canary: { ...next.canary, steps } });
  };
  const edit = (part: Partial<Canary["canary"]>): void => keep({ ...change, canary: { ...change.canary, ...part } }, typed);
  return (
    <div className={styles.fields}>
      <VersionField endpoint={endpoint} version={change.canary.version} onChange={(version) => edit({ version })} />
      <TextField path="canary.steps" label={t("change:canary.steps")} hint={t("change:canary.stepsHint")} required value={typed} onChange={(text) => keep(change, text)} />
      <NumberField path="canary.minutes" label={t("change:canary.minutes")} hint={t("change:canary.minutesHint")} min={1} max={480} value={change.canary.minutes} onChange={(minutes) => edit({ minutes })} />
      <PathField field="sample" label={t("change:canary.sample")} hint={t("change:canary.sampleHint")} required value={change.sample} onChange={(sample) => keep({ ...change, sample }, typed)} kinds={["file"]} />
      <div data-field="canary">
        <FieldFindings path="canary" whole />
      </div>
      <Text weight="semibold">{t("change:canary.limits")}</Text>
      <ul className={styles.limits} data-testid="canary-limits">
        {LIMITS.map((limit) => (
          <li key={limit}>
            <Text>{t(`change:canary.${limit}`)}</Text>
          </li>
        ))}
      </ul>
    </div>
  );
}

function VersionField({ endpoint: { versions }, version, onChange }: { endpoint: Endpoint; version: string; onChange: (version: string) => void }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const chosen = versions.find(({ name }) => name === version);
  const traffic = chosen?.traffic ?? null;
  const hint = chosen === undefined ? undefined : traffic === null ? t("change:canary.versionUnknown") : t("change:canary.versionHint", { percent: format.percent(traffic) });
  return (
    <FormField path="canary.version" label={t("change:canary.version")} hint={hint} required>
      <Select value={version} onChange={(_, { value }) => onChange(value)} data-testid="canary-version">
        {chosen === undefined && <option value={version}>{version}</option>}
        {versions.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </Select>
    </FormField>
  );
}
