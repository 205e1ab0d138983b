import { MessageBar, MessageBarBody, MessageBarTitle, Text } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CallAnswer } from "../../../ipc/generated/CallAnswer";
import type { CallOutcome } from "../../../ipc/generated/CallOutcome";
import { AzureLines } from "../../../shared/AzureLines";
import { FoldedText } from "../../../shared/FoldedText";
import { useLayout } from "../../../shared/layout";
import { TextBlock } from "../../../shared/TextBlock";

/** What came of a call. */
export function CallOutcomeView({ outcome }: { outcome: CallOutcome }): ReactNode {
  const { t } = useTranslation();
  const { answer, end, detail } = outcome;
  if (answer !== null) {
    return <AnswerView answer={answer} />;
  }
  return (
    <MessageBar intent="error" layout="multiline" data-testid="call-ended" data-end={end}>
      <MessageBarBody>
        <MessageBarTitle>{t(`calls:end.${end}`)}</MessageBarTitle>
        {detail !== null && <AzureLines lines={[detail]} />}
      </MessageBarBody>
    </MessageBar>
  );
}

function AnswerView({ answer }: { answer: CallAnswer }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const { status, tookMs, version, headers, body, bytes, isComplete } = answer;
  const good = status >= 200 && status < 300;
  return (
    <div className={layout.column} role="group" aria-label={t("calls:answer.title")} data-testid="answer">
      <MessageBar intent={good ? "success" : "error"} layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{t("calls:answered", { status })}</MessageBarTitle>{" "}
          {version === null ? t("calls:answer.took", { ms: tookMs }) : t("calls:answer.tookBy", { ms: tookMs, version })} {!good && <>{t(meaningOf(status))}</>}
        </MessageBarBody>
      </MessageBar>
      {body === null ? <Text>{t("calls:answer.noText", { bytes })}</Text> : <TextBlock text={pretty(body, isComplete)} label={t("calls:answer.body")} copy={t("calls:answer.copy")} testId="answer-body" />}
      {!isComplete && <Text>{t("calls:answer.cut", { bytes })}</Text>}
      <FoldedText title={t("calls:answer.headers")} text={headers.map(({ name, value }) => `${name}: ${value}`).join("\n")} />
    </div>
  );
}

/** What a status says, as far as Azure documents it for Kubernetes endpoints. */
function meaningOf(status: number): "calls:status.401" | "calls:status.404" | "calls:status.429" | "calls:status.502" | "calls:status.503" | "calls:status.504" | "calls:status.other" {
  switch (status) {
    case 401:
    case 403:
      return "calls:status.401";
    case 404:
      return "calls:status.404";
    case 429:
      return "calls:status.429";
    case 502:
      return "calls:status.502";
    case 503:
      return "calls:status.503";
    case 504:
      return "calls:status.504";
    default:
      return "calls:status.other";
  }
}

/** Numbers that JavaScript would change. */
const LONG_NUMBER = /\d{16}|\de[+-]?\d{3}/i;

/** JSON with line breaks; any other text as it is. */
function pretty(text: string, isComplete: boolean): string {
  if (!isComplete || LONG_NUMBER.test(text)) {
    return text;
  }
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
