import { TableHeaderCell, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

/** Where a page has room for few columns. */
export const NARROW = "@media (max-width: 760px)";

/** A table card with clickable rows. The table sets the column widths. */
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
  // Columns that a narrow window leaves out, and the lines that say the same below those that stay.
  wide: { [NARROW]: { display: "none" } },
  narrow: { display: "none", [NARROW]: { display: "block" } },
});

/** The sort order of a table. */
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

/** A sortable column header; clicking again reverses the order. */
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
