import { Switch, Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { FieldFindings, TextField } from "../fields";
import { useFormFindings } from "../formFindings";
import { useLayout } from "../layout";
import { Section } from "../Section";
import { type TlsOf, type UpdateTls, withMicrosoft } from "./choices";

const useStyles = makeStyles({
  mono: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: "anywhere" },
});

interface Props {
  tls: TlsOf<"microsoft">;
  update: UpdateTls;
  /** Azure's short location name of the cluster; empty if unknown. */
  location: string;
}

/** A Microsoft certificate, by its domain label. */
export function MicrosoftFields({ tls, update, location: known }: Props): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const { touch } = useFormFindings();
  const label = tls.leafDomainLabel === "" ? t("tls:microsoft.yourLabel") : tls.leafDomainLabel;
  const location = known === "" ? t("tls:microsoft.location") : known;
  return (
    <Section title={t("tls:microsoft.title")}>
      <div className={layout.narrow}>
        <TextField
          path="tls.leafDomainLabel"
          label={t("tls:microsoft.label")}
          hint={t("tls:microsoft.labelHint")}
          required
          placeholder="contoso"
          value={tls.leafDomainLabel}
          onChange={(typed) => update((before) => withMicrosoft(before, { leafDomainLabel: typed.trim() }))}
        />
      </div>
      <div data-testid="microsoft-address">
        <Text size={200} className={layout.quiet} block>
          {t("tls:microsoft.address")}
        </Text>
        <Text className={styles.mono}>{`https://${label}••••••.${location}.cloudapp.azure.com`}</Text>
      </div>
      <div data-field="tls.overwriteExistingDomain">
        <Switch
          label={t("tls:microsoft.overwrite")}
          checked={tls.overwriteExistingDomain}
          onChange={(_, data) => {
            update((before) => withMicrosoft(before, { overwriteExistingDomain: data.checked }));
            touch("tls.overwriteExistingDomain");
          }}
          data-testid="field-tls.overwriteExistingDomain"
        />
        <FieldFindings path="tls.overwriteExistingDomain" />
      </div>
    </Section>
  );
}
