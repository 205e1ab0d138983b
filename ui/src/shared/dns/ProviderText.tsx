import { Field, Input, Select, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { DnsProvider } from "../../ipc/generated/DnsProvider";
import type { DnsRecord } from "../../ipc/generated/DnsRecord";
import { FailureNotice } from "../FailureNotice";
import { TextBlock } from "../TextBlock";
import { useDebounced } from "../time";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS, minWidth: 0 },
  row: { display: "flex", flexWrap: "wrap", gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}` },
  provider: { flex: "1 1 220px", minWidth: 0, maxWidth: "320px" },
  zone: { flex: "1 1 180px", minWidth: 0, maxWidth: "280px" },
  control: { minWidth: 0, width: "100%" },
});

/** The selected DNS provider; the selection lasts while Berth is open. */
function useProvider(): [DnsProvider | null, (provider: DnsProvider) => void] {
  const queries = useQueryClient();
  const key = ["dns-provider"];
  const [chosen, setChosen] = useState(() => queries.getQueryData<DnsProvider>(key) ?? null);
  const choose = (provider: DnsProvider): void => {
    queries.setQueryData(key, provider);
    setChosen(provider);
  };
  return [chosen, choose];
}

/** The record in the format of the selected DNS provider. */
export function ProviderText({ record }: { record: DnsRecord }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const id = useId();
  const [provider, choose] = useProvider();
  const [typed, setTyped] = useState<string | null>(null);
  const zone = useDebounced(typed === null || typed.trim() === "" ? null : typed.trim(), 400);
  const { data, error, refetch } = useQuery({
    queryKey: ["dns-texts", record, zone],
    queryFn: () => call("dns_texts", { record, zone }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  });
  const shown = data?.texts.find((text) => text.provider === provider) ?? data?.texts[0];
  return (
    <div className={styles.root}>
      <div className={styles.row}>
        <Field className={styles.provider} label={{ children: t("dns:provider"), htmlFor: id }}>
          <Select
            id={id}
            className={styles.control}
            select={{ className: styles.control }}
            value={shown?.provider ?? ""}
            onChange={(_, { value }) => {
              const found = data?.texts.find((text) => text.provider === value);
              if (found !== undefined) {
                choose(found.provider);
              }
            }}
            data-testid="dns-provider"
          >
            {data?.texts.map((text) => (
              <option key={text.provider} value={text.provider}>
                {t(`dns:providers.${text.provider}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field className={styles.zone} label={t("dns:zone")}>
          <Input className={styles.control} value={typed ?? data?.zone ?? ""} onChange={(_, { value }) => setTyped(value)} spellCheck={false} data-testid="dns-zone" />
        </Field>
      </div>
      {error === null ? (
        <TextBlock text={shown?.text ?? ""} label={t("dns:text")} copy={t("dns:copyText")} testId="dns-text" />
      ) : (
        <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} testId="dns-texts-failure" />
      )}
    </div>
  );
}
