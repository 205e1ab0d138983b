import { Panel } from "../../../shared/Panel";
import { Tab, TabList, Text } from "@fluentui/react-components";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Endpoint } from "../../../ipc/generated/Endpoint";
import { useLayout } from "../../../shared/layout";
import { TextBlock } from "../../../shared/TextBlock";
import { KEY_VARIABLE, SNIPPETS, type Snippet, snippetOf } from "./snippets";

/** Names of the languages, the same in all translations. */
const NAMES: Record<Snippet, string> = { curl: "curl", python: "Python", csharp: "C#", javascript: "JavaScript" };

/** The same call in other languages. */
export function SnippetPanel({ endpoint, url, version }: { endpoint: Endpoint; url: string; version: string | null }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const [language, setLanguage] = useState<Snippet>("curl");
  const named = endpoint.route === "extension" ? version : null;
  const text = snippetOf(language, { url, version: named, authenticated: endpoint.auth !== "none" });
  return (
    <Panel className={layout.column} testId="snippets">
      <Text>{t("calls:snippet.hint", { variable: KEY_VARIABLE })}</Text>
      <TabList selectedValue={language} onTabSelect={(_, { value }) => setLanguage(SNIPPETS.find((one) => one === value) ?? "curl")} aria-label={t("calls:snippet.languages")}>
        {SNIPPETS.map((one) => (
          <Tab key={one} value={one} data-testid={`snippet-${one}`}>
            {NAMES[one]}
          </Tab>
        ))}
      </TabList>
      <TextBlock text={text} label={t("calls:snippet.text")} copy={t("calls:snippet.copy")} testId="snippet" />
    </Panel>
  );
}
