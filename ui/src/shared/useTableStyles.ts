import { makeStyles, tokens } from "@fluentui/react-components";

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
