import { Spinner, Text, Tooltip } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "./format";
import { useLayout } from "./layout";
import { useNow } from "./time";

/** Data younger than this counts as "just now". */
const JUST_NOW_MS = 60_000;

/** The age of what was read from Azure, and whether it is being read again. */
export function ReadAge({ readAt, reading, testId }: { readAt: string; reading: boolean; testId: string }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(true);
  return (
    <>
      <Tooltip content={format.moment(readAt)} relationship="description">
        <Text size={200} className={layout.quiet} data-testid={testId}>
          {now - Date.parse(readAt) < JUST_NOW_MS ? t("common:readNow") : t("common:read", { when: format.relative(readAt, now) })}
        </Text>
      </Tooltip>
      {reading && <Spinner size="tiny" label={t("common:reading")} labelPosition="after" />}
    </>
  );
}
