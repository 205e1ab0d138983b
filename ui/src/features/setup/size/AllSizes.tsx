import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Checkbox,
  SearchBox,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  makeStyles,
  mergeClasses,
  tokens,
} from "@fluentui/react-components";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SizeCatalogue } from "../../../ipc/generated/SizeCatalogue";
import type { VmSize } from "../../../ipc/generated/VmSize";
import { useFormat } from "../../../shared/format";
import { shortSize } from "../../../shared/resources";
import { useWizard } from "../wizard/WizardContext";
import { type SizeFilter, filterSizes, quotaLeft } from "./choices";

/** Rows shown; a location has several hundred sizes, and the filter finds the rest. */
const MOST_ROWS = 60;

const useStyles = makeStyles({
  filters: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM, paddingBottom: tokens.spacingVerticalS },
  room: { overflowX: "auto" },
  table: { minWidth: "560px" },
  name: { width: "190px" },
  pick: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS, cursor: "pointer", whiteSpace: "nowrap" },
  off: { color: tokens.colorNeutralForeground3, cursor: "not-allowed" },
  chosen: { backgroundColor: tokens.colorBrandBackground2 },
  input: { accentColor: tokens.colorCompoundBrandBackground, width: "16px", height: "16px", margin: 0 },
  quiet: { color: tokens.colorNeutralForeground3, display: "block", paddingTop: tokens.spacingVerticalS },
});

/** All sizes of the location: search, sort and select. */
export function AllSizes({ catalogue }: { catalogue: SizeCatalogue }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const format = useFormat();
  const [filter, setFilter] = useState<SizeFilter>({ text: "", gpuOnly: false, usableOnly: true, sort: "name", descending: false });
  const narrow = (part: Partial<SizeFilter>): void => setFilter((before) => ({ ...before, ...part }));
  const passing = filterSizes(catalogue.sizes, filter);
  return (
    <Accordion collapsible>
      <AccordionItem value="all">
        <AccordionHeader data-testid="all-sizes">{t("size:all", { count: catalogue.sizes.length, sizes: format.number(catalogue.sizes.length) })}</AccordionHeader>
        <AccordionPanel>
          <div className={styles.filters}>
            <SearchBox placeholder={t("size:search")} aria-label={t("size:search")} value={filter.text} onChange={(_, data) => narrow({ text: data.value })} data-testid="size-search" />
            <Checkbox label={t("size:gpuOnly")} checked={filter.gpuOnly} onChange={(_, data) => narrow({ gpuOnly: data.checked === true })} />
            <Checkbox label={t("size:usableOnly")} checked={filter.usableOnly} onChange={(_, data) => narrow({ usableOnly: data.checked === true })} />
          </div>
          <SizeTable catalogue={catalogue} sizes={passing.slice(0, MOST_ROWS)} filter={filter} onSort={narrow} />
          {passing.length === 0 && <Text className={styles.quiet}>{t("size:noMatch")}</Text>}
          {passing.length > MOST_ROWS && (
            <Text className={styles.quiet} size={200}>
              {t("size:more", { count: passing.length - MOST_ROWS })}
            </Text>
          )}
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  );
}

interface TableProps {
  catalogue: SizeCatalogue;
  sizes: readonly VmSize[];
  filter: SizeFilter;
  onSort: (part: Partial<SizeFilter>) => void;
}

function SizeTable({ catalogue, sizes, filter, onSort }: TableProps): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const header = (sort: SizeFilter["sort"], text: string, className: string): ReactNode => (
    <TableHeaderCell
      sortable
      className={className}
      sortDirection={filter.sort === sort ? (filter.descending ? "descending" : "ascending") : undefined}
      onClick={() => onSort({ sort, descending: filter.sort === sort && !filter.descending })}
    >
      {text}
    </TableHeaderCell>
  );
  const name = useId();
  return (
    <div className={styles.room}>
      <Table size="small" className={styles.table} aria-label={t("size:allTitle")} sortable>
        <TableHeader>
          <TableRow>
            {header("name", t("size:column.name"), styles.name)}
            {header("vcpus", "vCPU", "")}
            {header("memory", t("size:column.memory"), "")}
            <TableHeaderCell>GPU</TableHeaderCell>
            <TableHeaderCell>{t("size:column.quota")}</TableHeaderCell>
            <TableHeaderCell>{t("size:column.zones")}</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {sizes.map((size) => (
            <SizeRow key={size.name} size={size} group={name} left={quotaLeft(size, catalogue.usages)} />
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

function SizeRow({ size, group, left }: { size: VmSize; group: string; left: number | null }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const format = useFormat();
  const { spec, update } = useWizard();
  const chosen = spec.size.vmSize === size.name;
  const off = size.restricted !== null;
  return (
    <TableRow className={mergeClasses(chosen && styles.chosen)}>
      <TableCell>
        <label className={mergeClasses(styles.pick, off && styles.off)} data-testid={`size-${size.name}`}>
          <input
            type="radio"
            className={styles.input}
            name={group}
            checked={chosen}
            disabled={off}
            onChange={() => update((before) => ({ ...before, size: { ...before.size, vmSize: size.name } }))}
          />
          {shortSize(size.name)}
          {size.architecture !== "x64" && ` (${size.architecture})`}
        </label>
      </TableCell>
      <TableCell>{format.number(size.vcpus)}</TableCell>
      <TableCell>{t("size:gib", { memory: format.number(size.memoryGib, 1) })}</TableCell>
      <TableCell>{size.gpus === 0 ? "–" : format.number(size.gpus)}</TableCell>
      <TableCell>{off ? t("size:restricted") : left === null ? t("size:unknown") : format.number(left)}</TableCell>
      <TableCell>{size.zones.length === 0 ? "–" : size.zones.join(", ")}</TableCell>
    </TableRow>
  );
}
