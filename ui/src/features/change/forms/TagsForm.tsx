import { Button, Input, Text, makeStyles, tokens } from "@fluentui/react-components";
import { AddRegular, DismissRegular } from "@fluentui/react-icons";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Change } from "../../../ipc/generated/Change";

interface Row {
  id: number;
  name: string;
  value: string;
}

const useStyles = makeStyles({
  rows: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  row: { display: "grid", gridTemplateColumns: "1fr 1fr auto", gap: tokens.spacingHorizontalS, alignItems: "center" },
  input: { minWidth: 0, width: "100%" },
  twice: { color: tokens.colorStatusDangerForeground1 },
});

/** A name used in two rows; Azure tag names are case-insensitive. */
function namedTwice(rows: readonly Row[]): string | undefined {
  const names = rows.map(({ name }) => name.trim().toLowerCase()).filter((name) => name !== "");
  return names.find((name, at) => names.indexOf(name) !== at);
}

interface Props {
  /** The cluster or compute. */
  resourceId: string;
  /** Its current tags. */
  first: Readonly<Record<string, string>>;
  set: (change: Change | null) => void;
}

/** Edits all tags: change, add and remove rows. */
export function TagsForm({ resourceId, first, set }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const [rows, setRows] = useState<readonly Row[]>(() => Object.entries(first).map(([name, value], id) => ({ id, name, value })));
  const twice = namedTwice(rows);
  const keep = (next: readonly Row[]): void => {
    setRows(next);
    const tags = next.map(({ name, value }) => [name.trim(), value.trim()] as const).filter(([name, value]) => name !== "" || value !== "");
    set(namedTwice(next) === undefined ? { kind: "tags", resourceId, tags: Object.fromEntries(tags) } : null);
  };
  const alter = (id: number, part: Partial<Row>): void => keep(rows.map((row) => (row.id === id ? { ...row, ...part } : row)));
  const add = (): void => setRows([...rows, { id: Math.max(-1, ...rows.map((row) => row.id)) + 1, name: "", value: "" }]);
  return (
    <div className={styles.rows} data-field="tags">
      {rows.map((row, at) => {
        const named = row.name === "" ? String(at + 1) : row.name;
        return (
          <div key={row.id} className={styles.row}>
            <Input
              className={styles.input}
              value={row.name}
              onChange={(_, data) => alter(row.id, { name: data.value })}
              aria-label={t("change:tags.name", { at: at + 1 })}
              placeholder={t("change:tags.namePlaceholder")}
              spellCheck={false}
              data-testid={`tag-name-${at}`}
            />
            <Input
              className={styles.input}
              value={row.value}
              onChange={(_, data) => alter(row.id, { value: data.value })}
              aria-label={t("change:tags.value", { name: named })}
              placeholder={t("change:tags.valuePlaceholder")}
              spellCheck={false}
              data-testid={`tag-value-${at}`}
            />
            <Button
              appearance="subtle"
              icon={<DismissRegular />}
              onClick={() => keep(rows.filter((other) => other.id !== row.id))}
              aria-label={t("change:tags.remove", { name: named })}
              data-testid={`tag-remove-${at}`}
            />
          </div>
        );
      })}
      {twice !== undefined && (
        <Text size={200} className={styles.twice} role="alert">
          {t("change:tags.twice", { name: twice })}
        </Text>
      )}
      <div>
        <Button icon={<AddRegular />} onClick={add} data-testid="add-tag">
          {t("change:tags.add")}
        </Button>
      </div>
    </div>
  );
}
