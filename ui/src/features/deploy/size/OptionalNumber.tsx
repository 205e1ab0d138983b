import type { ReactNode } from "react";
import { TextField } from "../../../shared/fields";

/** More digits than any of these values needs; a longer number would not fit its type. */
const MOST_DIGITS = 9;

interface Props {
  path: string;
  label: string;
  hint?: string;
  /** `null` means the default. */
  value: number | null;
  /** The default, shown while nothing is typed. */
  standard: string;
  onChange: (value: number | null) => void;
}

/** A whole number that may stay empty for the default. */
export function OptionalNumber({ path, label, hint, value, standard, onChange }: Props): ReactNode {
  return (
    <TextField
      path={path}
      label={label}
      hint={hint}
      placeholder={standard}
      value={value === null ? "" : String(value)}
      onChange={(typed) => {
        const digits = typed.replaceAll(/\D/g, "").slice(0, MOST_DIGITS);
        onChange(digits === "" ? null : Number(digits));
      }}
    />
  );
}
