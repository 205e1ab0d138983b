import { Field, Select, Switch, Text, makeStyles, tokens } from "@fluentui/react-components";
import { KeyRegular, WarningRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../ipc/call";
import { ChoiceCards } from "../../shared/ChoiceCards";
import { FailureNotice } from "../../shared/FailureNotice";
import { LANGUAGES } from "../../shared/i18n";
import { useLayout } from "../../shared/layout";
import { PageHeader } from "../../shared/PageHeader";
import { Section } from "../../shared/Section";
import { useSettings } from "../../shared/settings";

const useStyles = makeStyles({
  page: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXXL,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXXL}`,
  },
  body: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXL, maxWidth: "720px" },
  narrow: { maxWidth: "320px" },
  line: { display: "flex", gap: tokens.spacingHorizontalS, alignItems: "center" },
});

/** Language, theme, reminders, secret storage and version. */
export default function SettingsPage(): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const id = useId();
  const { settings, change, failure } = useSettings();
  const { data: info } = useQuery({ queryKey: ["app_info"], queryFn: () => call("app_info", {}), staleTime: Number.POSITIVE_INFINITY });
  return (
    <div className={styles.page}>
      <PageHeader title={t("settings:title")} />
      <div className={styles.body}>
        {failure !== null && <FailureNotice failure={failure} />}
      <Field label={{ children: t("settings:language"), htmlFor: id }} className={styles.narrow}>
        <Select id={id} value={settings.language} onChange={(_, data) => change({ language: data.value })} data-testid="field-language">
          <option value="system">{t("settings:system")}</option>
          {LANGUAGES.map((language) => (
            <option key={language.code} value={language.code} lang={language.code}>
              {language.name}
            </option>
          ))}
        </Select>
      </Field>
      <Section level={2} title={t("settings:theme")}>
        <ChoiceCards
          field="theme"
          label={t("settings:theme")}
          columns={3}
          value={settings.theme}
          onChange={(theme) => change({ theme })}
          choices={["system", "light", "dark"].map((value) => ({ value, title: t(`settings:${value}`) }))}
        />
      </Section>
      <Section level={2} title={t("settings:reminders")} hint={t("settings:remindHint")}>
        <Switch label={t("settings:remind")} checked={settings.reminders} onChange={(_, data) => change({ reminders: data.checked })} data-testid="field-reminders" />
      </Section>
      <Section level={2} title={t("settings:secrets")}>
        {info !== undefined && (
          <div className={styles.line}>
            {info.keychain ? <KeyRegular fontSize={20} aria-hidden /> : <WarningRegular fontSize={20} aria-hidden />}
            <Text data-testid="keychain">{info.keychain ? t("settings:keychain") : t("settings:noKeychain")}</Text>
          </div>
        )}
        {info?.keychainProblem != null && (
          <Text size={200} className={layout.faint}>
            {info.keychainProblem}
          </Text>
        )}
      </Section>
      <Section level={2} title={t("settings:about")}>
        <Text>{info === undefined ? "" : t("settings:version", { version: info.version })}</Text>
      </Section>
      </div>
    </div>
  );
}
