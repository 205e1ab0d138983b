import { MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ReportedError } from "../ipc/generated/ReportedError";
import { AzureLines } from "./AzureLines";

interface Props {
  /** What the errors are about. */
  title: string;
  /** The outermost error first. */
  errors: readonly ReportedError[];
  testId?: string;
}

/** The errors that Azure reports on a resource, in its own words. */
export function ReportedErrors({ title, errors, testId = "reported-errors" }: Props): ReactNode {
  const { t } = useTranslation();
  if (errors.length === 0) {
    return null;
  }
  const line = ({ code, message }: ReportedError, at: number): string => {
    const said = [code, message].filter((part) => part !== "").join(": ");
    return `${t(`failures:azure.${at === 0 ? "title" : "detail"}`)}: ${said}`;
  };
  return (
    <MessageBar intent="error" layout="multiline" data-testid={testId}>
      <MessageBarBody>
        <MessageBarTitle>{title}</MessageBarTitle>
        <AzureLines lines={errors.map(line)} />
      </MessageBarBody>
    </MessageBar>
  );
}
