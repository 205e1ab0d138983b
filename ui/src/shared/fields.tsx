import { Combobox, Field, Input, type InputProps, Option, SpinButton, type SpinButtonProps, makeStyles, tokens } from "@fluentui/react-components";
import { type ReactElement, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Severity } from "../ipc/generated/Severity";
import { useFindingWords } from "./FindingList";
import { useFormFindings } from "./formFindings";

const useStyles = makeStyles({
  // Reserves one line for a hint or message to avoid layout shifts.
  room: { minHeight: "76px", minWidth: 0 },
  wide: { width: "100%", minWidth: 0 },
  listbox: { maxHeight: "320px" },
  option: { display: "flex", flexDirection: "column", minWidth: 0 },
  detail: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase200 },
});

const STATES: Record<Severity, "error" | "warning" | "none"> = {
  blocking: "error",
  warning: "warning",
  unknown: "none",
  information: "none",
};

interface FieldProps {
  /** Path in the form's data (`place.clusterName`). */
  path: string;
  label: string;
  hint?: string | undefined;
  required?: boolean;
}

/** A control with label and hint, and its findings once it has lost focus. */
export function FormField({ path, label, hint, required, children }: FieldProps & { children: ReactElement }): ReactNode {
  const { shownAt, touch } = useFormFindings();
  const words = useFindingWords();
  const styles = useStyles();
  const worst = shownAt(path).find((finding) => STATES[finding.severity] !== "none");
  return (
    <div data-field={path} className={styles.room} onBlur={() => touch(path)}>
      <Field
        label={label}
        required={required ?? false}
        hint={worst === undefined ? hint : undefined}
        validationState={worst === undefined ? "none" : STATES[worst.severity]}
        validationMessage={worst === undefined ? undefined : words(worst).message}
      >
        {children}
      </Field>
    </div>
  );
}

/**
 * Findings of a control that is not a {@link FormField}, such as cards. Takes no space when empty. With `whole`,
 * only findings about the control as a whole, because its parts show their own.
 */
export function FieldFindings({ path, whole = false }: { path: string; whole?: boolean }): ReactNode {
  const { shownAt } = useFormFindings();
  const words = useFindingWords();
  const shown = shownAt(path).filter((finding) => !whole || finding.field === path);
  const worst = shown.find((finding) => STATES[finding.severity] !== "none");
  if (worst === undefined) {
    return null;
  }
  return <Field validationState={STATES[worst.severity]} validationMessage={words(worst).message} />;
}

type TextProps = FieldProps & { value: string; onChange: (value: string) => void } & Pick<
    InputProps,
    "placeholder" | "contentBefore" | "contentAfter" | "disabled"
  >;

/** A line of text. */
export function TextField({ path, label, hint, required, value, onChange, ...rest }: TextProps): ReactNode {
  const styles = useStyles();
  return (
    <FormField path={path} label={label} hint={hint} required={required ?? false}>
      <Input
        {...rest}
        className={styles.wide}
        value={value}
        onChange={(_, data) => onChange(data.value)}
        autoComplete="off"
        spellCheck={false}
        data-testid={`field-${path}`}
      />
    </FormField>
  );
}

type NumberInputProps = Omit<SpinButtonProps, "value" | "defaultValue" | "onChange"> & { value: number; onChange: (value: number) => void; min?: number; max?: number };

/** A box for a whole number, without a label of its own. */
export function NumberInput({ value, onChange, min = 0, max = 1000, ...rest }: NumberInputProps): ReactNode {
  return (
    <SpinButton
      {...rest}
      value={value}
      min={min}
      max={max}
      onChange={(_, data) => {
        const typed = data.value ?? Number.parseInt(data.displayValue ?? "", 10);
        if (Number.isFinite(typed)) {
          onChange(Math.min(max, Math.max(min, Math.round(typed))));
        }
      }}
    />
  );
}

type NumberProps = FieldProps & { value: number; onChange: (value: number) => void; min?: number; max?: number; step?: number };

/** A whole number. */
export function NumberField({ path, label, hint, value, onChange, min = 0, max = 1000, step = 1 }: NumberProps): ReactNode {
  return (
    <FormField path={path} label={label} hint={hint}>
      <NumberInput
        value={value}
        min={min}
        max={max}
        step={step}
        onChange={onChange}
        input={{ "data-testid": `field-${path}` } as object}
      />
    </FormField>
  );
}

export interface PickOption {
  value: string;
  text: string;
  /** A second, quieter line. */
  detail?: string | undefined;
  disabled?: boolean;
}

type PickProps = FieldProps & {
  picks: readonly PickOption[];
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  /** Shown when there are no matches or no options. */
  empty: string;
  disabled?: boolean;
  /** Label to offer the typed text as a new option. */
  create?: (typed: string) => string;
};

/** A combobox filtered by typing. */
export function PickField(props: PickProps): ReactNode {
  const { path, label, hint, required, picks, value, onChange, placeholder, empty, disabled, create } = props;
  const { t } = useTranslation();
  const styles = useStyles();
  const [typed, setTyped] = useState<string | null>(null);
  const chosen = picks.find((pick) => pick.value === value);
  const wanted = typed?.trim().toLocaleLowerCase() ?? "";
  const creatable = create !== undefined && wanted !== "" && !picks.some((pick) => pick.value.toLocaleLowerCase() === wanted);
  const fitting = picks.filter((pick) => `${pick.text} ${pick.value} ${pick.detail ?? ""}`.toLocaleLowerCase().includes(wanted));
  return (
    <FormField path={path} label={label} hint={hint} required={required ?? false}>
      <Combobox
        className={styles.wide}
        data-testid={`field-${path}`}
        disabled={disabled ?? false}
        placeholder={placeholder ?? t("common:choose")}
        value={typed ?? chosen?.text ?? value}
        selectedOptions={value === "" ? [] : [value]}
        onChange={(event) => setTyped(event.target.value)}
        onOpenChange={(_, data) => {
          if (!data.open) {
            setTyped(null);
          }
        }}
        onOptionSelect={(_, data) => {
          // Text that matches no option clears the selection but keeps the text.
          if (data.optionValue !== undefined) {
            setTyped(null);
            onChange(data.optionValue);
          }
        }}
        listbox={{ className: styles.listbox }}
      >
        {fitting.map((pick) => (
          <Option
            key={pick.value}
            value={pick.value}
            text={pick.text}
            disabled={pick.disabled ?? false}
            data-testid={`option-${path}-${pick.value}`}
          >
            <span className={styles.option}>
              <span>{pick.text}</span>
              {pick.detail !== undefined && <span className={styles.detail}>{pick.detail}</span>}
            </span>
          </Option>
        ))}
        {creatable && typed !== null && (
          <Option value={typed.trim()} text={typed.trim()} data-testid={`option-${path}-new`}>
            {create(typed.trim())}
          </Option>
        )}
        {fitting.length === 0 && !creatable && (
          <Option value="" text="" disabled>
            {empty}
          </Option>
        )}
      </Combobox>
    </FormField>
  );
}
