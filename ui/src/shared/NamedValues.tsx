import { Button, Input, Text, makeStyles, tokens } from "@fluentui/react-components";
import { AddRegular, DismissRegular } from "@fluentui/react-icons";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

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

interface Props {
  /** Path of the field. */
  field: string;
  /** Prefix of the test IDs. */
  testId: string;
  /** Keys of the texts: `name`, `value`, `remove`, `twice`, `add` and the placeholders. */
  texts: string;
  first: Readonly<Record<string, string>>;
  /** Whether names that differ only in case are the same. */
  ignoresCase: boolean;
  /** Called with all pairs; `null` while a name is used twice. */
  onChange: (values: Record<string, string> | null) => void;
}

/** Edits names with values: change, add and remove rows. */
export function NamedValues({ field, testId, texts, first, ignoresCase, onChange }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const [rows, setRows] = useState<readonly Row[]>(() => Object.entries(first).map(([name, value], id) => ({ id, name, value })));
  const namedTwice = (all: readonly Row[]): string | undefined => {
    const names = all.map(({ name }) => (ignoresCase ? name.trim().toLowerCase() : name.trim())).filter((name) => name !== "");
    return names.find((name, at) => names.indexOf(name) !== at);
  };
  const twice = namedTwice(rows);
  const keep = (next: readonly Row[]): void => {
    setRows(next);
    const pairs = next.map(({ name, value }) => [name.trim(), value.trim()] as const).filter(([name, value]) => name !== "" || value !== "");
    onChange(namedTwice(next) === undefined ? Object.fromEntries(pairs) : null);
  };
  const alter = (id: number, part: Partial<Row>): void => keep(rows.map((row) => (row.id === id ? { ...row, ...part } : row)));
  const add = (): void => setRows([...rows, { id: Math.max(-1, ...rows.map((row) => row.id)) + 1, name: "", value: "" }]);
  return (
    <div className={styles.rows} data-field={field}>
      {rows.map((row, at) => {
        const named = row.name === "" ? String(at + 1) : row.name;
        return (
          <div key={row.id} className={styles.row}>
            <Input
              className={styles.input}
              value={row.name}
              onChange={(_, data) => alter(row.id, { name: data.value })}
              aria-label={t(`${texts}.name`, { at: at + 1 })}
              placeholder={t(`${texts}.namePlaceholder`)}
              spellCheck={false}
              data-testid={`${testId}-name-${at}`}
            />
            <Input
              className={styles.input}
              value={row.value}
              onChange={(_, data) => alter(row.id, { value: data.value })}
              aria-label={t(`${texts}.value`, { name: named })}
              placeholder={t(`${texts}.valuePlaceholder`)}
              spellCheck={false}
              data-testid={`${testId}-value-${at}`}
            />
            <Button
              appearance="subtle"
              icon={<DismissRegular />}
              onClick={() => keep(rows.filter((other) => other.id !== row.id))}
              aria-label={t(`${texts}.remove`, { name: named })}
              data-testid={`${testId}-remove-${at}`}
            />
          </div>
        );
      })}
      {twice !== undefined && (
        <Text size={200} className={styles.twice} role="alert">
          {t(`${texts}.twice`, { name: twice })}
        </Text>
      )}
      <div>
        <Button icon={<AddRegular />} onClick={add} data-testid={`add-${testId}`}>
          {t(`${texts}.add`)}
        </Button>
      </div>
    </div>
  );
}
