import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { DnsRecord } from "../../ipc/generated/DnsRecord";
import { CopyButton } from "../CopyButton";
import { useLayout } from "../layout";
import { useDuration } from "../time";
import { DnsWatch } from "./DnsWatch";
import { ProviderText } from "./ProviderText";
import { TTL_SECONDS, zoneLine } from "./record";

const useStyles = makeStyles({
  root: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalL,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: `inset 0 0 0 1px ${tokens.colorNeutralStroke2}`,
    minWidth: 0,
    "@media (forced-colors: active)": { border: "1px solid CanvasText" },
  },
  top: { display: "flex", flexWrap: "wrap", alignItems: "flex-start", gap: tokens.spacingHorizontalM },
  record: { flex: "1 1 280px", display: "grid", gridTemplateColumns: "auto 1fr", gap: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalL}`, margin: 0, minWidth: 0 },
  value: { margin: 0, fontFamily: tokens.fontFamilyMonospace, overflowWrap: "anywhere" },
});

/** A DNS record: its values, how to create it, and whether DNS has it yet. */
export function DnsRecordCard({ record }: { record: DnsRecord }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const duration = useDuration();
  const line = zoneLine(record);
  const rows = [
    ["name", record.name],
    ["type", record.kind],
    ["value", record.value],
    ["ttl", duration(TTL_SECONDS)],
  ] as const;
  return (
    <div className={styles.root} role="group" aria-label={t("dns:of", { kind: record.kind, name: record.name })} data-testid={`dns-${record.name}`}>
      <div className={styles.top}>
        <dl className={styles.record}>
          {rows.map(([term, value]) => (
            <Row key={term} term={t(`dns:${term}`)} value={value} />
          ))}
        </dl>
        <CopyButton text={record.value} label={t("dns:copyValue")} testId="copy-dns-value" />
        {line !== null && <CopyButton text={line} label={t("dns:copyRecord")} testId="copy-dns-record" />}
      </div>
      <DnsWatch record={record} />
      <ProviderText record={record} />
    </div>
  );
}

function Row({ term, value }: { term: string; value: string }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  return (
    <>
      <dt className={layout.faint}>{term}</dt>
      <dd className={styles.value}>{value}</dd>
    </>
  );
}
