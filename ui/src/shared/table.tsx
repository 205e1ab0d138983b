import { TableHeaderCell, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

/** A table as a card of its own, with rows that open something. Widths of columns are the table's. */
export const useTableStyles = makeStyles({
  room: {
    overflowX: "auto",
    backgroundColor: tokens.colorNeutralBackground1,
    borderRadius: tokens.borderRadiusXLarge,
    boxShadow: tokens.shadow4,
    "@media (forced-colors: active)": { border: "1px solid CanvasText" },
  },
  row: { cursor: "pointer", ":last-child": { borderBottomStyle: "none" } },
  cell: { paddingTop: tokens.spacingVerticalS, paddingBottom: tokens.spacingVerticalS, overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** By which column a table is ordered. */
export interface Sorted<Column> {
  sort: Column;
  descending: boolean;
}

interface HeaderProps<Column> {
  column: Column;
  sorted: Sorted<Column>;
  onSort: (sorted: Sorted<Column>) => void;
  className?: string;
  children: ReactNode;
}

/** Head of a column to order a table by; pressed again, it turns the order round. */
export function SortableHeader<Column>({ column, sorted: { sort, descending }, onSort, className, children }: HeaderProps<Column>): ReactNode {
  const here = sort === column;
  return (
    <TableHeaderCell
      sortable
      className={className}
      sortDirection={here ? (descending ? "descending" : "ascending") : undefined}
      onClick={() => onSort({ sort: column, descending: here && !descending })}
    >
      {children}
    </TableHeaderCell>
  );
}
