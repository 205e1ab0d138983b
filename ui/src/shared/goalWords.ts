import { useTranslation } from "react-i18next";
import type { Plan } from "../ipc/generated/Plan";
import type { Goal } from "../ipc/generated/Goal";

/** What kind of run a goal makes: key of its word in `change:kind`. */
export function kindOf(goal: Goal): string {
  return goal.kind === "set_up" ? goal.kind : goal.change.kind;
}

/** What a run is called: a set-up by its cluster, a change by what it does to what. */
export function useRunTitle(): (plan: Pick<Plan, "goal" | "title">) => string {
  const { t } = useTranslation();
  return ({ goal, title }) => {
    if (goal.kind === "set_up") {
      return title;
    }
    const { change } = goal;
    const key = change.kind === "power" ? (change.running ? "powerOn" : "powerOff") : change.kind;
    return t(`change:run.${key}`, { name: title });
  };
}
