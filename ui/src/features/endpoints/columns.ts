import { makeStyles } from "@fluentui/react-components";
import { useMedia } from "../../shared/media";

const FEW_QUERY = "(max-width: 1049px)";

/** Windows without room for all columns of the endpoints or their versions. */
export const FEW = `@media ${FEW_QUERY}`;

/** How many columns a cell spans to fill its row. Spanning more would add columns. */
export function useSpan(all: number, few: number): number {
  return useMedia(FEW_QUERY) ? few : all;
}

/** Columns that such a window leaves out, and the lines that say the same below those that stay. */
export const useColumnStyles = makeStyles({
  left: { [FEW]: { display: "none" } },
  said: { display: "none", [FEW]: { display: "block" } },
});
