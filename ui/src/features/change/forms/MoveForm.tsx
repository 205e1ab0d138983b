import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Change } from "../../../ipc/generated/Change";
import { TextField } from "../../../shared/fields";

const useStyles = makeStyles({
  fields: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
});

interface Props {
  change: Extract<Change, { kind: "move" }>;
  set: (change: Change) => void;
}

/** Name and namespace of the new compute. */
export function MoveForm({ change, set }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <div className={styles.fields}>
      <TextField
        path="place.computeName"
        label={t("change:move.newCompute")}
        hint={t("place:computeNameRule")}
        required
        value={change.newCompute}
        onChange={(typed) => set({ ...change, newCompute: typed.trim() })}
      />
      <TextField
        path="place.namespace"
        label={t("place:namespace")}
        hint={t("change:move.namespaceHint")}
        placeholder="default"
        value={change.namespace}
        onChange={(typed) => set({ ...change, namespace: typed.trim() })}
      />
    </div>
  );
}
