import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { TextField } from "../../../shared/fields";
import { useLayout } from "../../../shared/layout";

interface Props {
  /** The name of what is deleted. */
  name: string;
  typed: string;
  onType: (typed: string) => void;
}

/** Requires the typed name before a destructive change. */
export function ConfirmForm({ name, typed, onType }: Props): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  return (
    <div className={layout.narrow}>
      <TextField path="confirm" label={t("change:confirm.label", { name })} required placeholder={name} value={typed} onChange={onType} />
    </div>
  );
}
