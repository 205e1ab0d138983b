import { useTranslation } from "react-i18next";
import type { Plan } from "../ipc/generated/Plan";
import type { Wish } from "../ipc/generated/Wish";

/** What kind of run a wish makes: key of its word in `change:kind`. */
export function kindOf(wish: Wish): string {
  return wish.kind === "set_up" ? wish.kind : wish.change.kind;
}

/** What a run is called: a set-up by its cluster, a change by what it does to what. */
export function useRunTitle(): (plan: Pick<Plan, "wish" | "title">) => string {
  const { t } = useTranslation();
  return ({ wish, title }) => {
    if (wish.kind === "set_up") {
      return title;
    }
    const { change } = wish;
    const key = change.kind === "power" ? (change.running ? "powerOn" : "powerOff") : change.kind;
    return t(`change:run.${key}`, { name: title });
  };
}
