import { Badge, Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { FluentIcon } from "@fluentui/react-icons";
import { type ReactNode, useId } from "react";
import { useLayout } from "./layout";

export interface Choice<V extends string> {
  value: V;
  title: string;
  /** One or two short lines. */
  text?: ReactNode;
  icon?: FluentIcon;
  badge?: string | undefined;
  /** Why the card is disabled; it is shown, not hidden. */
  disabledBecause?: string | undefined;
}

const useStyles = makeStyles({
  group: { display: "grid", gap: tokens.spacingHorizontalM, border: "none", padding: 0, margin: 0, minWidth: 0 },
  card: {
    position: "relative",
    display: "grid",
    gridTemplateColumns: "auto 1fr",
    columnGap: tokens.spacingHorizontalM,
    rowGap: tokens.spacingVerticalXXS,
    alignContent: "start",
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: `inset 0 0 0 1px ${tokens.colorNeutralStroke1}`,
    cursor: "pointer",
    outlineOffset: "2px",
    ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover },
    ":has(input:focus-visible)": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
    "@media (forced-colors: active)": { border: "1px solid ButtonBorder" },
  },
  chosen: {
    backgroundColor: tokens.colorBrandBackground2,
    boxShadow: `inset 0 0 0 2px ${tokens.colorCompoundBrandStroke}`,
    ":hover": { backgroundColor: tokens.colorBrandBackground2Hover },
    "@media (forced-colors: active)": { border: "2px solid Highlight" },
  },
  disabled: { cursor: "not-allowed", color: tokens.colorNeutralForeground3, backgroundColor: tokens.colorNeutralBackground3 },
  input: {
    position: "absolute",
    inset: 0,
    width: "100%",
    height: "100%",
    margin: 0,
    opacity: 0,
    cursor: "inherit",
  },
  icon: { width: "24px", height: "24px", color: tokens.colorBrandForeground1 },
  iconOff: { color: tokens.colorNeutralForegroundDisabled },
  text: {
    gridColumn: "2",
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
  head: { display: "flex", flexWrap: "wrap", justifyContent: "space-between", gap: `0 ${tokens.spacingHorizontalS}`, minWidth: 0 },
  plain: { gridTemplateColumns: "1fr" },
  whole: { gridColumn: "1" },
});

interface Props<V extends string> {
  /** Path of the field in the specification; also its test ID and focus target. */
  field: string;
  /** Accessible name of the group. */
  label: string;
  choices: readonly Choice<V>[];
  value: V | null;
  onChange: (value: V) => void;
  /** Columns of cards; fewer in a narrow window. */
  columns?: number;
}

/** A radio group of cards with explanations. */
export function ChoiceCards<V extends string>({ field, label, choices, value, onChange, columns = 2 }: Props<V>): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const id = useId();
  const width = `max(${Math.floor(88 / columns)}%, ${columns > 2 ? 180 : 210}px)`;
  return (
    <div
      role="radiogroup"
      aria-label={label}
      data-field={field}
      className={styles.group}
      style={{ gridTemplateColumns: `repeat(auto-fit, minmax(min(100%, ${width}), 1fr))` }}
    >
      {choices.map((choice) => {
        const chosen = choice.value === value;
        const off = choice.disabledBecause !== undefined;
        const Icon = choice.icon;
        return (
          <label
            key={choice.value}
            className={mergeClasses(styles.card, Icon === undefined && styles.plain, chosen && styles.chosen, off && styles.disabled)}
            data-testid={`choice-${field}-${choice.value}`}
          >
            <input
              type="radio"
              className={styles.input}
              name={`${id}${field}`}
              value={choice.value}
              checked={chosen}
              disabled={off}
              onChange={() => onChange(choice.value)}
              aria-labelledby={`${id}${choice.value}title`}
              aria-describedby={`${id}${choice.value}text`}
            />
            {Icon !== undefined && <Icon className={mergeClasses(styles.icon, off && styles.iconOff)} aria-hidden />}
            <span className={styles.head}>
              <Text weight="semibold" id={`${id}${choice.value}title`}>
                {choice.title}
              </Text>
              {choice.badge !== undefined && (
                <Badge appearance="tint" color="brand">
                  {choice.badge}
                </Badge>
              )}
            </span>
            <span className={mergeClasses(styles.text, Icon === undefined && styles.whole, off && layout.faint)} id={`${id}${choice.value}text`}>
              {choice.disabledBecause ?? choice.text}
            </span>
          </label>
        );
      })}
    </div>
  );
}
