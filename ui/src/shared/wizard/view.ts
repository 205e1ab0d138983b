import { createContext, useContext } from "react";
import type { Finding } from "../../ipc/generated/Finding";
import type { WizardCore } from "./useWizardCore";

/** What the frame of a wizard needs: its steps by name, whatever they are. */
export interface WizardView extends Pick<WizardCore<string>, "step" | "steps" | "goTo" | "next" | "back" | "findings" | "open" | "unplaced" | "review" | "saving"> {
  nameOf: (step: string) => string;
  /** The step where a finding can be fixed. */
  stepOf: (finding: Finding) => string;
}

export const WizardViewContext = createContext<WizardView | null>(null);

/** The view of a wizard. */
export function viewOf<Id extends string>(core: WizardCore<Id>, nameOf: (step: Id) => string): WizardView {
  const known = (step: string): Id | undefined => core.steps.find(({ id }) => id === step)?.id;
  return {
    ...core,
    nameOf: (step) => {
      const id = known(step);
      return id === undefined ? step : nameOf(id);
    },
    goTo: (step, field) => {
      const id = known(step);
      if (id !== undefined) {
        core.goTo(id, field);
      }
    },
  };
}

/** The wizard around a part of its frame. */
export function useWizardView(): WizardView {
  const value = useContext(WizardViewContext);
  if (value === null) {
    throw new Error("no wizard around this component");
  }
  return value;
}
