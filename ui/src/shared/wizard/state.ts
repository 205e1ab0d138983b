/** The state of a wizard. Only the specification and the step are saved. */
export interface WizardState<S, Id extends string> {
  spec: S;
  step: Id;
  /** Visited steps. */
  visited: readonly Id[];
  /** Steps where Next was pressed too early: all their findings are shown. */
  pressed: readonly Id[];
  /** Paths of fields that have lost focus. */
  touched: readonly string[];
}

export type WizardAction<S, Id extends string> =
  | { kind: "changed"; change: (spec: S) => S }
  | { kind: "went"; step: Id }
  | { kind: "pressed"; step: Id }
  | { kind: "touched"; field: string };

/** A wizard at a step; the steps before it count as visited. An unknown step means the first one. */
export function openAt<S, Id extends string>(spec: S, ids: readonly Id[], step: string): WizardState<S, Id> {
  const at = Math.max(0, ids.findIndex((id) => id === step));
  const here = ids[at];
  if (here === undefined) {
    throw new Error("a wizard without steps");
  }
  return { spec, step: here, visited: ids.slice(0, at + 1), pressed: [], touched: [] };
}

export function wizardReducer<S, Id extends string>(state: WizardState<S, Id>, action: WizardAction<S, Id>): WizardState<S, Id> {
  switch (action.kind) {
    case "changed":
      return { ...state, spec: action.change(state.spec) };
    case "went":
      return { ...state, step: action.step, visited: withEntry(state.visited, action.step) };
    case "pressed":
      return { ...state, pressed: withEntry(state.pressed, action.step) };
    case "touched":
      return { ...state, touched: withEntry(state.touched, action.field) };
  }
}

function withEntry<T>(list: readonly T[], entry: T): readonly T[] {
  return list.includes(entry) ? list : [...list, entry];
}
