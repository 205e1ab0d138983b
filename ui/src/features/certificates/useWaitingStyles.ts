import { makeStyles, tokens } from "@fluentui/react-components";

/** How what waits looks. */
export const useWaitingStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  card: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM, minWidth: 0 },
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS },
  heading: { margin: 0, overflowWrap: "anywhere" },
  words: { flex: "1 1 240px", display: "flex", flexDirection: "column", minWidth: 0 },
  buttons: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS },
  quiet: { color: tokens.colorNeutralForeground2 },
  stack: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXL, maxWidth: "1080px" },
});
