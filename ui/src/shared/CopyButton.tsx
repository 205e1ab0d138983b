import { Button, Tooltip } from "@fluentui/react-components";
import { CheckmarkRegular, CopyRegular } from "@fluentui/react-icons";
import { type MouseEvent, type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  text: string;
  label: string;
  /** Shows only the icon, for rows of a table; the label is its name and tooltip. */
  iconOnly?: boolean;
  size?: "small" | "medium";
  testId?: string;
}

/** Copies a text and briefly confirms it. */
export function CopyButton({ text, label, iconOnly = false, size = "small", testId }: Props): ReactNode {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    const timer = copied ? setTimeout(() => setCopied(false), 2000) : undefined;
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (event: MouseEvent): void => {
    // In a row that opens on a click.
    event.stopPropagation();
    void navigator.clipboard.writeText(text).then(() => setCopied(true));
  };
  const shown = copied ? t("common:copied") : label;
  const button = (
    <Button size={size} appearance="subtle" icon={copied ? <CheckmarkRegular /> : <CopyRegular />} onClick={copy} data-testid={testId}>
      {iconOnly ? undefined : shown}
    </Button>
  );
  return iconOnly ? (
    <Tooltip content={shown} relationship="label">
      {button}
    </Tooltip>
  ) : (
    button
  );
}
