import { type ReactNode, createContext, useContext, useState } from "react";
import { createPortal } from "react-dom";

interface Slot {
  element: HTMLElement | null;
  place: (element: HTMLElement | null) => void;
}

const SlotContext = createContext<Slot | null>(null);

/** Slot for the action of the current step, in the bar below it. */
export function StepActions({ children }: { children: ReactNode }): ReactNode {
  const [element, place] = useState<HTMLElement | null>(null);
  return <SlotContext.Provider value={{ element, place }}>{children}</SlotContext.Provider>;
}

/** The slot for a step's action. */
export function StepActionSlot({ className }: { className: string }): ReactNode {
  const slot = useContext(SlotContext);
  return <div className={className} ref={slot?.place} />;
}

/** A step's action in place of Next. Rendered in the bar below the step, or in place if there is no bar. */
export function StepAction({ children }: { children: ReactNode }): ReactNode {
  const slot = useContext(SlotContext);
  if (slot === null) {
    return children;
  }
  return slot.element === null ? null : createPortal(children, slot.element);
}
