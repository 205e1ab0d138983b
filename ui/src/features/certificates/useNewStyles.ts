import { makeStyles, tokens } from "@fluentui/react-components";

/** How the forms for a new certificate look. */
export const useNewStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM, maxWidth: "560px" },
  narrow: { maxWidth: "420px" },
});
