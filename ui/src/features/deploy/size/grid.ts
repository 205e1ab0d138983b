import { makeStyles, tokens } from "@fluentui/react-components";

/** Columns of short fields. */
export const useGrid = makeStyles({
  fields: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fill, minmax(min(100%, 240px), 1fr))",
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalXS,
  },
  wide: { maxWidth: "480px" },
});
