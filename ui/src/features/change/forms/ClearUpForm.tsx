import { Checkbox, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Change } from "../../../ipc/generated/Change";
import { Section } from "../../../shared/Section";
import { nameToType } from "../open";
import { ConfirmForm } from "./ConfirmForm";

const useStyles = makeStyles({
  list: {
    display: "flex",
    flexDirection: "column",
    overflowWrap: "anywhere",
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
  },
});

interface Props {
  change: Extract<Change, { kind: "clear_up" }>;
  /** Everything the run created, in order. */
  made: readonly string[];
  set: (change: Change) => void;
}

/** What is removed, in order; resources can be excluded. Deleting a cluster or resource group requires its typed name. */
export function ClearUpForm({ change, made, set }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const name = nameToType(change, null);
  const choose = (id: string, chosen: boolean): void => {
    const kept = (other: string): boolean => (other === id ? chosen : change.resources.includes(other));
    set({ ...change, resources: made.filter(kept) });
  };
  return (
    <>
      <Section title={t("change:going")}>
        <div role="group" aria-label={t("change:going")} className={styles.list} data-field="resources" data-testid="going">
          {[...made].reverse().map((id) => (
            <Checkbox key={id} label={id} checked={change.resources.includes(id)} onChange={(_, data) => choose(id, data.checked === true)} />
          ))}
        </div>
      </Section>
      {name !== null && <ConfirmForm name={name} typed={change.confirm} onType={(confirm) => set({ ...change, confirm })} />}
    </>
  );
}
